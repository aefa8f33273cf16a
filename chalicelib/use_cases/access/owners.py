"""Principals of users and service accounts with all their roles; a credential's scopes narrow them elsewhere."""

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import ALL, role_in
from chalicelib.use_cases.access.belonging import is_member
from chalicelib.use_cases.ports.access import ServiceAccount, User
from chalicelib.use_cases.ports.bundle import Ports


def person(ports: Ports, user: User) -> Principal:
    """Return the principal of a user, with the roles of their groups."""
    names = [name for name in user.groups if is_member(ports, name, user.joined.get(name))]
    groups = (ports.access.find_group(name) for name in names)
    shared = frozenset(role for group in groups if group is not None for role in group.roles)
    return Principal(
        name=user.name,
        roles=frozenset(user.roles) | shared,
        groups=frozenset(names),
        scopes=frozenset({ALL}),
    )


def machine(ports: Ports, account: ServiceAccount) -> Principal:
    """Return the principal of a service account."""
    since = account.created_at if account.created_by else None
    return Principal(
        name=f"{account.project}/{account.name}",
        kind=PrincipalKind.SERVICE_ACCOUNT,
        roles=frozenset({role_in(account.project, account.role)}),
        groups=frozenset({account.team} if is_member(ports, account.team, since) else ()),
    )
