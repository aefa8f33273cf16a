"""Who stands behind a caller: the creator of a service account, who knows its secret, and whoever started a job's run.

A rule against deciding one's own requests treats them as one with the accounts and jobs that act for them.
"""

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import role_in
from chalicelib.kernel.access.token import owner_key
from chalicelib.kernel.definitions.run_request import begun_as
from chalicelib.use_cases.access.owners import person
from chalicelib.use_cases.ports.bundle import Ports

MOST_CREATORS = 5


def principals_behind(ports: Ports, by: Principal) -> tuple[Principal, ...]:
    """Return the caller and, for a service account, its creator, that one's creator, and so on."""
    found = [by]
    while len(found) <= MOST_CREATORS and (creator := _creator(ports, found[-1])) is not None:
        found.append(creator)
    return tuple(found)


def begun_by(ports: Ports, by: Principal) -> tuple[str, ...]:
    """Return the owner keys of all who count as starting what this caller starts."""
    if by.kind is PrincipalKind.JOB:
        return _of_job(ports, by)
    return tuple(dict.fromkeys(owner_key(one.kind, one.name) for one in principals_behind(ports, by)))


def _of_job(ports: Ports, by: Principal) -> tuple[str, ...]:
    run = ports.runs.find_run(by.name.partition(".")[0])
    own = owner_key(by.kind, by.name)
    return (own,) if run is None else (own, *begun_as(ports.runs.plan(run.plan)))


def _creator(ports: Ports, by: Principal) -> Principal | None:
    if by.kind is not PrincipalKind.SERVICE_ACCOUNT:
        return None
    project, _, name = by.name.partition("/")
    account = ports.access.find_service_account(project, name)
    kind, _, creator = (account.created_by if account is not None else "").partition(":")
    match kind:
        case PrincipalKind.USER:
            user = ports.access.find_user(creator)
            return person(ports, user) if user is not None else Principal(name=creator)
        case PrincipalKind.SERVICE_ACCOUNT:
            return _account(ports, creator)
        case _:
            return None


def _account(ports: Ports, owner: str) -> Principal:
    project, _, name = owner.partition("/")
    found = ports.access.find_service_account(project, name)
    roles = frozenset({role_in(project, found.role)}) if found is not None else frozenset()
    return Principal(name=owner, kind=PrincipalKind.SERVICE_ACCOUNT, roles=roles)
