"""Users: created, updated, listed and removed by admins. Of a password only a hash is stored."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.access.password import LONGEST, SHORTEST, hash_password
from chalicelib.kernel.access.principal import Principal, PrincipalKind, is_admin
from chalicelib.kernel.access.role import grant_of, is_role
from chalicelib.kernel.faults import Conflict, Invalid, NotFound
from chalicelib.use_cases.access.authorise import require_admin
from chalicelib.use_cases.access.belonging import is_member
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.ports.access import User
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.retry import retry_on_conflict
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen

NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9._@+-]{0,99}")
MAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")
MOST_ROLES = 200


@frozen
class UserSettings:
    """The settings of a user. password: None leaves it unchanged. mail: empty for none."""

    mail: str = ""
    password: str | None = None
    roles: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    disabled: bool = False

    def __repr__(self) -> str:
        return f"Standing(mail={self.mail!r}, roles={self.roles!r})"


@frozen
class CreateUser:
    """Create a user."""

    origin: Origin
    name: str
    standing: UserSettings


@frozen
class ReplaceUser:
    """Replace the settings of a user."""

    origin: Origin
    name: str
    standing: UserSettings


@frozen
class UserNamed:
    """A user, to be read or removed."""

    origin: Origin
    name: str


def create_user(ports: Ports, command: CreateUser) -> User:
    """Create a user. Faults: Invalid with every defect, Conflict if name or mail is taken."""
    require_admin(command.origin.by)
    said, blank = command.standing, User(name=command.name, created_at=command.origin.at)
    _check((*_name_defects(command.name), *_settings_defects(said), *missing_projects(ports, said.roles)))
    _check(tuple(_unknown_groups(ports, blank, said)))
    user = replace(_with_settings(ports, blank, command.standing, command.origin.at), tokens_from=None)
    _refuse_names_of_others(ports, user)
    return ports.access.create_user(user, entry_of(command.origin, _action("created-user", user)))


def replace_user(ports: Ports, command: ReplaceUser) -> User:
    """Replace a user's settings and return the user.

    Faults: Invalid with every defect, NotFound, Conflict if the mail is taken, Stale.
    """
    return update_user(ports, command.origin, command.name, lambda _: command.standing)


def update_user(ports: Ports, origin: Origin, name: str, settings_of: Callable[[User], UserSettings]) -> User:
    """Give a user the settings that follow from what they are, and return the user.

    settings_of: is shown the user in the groups that they are in. Faults: those of `replace_user`.
    """
    require_admin(origin.by)

    def change() -> User:
        before = _existing(ports, name)
        settings = settings_of(_with_present_groups(ports, before))
        _check(tuple(_settings_defects(settings)))
        unknown = _unknown_groups(ports, before, settings)
        _check((*unknown, *missing_projects(ports, settings.roles, before.roles)))
        user = _with_settings(ports, before, settings, origin.at)
        _refuse_names_of_others(ports, user)
        return ports.access.save_user(user, before, entry_of(origin, _action("changed-user", user)))

    return retry_on_conflict(ports, change, since=origin.at)


def remove_user(ports: Ports, command: UserNamed) -> None:
    """Remove a user; their tokens stop working. Faults: NotFound, Stale."""
    require_admin(command.origin.by)

    def remove() -> None:
        user = _existing(ports, command.name)
        ports.access.remove_user(user, entry_of(command.origin, _action("removed-user", user)))

    retry_on_conflict(ports, remove, since=command.origin.at)


def get_user(ports: Ports, query: UserNamed) -> User:
    """Return the user, to admins and to themselves. Faults: NotFound, also for other callers."""
    by: Principal = query.origin.by
    if not (is_admin(by) or (by.kind is PrincipalKind.USER and by.name == query.name)):
        raise NotFound(_missing(query.name))
    return _with_present_groups(ports, _existing(ports, query.name))


def list_users(ports: Ports, page: Page) -> Sequence[User]:
    """List users by name."""
    return [_with_present_groups(ports, user) for user in ports.access.users(page)]


def _with_present_groups(ports: Ports, user: User) -> User:
    """Return the user in the groups that they are in.

    What is read is written back: the name of a removed group would put them into another of that name.
    """
    return replace(user, groups=tuple(name for name in user.groups if _is_in(ports, user, name)))


def _existing(ports: Ports, name: str) -> User:
    user = ports.access.find_user(name)
    if user is None:
        raise NotFound(_missing(name))
    return user


def _missing(name: str) -> str:
    return f"no user {name[:100]}"


def with_password(ports: Ports, user: User, password: str, now: datetime) -> User:
    """Return the user with a new password, which ends their sessions, own tokens and invitation."""
    hashed = hash_password(password, ports.ids.secret(), ports.settings.hash_cost)
    return replace(user, password=hashed, tokens_from=now, invitation=None)


def _with_settings(ports: Ports, before: User, settings: UserSettings, now: datetime) -> User:
    user = before if settings.password is None else with_password(ports, before, settings.password, now)
    kept = {name: user.joined.get(name) for name in settings.groups if _is_in(ports, user, name)}
    joined = {name: kept.get(name, now) for name in settings.groups}
    return replace(
        user,
        # What may be in a stranger's hands does not come back when they are let in again.
        tokens_from=now if settings.disabled and not before.disabled else user.tokens_from,
        mail=settings.mail.lower(),
        joined={name: since for name, since in joined.items() if since is not None},
        roles=tuple(dict.fromkeys(settings.roles)),
        groups=tuple(dict.fromkeys(settings.groups)),
        disabled=settings.disabled,
        invitation=None if settings.disabled else user.invitation,
    )


def _is_in(ports: Ports, user: User, group: str) -> bool:
    return group in user.groups and is_member(ports, group, user.joined.get(group))


def _unknown_groups(ports: Ports, before: User, settings: UserSettings) -> Iterator[Defect]:
    """Yield a defect for each group that does not exist. Teams that were only names, in old records, stay."""
    for place, name in enumerate(settings.groups):
        if not _is_in(ports, before, name) and ports.access.find_group(name) is None:
            yield Defect(f"groups[{place}]", f"no group {name[:100]}: create it first")


def _refuse_names_of_others(ports: Ports, user: User) -> None:
    """Refuse a name that is another user's mail, and the reverse: a login could mean either."""
    by_name = ports.access.find_user(user.mail) if user.mail else None
    by_mail = ports.access.find_user_by_mail(user.name.lower()) if "@" in user.name else None
    for other in (by_name, by_mail):
        if other is not None and other.name != user.name:
            raise Conflict(f"name or mail of {user.name} belongs to another user")


