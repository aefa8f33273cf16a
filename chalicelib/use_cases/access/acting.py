"""What somebody may now for whom a definition acts, although they are not there to ask."""

from dataclasses import replace

from chalicelib.kernel.access.actor import Actor
from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import narrowed
from chalicelib.kernel.access.token import holds
from chalicelib.kernel.faults import Conflict
from chalicelib.use_cases.access.owners import machine, person
from chalicelib.use_cases.ports.bundle import Ports


def principal_of_actor(ports: Ports, actor: Actor) -> Principal:
    """The actor with what is left to them today. Faults: Conflict, by name, when they are disabled or not there."""
    owner = _owner(ports, actor)
    return replace(owner, roles=narrowed(owner.roles, frozenset(actor.scopes)), scopes=frozenset(actor.scopes))


def _owner(ports: Ports, actor: Actor) -> Principal:
    match actor.kind:
        case PrincipalKind.USER:
            return _user(ports, actor)
        case PrincipalKind.SERVICE_ACCOUNT:
            return _service_account(ports, actor)
        case PrincipalKind.ADMIN:
            return _bearer(ports, actor)
        case PrincipalKind.RUNNER | PrincipalKind.JOB:
            raise Conflict(f"{actor.kind} {actor.name}, for whom nothing is done")


def _user(ports: Ports, actor: Actor) -> Principal:
    user = ports.access.user(actor.name)
    if user is None or user.created_at > actor.at:
        raise Conflict(f"user {actor.name}, who is not there any more")
    if user.disabled:
        raise Conflict(f"user {actor.name}, who is disabled")
    return person(ports, user)


def _service_account(ports: Ports, actor: Actor) -> Principal:
    project, _, name = actor.name.partition("/")
    account = ports.access.service_account(project, name)
    if account is None or account.created_at > actor.at:
        raise Conflict(f"service account {actor.name}, which is not there any more")
    return machine(account)


def _bearer(ports: Ports, actor: Actor) -> Principal:
    """Whoever had a token that belongs to no user: as long as that holds."""
    token = ports.access.token(actor.token)
    if token is None or not holds(token, ports.clock.now()):
        raise Conflict(f"{actor.name}, whose token holds no more")
    return Principal(name=actor.name, kind=actor.kind, roles=frozenset(token.roles))
