"""Tokens of users, runners and jobs, and API keys: issue, list, revoke. They are verified in authenticate.py.

A token grants no more than the one that was used to request it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from chalicelib.kernel.access.principal import Principal, PrincipalKind, is_admin
from chalicelib.kernel.access.role import ADMIN, ALL, RUNNER, is_within, scope_of_pool
from chalicelib.kernel.access.token import Token, owner_key
from chalicelib.kernel.engine.job import lease_label
from chalicelib.kernel.faults import Forbidden, Invalid, NotFound
from chalicelib.use_cases.access.authorise import require_admin
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.credentials.api_keys import IssueKey, draft_for_key
from chalicelib.use_cases.credentials.mint_token import Draft, Issued, bounded, draw_token, latest_end
from chalicelib.use_cases.credentials.person_tokens import IssuePersonToken, draft_for_person
from chalicelib.use_cases.credentials.token_checks import (
    LONGEST_TEXT,
    USUAL_LIFETIME,
    check,
    length_defects,
    lifetime_defects,
    scope_defects,
)
from chalicelib.use_cases.ports.access import place_of
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.frozen import frozen

BEARERS = frozenset({PrincipalKind.USER, PrincipalKind.SERVICE_ACCOUNT, PrincipalKind.ADMIN})
"""Those that may have more than one token."""


@frozen
class IssueToken:
    """Issue one more token to the caller. scopes: the upper limit of what it may do."""

    origin: Origin
    label: str = ""
    scopes: tuple[str, ...] = (ALL,)
    lifetime: timedelta = USUAL_LIFETIME


@frozen
class IssueRunnerToken:
    """Issue a token to a runner. pools: those it may lease from, at least one."""

    origin: Origin
    runner: str
    pools: tuple[str, ...] = ()
    label: str = ""
    lifetime: timedelta = USUAL_LIFETIME


@frozen
class IssueJobToken:
    """Issue a job a token for API calls while its lease is held. roles: what the job may do."""

    job: str
    lease: int
    roles: tuple[str, ...]
    now: datetime
    until: datetime


@frozen
class ListTokens:
    """Query: tokens of an owner, by default the caller's. owner: as `owner_key` writes it.

    minted: those that the owner issued to runners and service accounts instead.
    """

    by: Principal
    owner: str = ""
    minted: bool = False
    page: Page


@frozen
class RevokeToken:
    """Revoke a token."""

    origin: Origin
    id: str


Issuing = IssueToken | IssueRunnerToken | IssuePersonToken | IssueKey


def issue_token(ports: Ports, command: Issuing) -> Issued:
    """Issue a token to the caller, to a runner or for a person, or an API key.

    Faults: Invalid, Forbidden; Conflict if this request was answered before, as a token's text is shown once.
    """
    draft = _bound(ports, command.origin, _draft_for(ports, command))
    issued, owner = draw_token(ports, draft), owner_key(draft.kind, draft.owner)
    details = {"owner": owner, "scopes": " ".join(draft.scopes), "label": draft.label}
    details |= {"grants": " ".join(draft.grants)} if draft.grants else {}
    action = AuditAction(act="issued-token", subject=issued.token.id, key=owner, details=details)
    ports.access.create_token(issued.token, entry_of(command.origin, action))
    return issued


def _bound(ports: Ports, origin: Origin, draft: Draft) -> Draft:
    """Return the draft with its issuer, expiring no later than the token that the caller presented."""
    latest, until = latest_end(ports, origin.by, origin.at), draft.until
    bound = until if until is None else bounded(until, latest)
    return replace(draft, until=bound, minted_by=owner_key(origin.by.kind, origin.by.name))


def issue_job_token(ports: Ports, command: IssueJobToken) -> Issued:
    """Issue a job's token; it expires at the job's deadline, or earlier with the job's lease."""
    draft = Draft(
        kind=PrincipalKind.JOB,
        owner=command.job,
        roles=command.roles,
        scopes=(ALL,),
        label=lease_label(command.lease),
        at=command.now,
        by=command.job,
        until=command.until,
    )
    issued = draw_token(ports, draft)
    ports.access.create_token(issued.token, None)
    return issued


