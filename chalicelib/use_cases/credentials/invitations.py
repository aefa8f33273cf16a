"""Invite people who have no password to choose one, and let them do so, once."""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.kernel.access.invitation import (
    LONGEST,
    SHORTEST,
    USUAL,
    invitation_of,
    invitation_text,
    opens,
    parts_of,
)
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.faults import Conflict, Invalid, NotFound, Unauthenticated
from chalicelib.use_cases.access.authenticate import REFUSAL
from chalicelib.use_cases.access.authorise import require_admin
from chalicelib.use_cases.access.lockout import Attempt, verify_with_lockout
from chalicelib.use_cases.access.owners import person
from chalicelib.use_cases.access.users import password_defects, with_password
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.audit.repeated import was_done
from chalicelib.use_cases.ports.access import User
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import retry_on_conflict
from slipway_formats.frozen import frozen


@frozen
class InviteUser:
    """Invite a user to choose a password. An invitation that they had before holds no more."""

    origin: Origin
    name: str
    lifetime: timedelta = USUAL


@frozen
class Invited:
    """An invitation, whose text is shown once."""

    user: str
    text: str
    expires_at: datetime

    def __repr__(self) -> str:
        return f"Invited(user={self.user!r})"


@frozen
class AcceptInvitation:
    """Choose a password by an invitation. seed: as in Origin."""

    text: str
    password: str
    now: datetime
    seed: str

    def __repr__(self) -> str:
        return "AcceptInvitation()"


def invite_user(ports: Ports, command: InviteUser) -> Invited:
    """Invite a user. Faults: Invalid, Forbidden, NotFound, Stale.

    Conflict for who has a password or is disabled, and if this request was answered before.
    """
    require_admin(command.origin.by)
    if not SHORTEST <= command.lifetime <= LONGEST:
        raise Invalid.single("expires_in", f"should be from {SHORTEST} to {LONGEST}")
    text, until = invitation_text(command.name, ports.ids.secret()), command.origin.at + command.lifetime
    details = {"expires_at": until.isoformat()}
    entry = entry_of(command.origin, AuditAction(act="invited-user", subject=command.name, details=details))

    def invite() -> User:
        user = _invitable(ports, command.name)
        return ports.access.save_user(replace(user, invitation=invitation_of(text, until)), user, entry)

    invited = retry_on_conflict(ports, invite, since=command.origin.at)
    if not opens(invited.invitation, text.rpartition(".")[2], command.origin.at):
        raise Conflict(f"user {command.name} is invited by this request, and an invitation is shown once")
    return Invited(user=invited.name, text=text, expires_at=until)


def _invitable(ports: Ports, name: str) -> User:
    user = ports.access.find_user(name)
    if user is None:
        raise NotFound(f"no user {name[:100]}")
    if user.disabled:
        raise Conflict(f"user {user.name} is disabled")
    if user.password:
        # Whoever invites sees the invitation: they shall not come as somebody who has chosen a password.
        raise Conflict(f"user {user.name} has a password")
    return user


def accept_invitation(ports: Ports, command: AcceptInvitation) -> User:
    """Give the invited user the password that they chose, and return them. The invitation holds no more.

    Faults: Invalid; Unauthenticated, the same for every cause; Limited after too many failures for that name; Stale.
    """
    if defects := tuple(password_defects(command.password)):
        raise Invalid(defects)
    name, secret = parts_of(command.text) or ("", "")
    origin = Origin(by=Principal(name=name), at=command.now, seed=command.seed)
    entry = entry_of(origin, AuditAction(act="accepted-invitation", subject=name))
    known = ports.access.find_user(name)
    if known is not None and was_done(ports, entry):
        return known

    def accept() -> User:
        user = _invited(ports, name, secret, command.now)
        return ports.access.save_user(with_password(ports, user, command.password, command.now), user, entry)

    attempt = Attempt(name=name, at=command.now, seed=command.seed)
    verify_with_lockout(ports, attempt, lambda: person(ports, _invited(ports, name, secret, command.now)))
    return retry_on_conflict(ports, accept, since=command.now)


def _invited(ports: Ports, name: str, secret: str, now: datetime) -> User:
    user = ports.access.find_user(name)
    if user is None or user.disabled or not opens(user.invitation, secret, now):
        raise Unauthenticated(REFUSAL)
    return user
