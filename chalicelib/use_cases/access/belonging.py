"""What holds only as long as something else does: membership in a group, and tokens that somebody minted for others."""

from datetime import datetime

from chalicelib.kernel.access.principal import PrincipalKind
from chalicelib.kernel.access.token import Token
from chalicelib.use_cases.ports.bundle import Ports

MOST_MINTERS = 5
"""Service accounts that made one another, one after the other, which are followed to the person."""


def is_member(ports: Ports, name: str, since: datetime | None) -> bool:
    """Whether who joined a group then is in it now: it is there, and no other of that name has been made since.

    since: nothing in records from before this was kept, which count in groups of that time, and in teams that were
    names alone.
    """
    group = ports.access.find_group(name) if name else None
    if group is None:
        return bool(name) and since is None
    return group.members_from is None or (since is not None and since >= group.members_from)


def minter_holds(ports: Ports, token: Token, followed: int = 0) -> bool:
    """Whether who minted the token is there as they were, and not disabled: its text may still be known to them."""
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
