"""Conditions that can end: membership in a group, and the validity of tokens issued by another account."""

from datetime import datetime

from chalicelib.kernel.access.principal import PrincipalKind
from chalicelib.kernel.access.token import Token
from chalicelib.use_cases.ports.bundle import Ports

MOST_MINTERS = 5
"""How many service accounts that created one another are followed up to the user."""


def is_member(ports: Ports, name: str, since: datetime | None) -> bool:
    """Return True if a user who joined the group then is still in it: it exists and was not created again since.

    since: None in records without the time, which count in groups without it, and in teams that are only names.
    """
    group = ports.access.find_group(name) if name else None
    if group is None:
        return bool(name) and since is None
    return group.members_from is None or (since is not None and since >= group.members_from)


def minter_holds(ports: Ports, token: Token, followed: int = 0) -> bool:
    """Return True if the token's issuer still exists, unchanged and not disabled, as it may know the token's text."""
    kind, _, name = token.minted_by.partition(":")
    if kind == PrincipalKind.USER:
        user = ports.access.find_user(name)
        return user is not None and not user.disabled and user.created_at <= token.created_at
    if kind != PrincipalKind.SERVICE_ACCOUNT or followed >= MOST_MINTERS:
        return True
    project, _, own_name = name.partition("/")
    account = ports.access.find_service_account(project, own_name)
    if account is None or account.created_at > token.created_at:
        return False
    secret = ports.access.find_token(account.token)
    return secret is None or secret.id == token.id or minter_holds(ports, secret, followed + 1)
