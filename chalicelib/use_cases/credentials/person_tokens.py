"""Tokens that admins issue for persons who cannot log in to issue their own. Issued by tokens.py."""

from datetime import timedelta

from chalicelib.kernel.access.principal import PrincipalKind
from chalicelib.kernel.access.role import ALL, is_within
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid
from chalicelib.use_cases.access.authorise import require_admin
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.credentials.mint_token import Draft
from chalicelib.use_cases.credentials.token_checks import (
    LONGEST_TEXT,
    USUAL_LIFETIME,
    check,
    length_defects,
    lifetime_defects,
    scope_defects,
)
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen


@frozen
class IssuePersonToken:
    """Issue a token for a person who has no password. scopes: the upper limit of what it may do."""

    origin: Origin
    user: str
    label: str = ""
    scopes: tuple[str, ...] = (ALL,)
    lifetime: timedelta = USUAL_LIFETIME


def draft_for_person(ports: Ports, command: IssuePersonToken) -> Draft:
    """Draft a person's token. Faults: Invalid, Forbidden; Conflict for who has a password, or may do nothing."""
    by = command.origin.by
    require_admin(by)
    texts = (*length_defects("label", command.label), *scope_defects(command.scopes))
    check((*texts, *lifetime_defects(command.lifetime)))
    if not is_within(command.scopes, by.scopes):
        raise Forbidden("a token gives out no scopes that it has not")
    user = ports.access.find_user(command.user)
    if user is None:
        raise Invalid.single("user", f"no user {command.user[:LONGEST_TEXT]}")
    if user.disabled:
        raise Conflict(f"user {user.name} is disabled")
    if user.password:
        # Whoever can log in does that: nobody else then has a token of theirs.
        raise Conflict(f"user {user.name} has a password, and issues tokens by logging in with it")
    return Draft(
        kind=PrincipalKind.USER,
        owner=user.name,
        roles=(),
        scopes=command.scopes,
        label=command.label,
        at=command.origin.at,
        by=by.name,
        until=command.origin.at + command.lifetime,
    )
