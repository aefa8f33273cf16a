"""Who stands behind a caller: who made a service account knows its secret, and who began a job's run speaks by it.

Where nobody is to decide about what is their own, they count as one with what acts for them.
"""

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import role_in
from chalicelib.kernel.access.token import owner_key
from chalicelib.kernel.definitions.run_request import begun_as
from chalicelib.use_cases.access.authenticate import person
from chalicelib.use_cases.ports.bundle import Ports

MOST_MAKERS = 5


def principals_behind(ports: Ports, by: Principal) -> tuple[Principal, ...]:
    """The caller, who made it if it is a service account, who made that one, and so on."""
    found = [by]
    while len(found) <= MOST_MAKERS and (maker := _maker(ports, found[-1])) is not None:
        found.append(maker)
    return tuple(found)


def begun_by(ports: Ports, by: Principal) -> tuple[str, ...]:
    """Everybody who begins what this caller begins."""
    if by.kind is PrincipalKind.JOB:
        return _of_job(ports, by)
    return tuple(dict.fromkeys(owner_key(one.kind, one.name) for one in principals_behind(ports, by)))


def _of_job(ports: Ports, by: Principal) -> tuple[str, ...]:
    run = ports.runs.find_run(by.name.partition(".")[0])
    own = owner_key(by.kind, by.name)
    return (own,) if run is None else (own, *begun_as(ports.runs.plan(run.plan)))


def _maker(ports: Ports, by: Principal) -> Principal | None:
    if by.kind is not PrincipalKind.SERVICE_ACCOUNT:
        return None
    project, _, name = by.name.partition("/")
    account = ports.access.service_account(project, name)
    kind, _, maker = (account.created_by if account is not None else "").partition(":")
    match kind:
        case PrincipalKind.USER:
            user = ports.access.user(maker)
            return person(ports, user) if user is not None else Principal(name=maker)
        case PrincipalKind.SERVICE_ACCOUNT:
            return _account(ports, maker)
        case _:
            return None


def _account(ports: Ports, owner: str) -> Principal:
    project, _, name = owner.partition("/")
    found = ports.access.service_account(project, name)
    roles = frozenset({role_in(project, found.role)}) if found is not None else frozenset()
    return Principal(name=owner, kind=PrincipalKind.SERVICE_ACCOUNT, roles=roles)