def list_tokens(ports: Ports, query: ListTokens) -> Sequence[Token]:
    """List the tokens of an owner, newest first; of the caller's own, those that grant no more than the one presented.

    Faults: Forbidden for another's without admin rights.
    """
    own = owner_key(query.by.kind, query.by.name)
    if query.owner not in ("", own):
        require_admin(query.by)
    if query.minted and not is_within((ALL,), query.by.scopes):
        return ()
    if query.minted:
        return ports.access.tokens_minted_by(query.owner or own, query.page)
    if is_admin(query.by):
        return ports.access.tokens_of(query.owner or own, query.page)
    return _reachable(ports, query.by, own, query.page)


def _reachable(ports: Ports, by: Principal, owner: str, page: Page) -> Sequence[Token]:
    """Return a page of the owner's tokens that the caller may know of; it is full as long as there are more."""
    found: list[Token] = []
    while len(found) < page.size:
        looked = ports.access.tokens_of(owner, page)
        found.extend(token for token in looked if _is_in_reach(by, token))
        if len(looked) < page.size:
            break
        page = replace(page, after=place_of(looked[-1]))
    return found[: page.size]


def _is_in_reach(by: Principal, token: Token) -> bool:
    """Return True if the token is the caller's own and grants no more than the one presented."""
    is_own = (token.kind, token.owner) == (by.kind, by.name)
    return is_own and (token.id == by.token or is_within(token.scopes, by.scopes))


def revoke_token(ports: Ports, command: RevokeToken) -> None:
    """Revoke a token: here at once, in other processes within 5 s.

    Faults: NotFound, also for another's token and for one that grants more than the one presented.
    """
    token, by = ports.access.find_token(command.id), command.origin.by
    if token is None or not (is_admin(by) or _is_in_reach(by, token)):
        raise NotFound(f"no token {command.id[:LONGEST_TEXT]}")
    details = {"owner": owner_key(token.kind, token.owner)}
    action = AuditAction(act="revoked-token", subject=token.id, details=details)
    ports.access.remove_token(token.id, entry_of(command.origin, action))


def _draft_for(ports: Ports, command: Issuing) -> Draft:
    match command:
        case IssueToken():
            return _draft_for_caller(command)
        case IssueRunnerToken():
            return _draft_for_runner(command)
        case IssuePersonToken():
            return draft_for_person(ports, command)
        case IssueKey():
            return draft_for_key(ports, command)
        case _:
            assert_never(command)


def _draft_for_caller(command: IssueToken) -> Draft:
    by = command.origin.by
    check(
        (
            *length_defects("label", command.label),
            *scope_defects(command.scopes),
            *lifetime_defects(command.lifetime),
        )
    )
    if by.kind not in BEARERS:
        raise Forbidden(f"a {by.kind} has no token but its own")
    if not is_within(command.scopes, by.scopes):
        raise Forbidden("a token gives out no scopes that it has not")
    roles = (ADMIN,) if by.kind is PrincipalKind.ADMIN else ()
    return Draft(
        kind=by.kind,
        owner=by.name,
        roles=roles,
        scopes=command.scopes,
        label=command.label,
        at=command.origin.at,
        by=by.name,
        until=command.origin.at + command.lifetime,
    )


def _draft_for_runner(command: IssueRunnerToken) -> Draft:
    require_admin(command.origin.by)
    if not command.pools:
        raise Invalid.single("pools", "name those that the runner leases from")
    pools = (
        defect
        for place, pool in enumerate(command.pools)
        for defect in length_defects(f"pools[{place}]", pool, least=1)
    )
    check((*length_defects("runner", command.runner, least=1), *pools, *length_defects("label", command.label)))
    check(tuple(lifetime_defects(command.lifetime)))
    return Draft(
        kind=PrincipalKind.RUNNER,
        owner=command.runner,
        roles=(RUNNER,),
        scopes=tuple(map(scope_of_pool, command.pools)),
        label=command.label,
        at=command.origin.at,
        by=command.origin.by.name,
        until=command.origin.at + command.lifetime,
    )
