"""Conditions that can end: membership in a group, and the validity of tokens issued by another account."""

from datetime import datetime

from chalicelib.kernel.access.principal import PrincipalKind
from chalicelib.kernel.access.token import Token
from chalicelib.use_cases.ports.access import ServiceAccount
from chalicelib.use_cases.ports.bundle import Ports


def is_member(ports: Ports, name: str, since: datetime | None) -> bool:
    """Return True if a user who joined the group then is still in it: it exists and was not created again since.

    since: None in records without the time, which count in groups without it, and in teams that are only names.
    """
    group = ports.access.find_group(name) if name else None
    if group is None:
        return bool(name) and since is None
    return group.members_from is None or (since is not None and since >= group.members_from)


def minter_holds(ports: Ports, token: Token) -> bool:
    """Return True if the token's issuer still exists, unchanged and not disabled, as it may know the token's text.

    If an account issued it, the same holds of all who stood behind the account's creation.
    """
    kind, _, name = token.minted_by.partition(":")
    account = _account(ports, name) if kind == PrincipalKind.SERVICE_ACCOUNT else None
    behind = ((one, account.created_at) for one in account.behind) if account is not None else ()
    return all(_is_there(ports, owner, since) for owner, since in ((token.minted_by, token.created_at), *behind))


def _is_there(ports: Ports, owner: str, since: datetime) -> bool:
    """Return True if it is who it was then, and not disabled."""
    kind, _, name = owner.partition(":")
    if kind == PrincipalKind.USER:
        user = ports.access.find_user(name)
        return user is not None and not user.disabled and user.created_at <= since
    if kind != PrincipalKind.SERVICE_ACCOUNT:
        return True
    account = _account(ports, name)
    return account is not None and account.created_at <= since


def _account(ports: Ports, owner: str) -> ServiceAccount | None:
    project, _, name = owner.partition("/")
    return ports.access.find_service_account(project, name)
