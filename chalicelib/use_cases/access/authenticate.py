"""Verify credentials and return their principal. All failures give the same answer and take about the same time."""

import hmac
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from chalicelib.kernel.access.password import is_same, nobodys
from chalicelib.kernel.access.principal import Principal, PrincipalKind, Proof, is_admin
from chalicelib.kernel.access.role import narrowed
from chalicelib.kernel.access.session_jwt import is_jwt, token_in
from chalicelib.kernel.access.token import Token, holds, id_of, is_that, is_well_formed
from chalicelib.kernel.access.verified_passwords import VerifiedPassword, VerifiedPasswords
from chalicelib.kernel.engine.job import JobPhase, lease_label
from chalicelib.kernel.faults import Unauthenticated
from chalicelib.use_cases.access.belonging import minter_holds
from chalicelib.use_cases.access.lockout import Attempt, verify_with_lockout
from chalicelib.use_cases.access.owners import machine, person
from chalicelib.use_cases.ports.access import ServiceAccount, User
from chalicelib.use_cases.ports.bundle import Ports

Owner = TypeVar("Owner", User, ServiceAccount)

REFUSAL = "credentials are missing, wrong or expired"
VERIFIED = VerifiedPasswords()


def by_token(ports: Ports, text: str, now: datetime) -> Principal:
    """Return the principal of a token, its roles limited by the token's scopes. Faults: Unauthenticated."""
    token = ports.access.find_token(id_of(text)) if is_well_formed(text) else None
    if token is None or not is_that(token, text) or not holds(token, now):
        raise Unauthenticated(REFUSAL)
    principal = _principal_of_token(ports, token, now)
    if token.kind is not PrincipalKind.JOB:
        # A job's ends with its lease: its use says nothing that the job's record does not.
        ports.access.note_use(token, now)
    return principal


def by_session(ports: Ports, text: str, now: datetime) -> Principal:
    """Return the principal of a session JWT, ours or of the outside issuer, or of a bare token.

    Faults: Unauthenticated; Unavailable if the issuer's keys cannot be fetched.
    """
    own = token_in(text)
    return by_token(ports, own or text, now) if own or not is_jwt(text) else _by_issuer(ports, text, now)


def _by_issuer(ports: Ports, jwt: str, now: datetime) -> Principal:
    """Return the user whose mail the outside issuer states. Their roles are those that they have here."""
    claims = ports.issuer.find_claims(jwt, now)
    found = ports.access.find_user_by_mail(claims.subject.lower()) if claims is not None else None
    if claims is None or found is None or found.disabled:
        raise Unauthenticated(REFUSAL)
    # As of a session: it ends with a new password, and when all sessions are ended; it is of no later account.
    ends = (found.created_at, found.tokens_from, found.sessions_from)
    if any(mark is not None and claims.issued_at < _whole_second(mark) for mark in ends):
        raise Unauthenticated(REFUSAL)
    return replace(person(ports, found), proof=Proof.ISSUER)


def _whole_second(mark: datetime) -> datetime:
    """Return the first whole second that is not before the mark: a JWT says its times in seconds."""
    return mark.replace(microsecond=0) + timedelta(seconds=bool(mark.microsecond))


def by_password(ports: Ports, user: str, password: str, now: datetime, *, seed: str = "") -> Principal:
    """Return the user with this name (or mail) and password; a token in place of the password is verified as one.

    Faults: Unauthenticated; Limited after too many wrong passwords for that name.
    """
    if is_well_formed(password):
        return by_token(ports, password, now)
    found = _named(ports, user)
    attempt = Attempt(name=found.name if found is not None else user, at=now, seed=seed)
    return verify_with_lockout(ports, attempt, lambda: verify_password(ports, found, password))


def counted_name(ports: Ports, name: str) -> str:
    """Return the name under which wrong secrets are counted: the same for a user's name and mail."""
    found = _named(ports, name)
    return found.name if found is not None else name


def _named(ports: Ports, name: str) -> User | None:
    return ports.access.find_user(name) or (ports.access.find_user_by_mail(name.lower()) if "@" in name else None)


def verify_password(ports: Ports, found: User | None, password: str) -> Principal:
    """Return the user's principal if the password is right; it takes as long for no user and a disabled one.

    One that verified is remembered for a minute, until the user changes. Faults: Unauthenticated.
    """
    own = found.password if found is not None and not found.disabled else ""
    stored = own or nobodys(ports.settings.hash_cost)
    name, version = (found.name, found.version) if found is not None else ("", 0)
    shown = VerifiedPassword(user=name, version=version, password=password, kept=stored)
    key, now = ports.ids.process_key, ports.clock.now()
    is_remembered = VERIFIED.has(shown, key, now)
    if not (is_remembered or is_same(password, stored)) or found is None or found.disabled:
        raise Unauthenticated(REFUSAL)
    if not is_remembered:
        VERIFIED.remember(shown, key, now)
    return person(ports, found)


def by_mail(ports: Ports, mail: str, secret: str = "") -> Principal:
    """Return the user with this mail, who proves nothing: for the identity header alone, where it is believed.

    secret: sent beside it. An admin is never believed to be one by it. Faults: Unauthenticated.
    """
    known = ports.settings.identity_secret
    is_inside = bool(known) and hmac.compare_digest(known.encode(), secret.encode())
    is_believed = is_inside or ports.settings.trusts_identity_header
    found = ports.access.find_user_by_mail(mail.lower()) if is_believed else None
    if found is None or found.disabled:
        raise Unauthenticated(REFUSAL)
    known_person = person(ports, found)
    if is_admin(known_person):
        raise Unauthenticated(REFUSAL)
    return replace(known_person, proof=Proof.IDENTITY_HEADER)


def _principal_of_token(ports: Ports, token: Token, now: datetime) -> Principal:
    owner = _owner(ports, token, now)
    if not minter_holds(ports, token):
        raise Unauthenticated(REFUSAL)
    return Principal(
        name=token.owner,
        kind=token.kind,
        roles=narrowed(owner.roles, frozenset(token.scopes)),
        groups=owner.groups,
        token=token.id,
        scopes=frozenset(token.scopes),
        owner_roles=owner.roles,
        grants=frozenset(token.grants) or None,
    )


def _owner(ports: Ports, token: Token, now: datetime) -> Principal:
    match token.kind:
        case PrincipalKind.USER:
            user = _require_same_owner(token, ports.access.find_user(token.owner))
            if user.disabled or _is_ended(token, user):
                raise Unauthenticated(REFUSAL)
            return person(ports, user)
        case PrincipalKind.SERVICE_ACCOUNT:
            project, _, name = token.owner.partition("/")
            return machine(ports, _require_same_owner(token, ports.access.find_service_account(project, name)))
        case PrincipalKind.JOB:
            _require_live_lease(ports, token, now)
            return Principal(name=token.owner, roles=frozenset(token.roles))
        case PrincipalKind.RUNNER | PrincipalKind.ADMIN | PrincipalKind.KEY:
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


def _is_ended(token: Token, user: User) -> bool:
    """Return True if a password change, or the end of all sessions, has invalidated the token."""
    marks = (user.tokens_from, user.sessions_from if token.is_session else None)
    return any(mark is not None and token.created_at <= mark for mark in marks)
