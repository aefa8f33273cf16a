"""The current rights of an actor: the account as which a definition runs (run-as identity), who is not the caller."""

from dataclasses import replace

from chalicelib.kernel.access.actor import Actor
from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import narrowed
from chalicelib.kernel.access.token import holds
from chalicelib.kernel.faults import Conflict
from chalicelib.use_cases.access.owners import machine, person
from chalicelib.use_cases.ports.bundle import Ports


def principal_of_actor(ports: Ports, actor: Actor) -> Principal:
    """Return the actor's principal with the roles it still has.

    Faults: Conflict, with its name, if it is disabled or missing.
    """
    owner = _owner(ports, actor)
    return replace(owner, roles=narrowed(owner.roles, frozenset(actor.scopes)), scopes=frozenset(actor.scopes))


def _owner(ports: Ports, actor: Actor) -> Principal:
    match actor.kind:
        case PrincipalKind.USER:
            return _user(ports, actor)
        case PrincipalKind.SERVICE_ACCOUNT:
            return _service_account(ports, actor)
        case PrincipalKind.ADMIN | PrincipalKind.KEY:
            return _token_holder(ports, actor)
        case PrincipalKind.RUNNER | PrincipalKind.JOB:
            raise Conflict(f"{actor.kind} {actor.name}, for whom nothing is done")


def _user(ports: Ports, actor: Actor) -> Principal:
    user = ports.access.find_user(actor.name)
    if user is None or user.created_at > actor.at:
        raise Conflict(f"user {actor.name}, who is not there any more")
    if user.disabled:
        raise Conflict(f"user {actor.name}, who is disabled")
    return person(ports, user)


def _service_account(ports: Ports, actor: Actor) -> Principal:
    project, _, name = actor.name.partition("/")
    account = ports.access.find_service_account(project, name)
    if account is None or account.created_at > actor.at:
        raise Conflict(f"service account {actor.name}, which is not there any more")
    return machine(ports, account)


def _token_holder(ports: Ports, actor: Actor) -> Principal:
    """Return the principal of an actor that is no account, as long as its token is valid."""
    token = ports.access.find_token(actor.token)
    if token is None or not holds(token, ports.clock.now()):
        raise Conflict(f"{actor.name}, whose token holds no more")
    return Principal(name=actor.name, kind=actor.kind, roles=frozenset(token.roles))