def _action(act: str, user: User) -> AuditAction:
    details = {"roles": " ".join(user.roles), "groups": " ".join(user.groups), "disabled": str(user.disabled).lower()}
    return AuditAction(act=act, subject=user.name, details=details)


def _check(defects: tuple[Defect, ...]) -> None:
    if defects:
        raise Invalid(defects)


def _name_defects(name: str) -> Iterator[Defect]:
    if not NAME.fullmatch(name):
        yield Defect("name", "should be 1 to 100 letters, digits and . _ @ + -, the first a letter or digit")


def _settings_defects(settings: UserSettings) -> Iterator[Defect]:
    if settings.mail and not MAIL.fullmatch(settings.mail):
        yield Defect("email", "is no mail address")
    if settings.password is not None:
        yield from password_defects(settings.password)
    yield from unknown_roles(settings.roles)
    for place, group in enumerate(settings.groups):
        if not NAME.fullmatch(group):
            yield Defect(f"groups[{place}]", f"{group[:100]!r} is no name of a group")


def missing_projects(ports: Ports, roles: Sequence[str], before: Sequence[str] = ()) -> Iterator[Defect]:
    """Yield a defect for each role in a project that does not exist. before: roles that are held already and may stay.

    Whoever makes a project of that name one day would let in people whom nobody thought of.
    """
    for place, role in enumerate(roles[:MOST_ROLES]):
        grant = grant_of(role) if is_role(role) else None
        if grant is not None and role not in before and ports.projects.find_project(grant[0]) is None:
            yield Defect(f"roles[{place}]", f"no project {grant[0][:100]}: create it first")


def password_defects(password: str) -> Iterator[Defect]:
    """Yield the defect of a password that is chosen."""
    if not SHORTEST <= len(password) <= LONGEST:
        yield Defect("password", f"should have from {SHORTEST} to {LONGEST} characters")


def unknown_roles(roles: Sequence[str]) -> Iterator[Defect]:
    """Yield a defect for each text that is not a role, and one for too many."""
    if len(roles) > MOST_ROLES:
        yield Defect("roles", f"should be at most {MOST_ROLES}")
    for place, role in enumerate(roles[:MOST_ROLES]):
        if not is_role(role):
            yield Defect(f"roles[{place}]", f"{role[:100]!r} is no role")
