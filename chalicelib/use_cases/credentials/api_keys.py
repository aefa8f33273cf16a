"""API keys: tokens that may call some APIs alone, as a user or as nobody. Issued by tokens.py."""

from datetime import timedelta

from chalicelib.kernel.access.grant import Grant
from chalicelib.kernel.access.principal import PrincipalKind
from chalicelib.kernel.access.role import ALL, EVERY_PROJECT, Level, is_within, role_in
from chalicelib.kernel.faults import Forbidden, Invalid
from chalicelib.use_cases.access.authorise import require_admin
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.credentials.mint_token import Draft
from chalicelib.use_cases.credentials.token_checks import (
    LONGEST_TEXT,
    USUAL_LIFETIME,
    check,
    grant_defects,
    length_defects,
    lifetime_defects,
    scope_defects,
)
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen

SYSTEM = "SYSTEM"
"""The name of keys of nobody: who makes what they make, in BuildMaster's words."""

OWNER_EVERYWHERE = role_in(EVERY_PROJECT, Level.OWNER)


@frozen
class IssueKey:
    """Issue an API key. grants: the APIs that it may call. user: as whom it acts; empty: as an owner of every project.

    scopes: the upper limit of what it may do, as of every token.
    """

    origin: Origin
    grants: tuple[Grant, ...]
    user: str = ""
    label: str = ""
    scopes: tuple[str, ...] = (ALL,)
    lifetime: timedelta = USUAL_LIFETIME


def draft_for_key(ports: Ports, command: IssueKey) -> Draft:
    """Draft an API key: for oneself, or as an admin for another user or nobody. Faults: Invalid, Forbidden."""
    by = command.origin.by
    texts = (*length_defects("label", command.label), *scope_defects(command.scopes))
    check((*grant_defects(command.grants), *texts, *lifetime_defects(command.lifetime)))
    if not is_within(command.scopes, by.scopes):
        raise Forbidden("a key gives out no scopes that the token which asks for it has not")
    if (by.kind, by.name) != (PrincipalKind.USER, command.user):
        require_admin(by)
    if command.user and ports.access.find_user(command.user) is None:
        raise Invalid.single("user", f"no user {command.user[:LONGEST_TEXT]}")
    return Draft(
        kind=PrincipalKind.USER if command.user else PrincipalKind.KEY,
        owner=command.user or SYSTEM,
        roles=() if command.user else (OWNER_EVERYWHERE,),
        scopes=command.scopes,
        label=command.label,
        at=command.origin.at,
        by=by.name,
        until=command.origin.at + command.lifetime,
        grants=command.grants,
    )
