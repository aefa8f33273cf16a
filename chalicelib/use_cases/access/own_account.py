"""Users' own accounts: change the password, and end all sessions."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.access.password import LONGEST, SHORTEST
from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import ALL
from chalicelib.kernel.access.token import Token, owner_key
from chalicelib.kernel.faults import Forbidden, Invalid, NotFound, Unauthenticated
from chalicelib.use_cases.access.authenticate import verify_password
from chalicelib.use_cases.access.lockout import Attempt, verify_with_lockout
from chalicelib.use_cases.access.users import with_password
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.audit.repeated import was_done
from chalicelib.use_cases.ports.access import User
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.retry import retry_on_conflict
from slipway_formats.frozen import frozen


@frozen
class UpdatePassword:
    """Change one's password. current: the present one."""

    origin: Origin
    current: str
    new: str

    def __repr__(self) -> str:
        return f"UpdatePassword(by={self.origin.by.name!r})"


def update_password(ports: Ports, command: UpdatePassword) -> Sequence[Token]:
    """Change the password, which ends all own tokens and sessions; return the caller's issued tokens that stay valid.

    These are tokens of runners and service accounts. Faults: Invalid, Forbidden if the caller is no user or the current
    password is wrong, Limited, Stale.
    """
    by = command.origin.by
    _check_person(by)
    if not SHORTEST <= len(command.new) <= LONGEST:
        raise Invalid.single("new_password", f"should have from {SHORTEST} to {LONGEST} characters")
    if not was_done(ports, _entry(command.origin, "changed-password")):
        _verify_current(ports, command)
        retry_on_conflict(ports, lambda: _change(ports, command), since=command.origin.at)
    return ports.access.tokens_minted_by(owner_key(by.kind, by.name), Page(size=200))


def _change(ports: Ports, command: UpdatePassword) -> None:
    user = _own(ports, command.origin.by)
    changed = with_password(ports, user, command.new, command.origin.at)
    ports.access.save_user(changed, user, _entry(command.origin, "changed-password"))


def end_sessions(ports: Ports, origin: Origin) -> None:
    """End all sessions of the calling user; their tokens stay valid. Faults: Forbidden, Stale."""
    _check_person(origin.by)

    def change() -> None:
        user = _own(ports, origin.by)
        ended = replace(user, sessions_from=origin.at)
        ports.access.save_user(ended, user, _entry(origin, "ended-sessions"))

    retry_on_conflict(ports, change, since=origin.at)


def _verify_current(ports: Ports, command: UpdatePassword) -> None:
    """Refuse a wrong current password: with Forbidden, as the token presented is valid."""
    user, origin = _own(ports, command.origin.by), command.origin
    try:
        attempt = Attempt(name=user.name, at=origin.at, seed=origin.seed)
        verify_with_lockout(ports, attempt, lambda: verify_password(ports, user, command.current))
    except Unauthenticated as wrong:
        raise Forbidden("the current password is another") from wrong


def _check_person(by: Principal) -> None:
    if by.kind is not PrincipalKind.USER:
        raise Forbidden(f"a {by.kind} has neither password nor sessions to end")
    if ALL not in by.scopes:
        raise Forbidden("a token of narrower scopes changes nothing about its owner's account")


def _own(ports: Ports, by: Principal) -> User:
    user = ports.access.find_user(by.name)
    if user is None:
        raise NotFound(f"no user {by.name}")
    return user


def _entry(origin: Origin, act: str) -> AuditEntry:
    return entry_of(origin, AuditAction(act=act, subject=origin.by.name))
