"""Log in and out: exchange a name and secret for a session token."""

from datetime import datetime, timedelta

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import ADMIN
from chalicelib.kernel.access.session_jwt import session_jwt
from chalicelib.kernel.access.token import is_well_formed, owner_key
from chalicelib.kernel.faults import Unauthenticated
from chalicelib.use_cases.access.authenticate import REFUSAL, by_password, by_token, counted_name
from chalicelib.use_cases.access.lockout import Attempt, verify_with_lockout
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.credentials.mint_token import Draft, Issued, bounded, draw_token, latest_end
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen

LABEL = "login"
OF_A_PERSON = timedelta(hours=12)
OF_A_MACHINE = timedelta(days=30)
"""Escape's CLI has no way to renew a session, and build machines have nobody to log in again."""

PEOPLE = frozenset({PrincipalKind.USER, PrincipalKind.ADMIN})
MACHINES = frozenset({PrincipalKind.SERVICE_ACCOUNT})


@frozen
class LogIn:
    """Exchange a name and a secret for a session. secret: a password, or a token of that name. seed: as in Origin."""

    name: str
    secret: str
    now: datetime
    seed: str

    def __repr__(self) -> str:
        return f"LogIn(name={self.name!r})"


@frozen
class Session:
    """The result of a login. is_encrypted: clients use HTTPS, so cookies must be Secure.

    statement: a session JWT, which contains the token.
    """

    issued: Issued
    statement: str
    is_encrypted: bool


@frozen
class LoginMethod:
    """A way to log in, as Escape's CLI offers it."""

    name: str
    type: str
    url: str


def login_methods(ports: Ports) -> tuple[LoginMethod, ...]:
    """Return the ways to log in. url: absolute."""
    url = f"{ports.settings.public_url}/api/v1/auth/service-account/login"
    return (LoginMethod(name="service-account", type="secret-token", url=url),)


def log_in(ports: Ports, command: LogIn) -> Session:
    """Create a session for a name and secret, with the scopes of the token that was presented.

    Faults: Unauthenticated, the same for every cause; Limited after too many failures for that name; Conflict if this
    request was answered before.
    """
    principal = _verified(ports, command)
    issued = draw_token(ports, _draft(ports, principal, command.now))
    origin = Origin(by=principal, at=command.now, seed=command.seed)
    ports.access.create_token(issued.token, entry_of(origin, AuditAction(act="logged-in", subject=principal.name)))
    return Session(
        issued=issued,
        statement=_session_jwt(principal, issued),
        is_encrypted=ports.settings.public_url.startswith("https:"),
    )


def _session_jwt(principal: Principal, issued: Issued) -> str:
    token = issued.token
    return session_jwt(
        issued.text,
        subject=principal.name,
        groups=principal.groups,
        issued_at=token.created_at,
        until=token.expires_at or token.created_at,
    )


def _verified(ports: Ports, command: LogIn) -> Principal:
    if not is_well_formed(command.secret):
        return by_password(ports, command.name, command.secret, command.now, seed=command.seed)
    attempt = Attempt(name=counted_name(ports, command.name), at=command.now, seed=command.seed)
    return verify_with_lockout(ports, attempt, lambda: _by_token_of_name(ports, command))


def _by_token_of_name(ports: Ports, command: LogIn) -> Principal:
    principal = by_token(ports, command.secret, command.now)
    if principal.grants is not None or principal.kind not in PEOPLE | MACHINES:
        raise Unauthenticated(REFUSAL)
    if command.name not in _names(principal):
        raise Unauthenticated(REFUSAL)
    return principal


def log_out(ports: Ports, origin: Origin) -> None:
    """Revoke the caller's session token; a token that no login created stays."""
    token = ports.access.find_token(origin.by.token) if origin.by.token else None
    if token is None or not token.is_session:
        return
    ports.access.remove_token(token.id, entry_of(origin, AuditAction(act="logged-out", subject=origin.by.name)))


def _names(principal: Principal) -> tuple[str, str]:
    """Return the names a principal may use at login: a service account's also without its project."""
    return principal.name, principal.name.rpartition("/")[2]


def _draft(ports: Ports, principal: Principal, now: datetime) -> Draft:
    until = now + (OF_A_MACHINE if principal.kind in MACHINES else OF_A_PERSON)
    return Draft(
        kind=principal.kind,
        owner=principal.name,
        roles=(ADMIN,) if principal.kind is PrincipalKind.ADMIN else (),
        scopes=tuple(sorted(principal.scopes)),
        label=LABEL,
        is_session=True,
        at=now,
        by=principal.name,
        until=bounded(until, latest_end(ports, principal, now)),
        minted_by=owner_key(principal.kind, principal.name),
        by_password=not principal.token,
    )
