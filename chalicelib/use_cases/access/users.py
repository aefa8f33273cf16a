"""People: made, changed, listed, removed by admins. A password is kept as a hash alone and never shown."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from chalicelib.kernel.access.password import LONGEST, SHORTEST, hash_password
from chalicelib.kernel.access.principal import Principal, PrincipalKind, is_admin
from chalicelib.kernel.access.role import is_role
from chalicelib.kernel.faults import Defect, Invalid, NotFound
from chalicelib.kernel.frozen import frozen
from chalicelib.use_cases.access.authorise import require_admin
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.ports.access import User
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.retry import retry_on_conflict

NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9._@+-]{0,99}")
MAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")
MOST_ROLES = 200


@frozen
class UserSettings:
    """What is said of a user. password: nothing leaves it as it is. An empty mail is none."""

    mail: str = ""
    password: str | None = None
    roles: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    disabled: bool = False

    def __repr__(self) -> str:
        return f"Standing(mail={self.mail!r}, roles={self.roles!r})"


@frozen
class CreateUser:
    """Make a user known."""

    origin: Origin
    name: str
    standing: UserSettings


@frozen
class ReplaceUser:
    """Say anew what a user may and is."""

    origin: Origin
    name: str
    standing: UserSettings


@frozen
class UserNamed:
    """A user, to be looked at or removed."""

    origin: Origin
    name: str


def create_user(ports: Ports, ask: CreateUser) -> User:
    """The new user. Faults: Invalid with every defect, Conflict when name or mail is taken."""
    require_admin(ask.origin.by)
    _check((*_odd_name(ask.name), *_odd_standing(ask.standing)))
    blank = User(name=ask.name, created_at=ask.origin.at)
    user = _changed(ports, blank, ask.standing)
    return ports.access.create_user(user, entry_of(ask.origin, _deed("created-user", user)))


def replace_user(ports: Ports, ask: ReplaceUser) -> User:
    """The changed user. Faults: Invalid with every defect, NotFound, Conflict when the mail is taken, Stale."""
    require_admin(ask.origin.by)
    _check(tuple(_odd_standing(ask.standing)))

    def change() -> User:
        before = _known(ports, ask.name)
        user = _changed(ports, before, ask.standing)
        return ports.access.save_user(user, before, entry_of(ask.origin, _deed("changed-user", user)))

    return retry_on_conflict(ports, change, since=ask.origin.at)


def remove_user(ports: Ports, ask: UserNamed) -> None:
    """The user is gone, and their tokens hold no more. Faults: NotFound, Stale."""
    require_admin(ask.origin.by)

    def remove() -> None:
        user = _known(ports, ask.name)
        ports.access.remove_user(user, entry_of(ask.origin, _deed("removed-user", user)))

    retry_on_conflict(ports, remove, since=ask.origin.at)


def get_user(ports: Ports, ask: UserNamed) -> User:
    """The user, to admins and to themselves. Faults: NotFound, for others too."""
    by: Principal = ask.origin.by
    if not (is_admin(by) or (by.kind is PrincipalKind.USER and by.name == ask.name)):
        raise NotFound(_missing(ask.name))
    return _known(ports, ask.name)


def list_users(ports: Ports, page: Page) -> Sequence[User]:
    """All users by name."""
    return ports.access.users(page)


def _known(ports: Ports, name: str) -> User:
    user = ports.access.user(name)
    if user is None:
        raise NotFound(_missing(name))
    return user


def _missing(name: str) -> str:
    return f"no user {name[:100]}"


def _changed(ports: Ports, user: User, standing: UserSettings) -> User:
    password = user.password
    if standing.password is not None:
        password = hash_password(standing.password, ports.ids.secret())
    return replace(
        user,
        mail=standing.mail.lower(),
        password=password,
        roles=tuple(dict.fromkeys(standing.roles)),
        groups=tuple(dict.fromkeys(standing.groups)),
        disabled=standing.disabled,
    )


def _deed(act: str, user: User) -> AuditAction:
    details = {"roles": " ".join(user.roles), "groups": " ".join(user.groups), "disabled": str(user.disabled).lower()}
    return AuditAction(act=act, subject=user.name, details=details)


def _check(defects: tuple[Defect, ...]) -> None:
    if defects:
        raise Invalid(defects)


def _odd_name(name: str) -> Iterator[Defect]:
    if not NAME.fullmatch(name):
        yield Defect("name", "should be 1 to 100 letters, digits and . _ @ + -, the first a letter or digit")


def _odd_standing(standing: UserSettings) -> Iterator[Defect]:
    if standing.mail and not MAIL.fullmatch(standing.mail):
        yield Defect("email", "is no mail address")
    if standing.password is not None and not SHORTEST <= len(standing.password) <= LONGEST:
        yield Defect("password", f"should have from {SHORTEST} to {LONGEST} characters")
    yield from unknown_roles(standing.roles)
    for place, group in enumerate(standing.groups):
        if not NAME.fullmatch(group):
            yield Defect(f"groups[{place}]", f"{group[:100]!r} is no name of a group")


def unknown_roles(roles: Sequence[str]) -> Iterator[Defect]:
    """What keeps these from being roles that can be given."""
    if len(roles) > MOST_ROLES:
        yield Defect("roles", f"should be at most {MOST_ROLES}")
    for place, role in enumerate(roles[:MOST_ROLES]):
        if not is_role(role):
            yield Defect(f"roles[{place}]", f"{role[:100]!r} is no role")
