"""Principals of users and service accounts with all their roles; a credential's scopes narrow them elsewhere."""

from chalicelib.kernel.access.principal import Principal, PrincipalKind, is_admin
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
    return Principal(
        name=f"{account.project}/{account.name}",
        kind=PrincipalKind.SERVICE_ACCOUNT,
        roles=frozenset({role_in(account.project, account.role)}),
        groups=frozenset({account.team} if _speaks_for_team(ports, account) else ()),
    )


def _speaks_for_team(ports: Ports, account: ServiceAccount) -> bool:
    """Return True if it is in its team, and so is each person behind it, or is an admin: they know its secret."""
    since = account.created_at if account.created_by else None
    if not is_member(ports, account.team, since):
        return False
    owners = (owner.partition(":") for owner in account.behind or (account.created_by,))
    users = [ports.access.find_user(name) for kind, _, name in owners if kind == PrincipalKind.USER]
    persons = [person(ports, user) for user in users if user is not None]
    return len(persons) == len(users) and all(account.team in one.groups or is_admin(one) for one in persons)
