"""Who stands behind a caller: the creators of a service account, who know its secret, and whoever started a job's run.

A rule against deciding one's own requests, or deciding twice, treats them as one with the accounts and jobs that act
for them.
"""

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import role_in
from chalicelib.kernel.access.token import owner_key
from chalicelib.kernel.definitions.run_request import begun_as
from chalicelib.use_cases.access.owners import person
from chalicelib.use_cases.ports.bundle import Ports


def principals_behind(ports: Ports, by: Principal) -> tuple[Principal, ...]:
    """Return the caller and, for a service account or an API key, all who stood behind its creation."""
    return (by, *(_principal(ports, key) for key in _keys_behind(ports, by)[1:]))


def begun_by(ports: Ports, by: Principal) -> tuple[str, ...]:
    """Return the owner keys of all who count as doing what this caller does."""
    return _of_job(ports, by) if by.kind is PrincipalKind.JOB else _keys_behind(ports, by)


def _of_job(ports: Ports, by: Principal) -> tuple[str, ...]:
    run = ports.runs.find_run(by.name.partition(".")[0])
    own = owner_key(by.kind, by.name)
    return (own,) if run is None else (own, *begun_as(ports.runs.plan(run.plan)))


def _keys_behind(ports: Ports, by: Principal) -> tuple[str, ...]:
    own = owner_key(by.kind, by.name)
    found, waiting = {own: None}, [*_creators(ports, own), *_minter(ports, by)]
    while waiting:
        key = waiting.pop()
        if key not in found:
            found[key] = None
            waiting.extend(_creators(ports, key))
    return tuple(found)


def _creators(ports: Ports, owner: str) -> tuple[str, ...]:
    """Return who created a service account, as its record names them; an account of before names the creator alone."""
    kind, _, name = owner.partition(":")
    project, _, own_name = name.partition("/")
    account = ports.access.find_service_account(project, own_name) if kind == PrincipalKind.SERVICE_ACCOUNT else None
    if account is None:
        return ()
    return account.behind or ((account.created_by,) if account.created_by else ())


def _minter(ports: Ports, by: Principal) -> tuple[str, ...]:
    """Return who minted the caller's API key where somebody else did, and so can come as the caller."""
    key = ports.access.find_token(by.token) if by.grants is not None else None
    return (key.minted_by,) if key is not None and key.minted_by not in ("", owner_key(by.kind, by.name)) else ()


def _principal(ports: Ports, owner: str) -> Principal:
    kind, _, name = owner.partition(":")
    if kind == PrincipalKind.SERVICE_ACCOUNT:
        return _account(ports, name)
    user = ports.access.find_user(name) if kind == PrincipalKind.USER else None
    return person(ports, user) if user is not None else Principal(name=name, kind=PrincipalKind(kind))


def _account(ports: Ports, owner: str) -> Principal:
    project, _, name = owner.partition("/")
    found = ports.access.find_service_account(project, name)
    roles = frozenset({role_in(project, found.role)}) if found is not None else frozenset()
    return Principal(name=owner, kind=PrincipalKind.SERVICE_ACCOUNT, roles=roles)
