"""Verify credentials and return their principal. All failures give the same answer and take about the same time."""

from datetime import datetime
from typing import TypeVar

from chalicelib.kernel.access.password import NOBODYS, is_same
from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import narrowed
from chalicelib.kernel.access.session_jwt import token_in
from chalicelib.kernel.access.token import Token, holds, id_of, is_that, is_well_formed
from chalicelib.kernel.engine.job import JobPhase, lease_label
from chalicelib.kernel.faults import Unauthenticated
from chalicelib.use_cases.access.lockout import verify_with_lockout
from chalicelib.use_cases.access.owners import machine, person
from chalicelib.use_cases.ports.access import ServiceAccount, User
from chalicelib.use_cases.ports.bundle import Ports

Owner = TypeVar("Owner", User, ServiceAccount)

REFUSAL = "credentials are missing, wrong or expired"


def by_token(ports: Ports, text: str, now: datetime) -> Principal:
    """Return the principal of a token, its roles limited by the token's scopes. Faults: Unauthenticated."""
    token = ports.access.token(id_of(text)) if is_well_formed(text) else None
    if token is None or not is_that(token, text) or not holds(token, now):
        raise Unauthenticated(REFUSAL)
    return _principal_of_token(ports, token, now)


def by_session(ports: Ports, text: str, now: datetime) -> Principal:
    """Return the principal of a session cookie, which holds a session JWT or a bare token. Faults: Unauthenticated."""
    return by_token(ports, token_in(text) or text, now)


def by_password(ports: Ports, user: str, password: str, now: datetime) -> Principal:
    """Return the user with this name (or mail) and password; a token in place of the password is verified as one.

    Faults: Unauthenticated; Limited after too many wrong passwords for that name.
    """
    if is_well_formed(password):
        return by_token(ports, password, now)
    return verify_with_lockout(ports, user, now, lambda: _by_own_password(ports, user, password))


def _by_own_password(ports: Ports, user: str, password: str) -> Principal:
    found = ports.access.user(user) or (ports.access.user_of_mail(user.lower()) if "@" in user else None)
    stored = found.password if found is not None and found.password else NOBODYS
    if not is_same(password, stored) or found is None or found.disabled:
        raise Unauthenticated(REFUSAL)
    return person(ports, found)


def by_mail(ports: Ports, mail: str) -> Principal:
    """Return the user with this mail without proof: for the trusted identity header alone. Faults: Unauthenticated."""
    found = ports.access.user_of_mail(mail.lower()) if ports.settings.trusts_identity_header else None
    if found is None or found.disabled:
        raise Unauthenticated(REFUSAL)
    return person(ports, found)


def _principal_of_token(ports: Ports, token: Token, now: datetime) -> Principal:
    owner = _owner(ports, token, now)
    return Principal(
        name=token.owner,
        kind=token.kind,
        roles=narrowed(owner.roles, frozenset(token.scopes)),
        groups=owner.groups,
        token=token.id,
        scopes=frozenset(token.scopes),
        owner_roles=owner.roles,
    )


def _owner(ports: Ports, token: Token, now: datetime) -> Principal:
    match token.kind:
        case PrincipalKind.USER:
            user = _require_same_owner(token, ports.access.user(token.owner))
            if user.disabled:
                raise Unauthenticated(REFUSAL)
            return person(ports, user)
        case PrincipalKind.SERVICE_ACCOUNT:
            project, _, name = token.owner.partition("/")
            return machine(_require_same_owner(token, ports.access.service_account(project, name)))
        case PrincipalKind.JOB:
            _require_live_lease(ports, token, now)
            return Principal(name=token.owner, roles=frozenset(token.roles))
        case PrincipalKind.RUNNER | PrincipalKind.ADMIN:
            return Principal(name=token.owner, roles=frozenset(token.roles))


def _require_live_lease(ports: Ports, token: Token, now: datetime) -> None:
    """Refuse the token of a job that has ended, was lost, or is leased again under another number."""
    job = ports.jobs.find_job(token.owner)
    if job is None or job.phase is not JobPhase.LEASED or job.lease is None:
        raise Unauthenticated(REFUSAL)
    if job.lease.until <= now or token.label != lease_label(job.lease.number):
        raise Unauthenticated(REFUSAL)


def _require_same_owner(token: Token, owner: Owner | None) -> Owner:
    """Return the owner, unless it was created after the token: then it is another account of the same name."""
    if owner is None or token.created_at < owner.created_at:
        raise Unauthenticated(REFUSAL)
    return owner
