"""Change some of what a user is and may; the rest stays as it is by then."""

from chalicelib.use_cases.access.users import UserSettings, update_user
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.ports.access import User
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen


@frozen
class AmendUser:
    """Change some settings of a user. None, and what is not named, stays.

    roles, groups: that the user gets. no_roles, no_groups: that are taken from them, before.
    """

    origin: Origin
    name: str
    mail: str | None = None
    password: str | None = None
    disabled: bool | None = None
    roles: tuple[str, ...] = ()
    no_roles: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    no_groups: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"AmendUser(name={self.name!r})"


def amend_user(ports: Ports, command: AmendUser) -> User:
    """Change a user and return them. Faults: those of `replace_user`."""
    return update_user(ports, command.origin, command.name, lambda user: _amended(command, user))


def _amended(command: AmendUser, user: User) -> UserSettings:
    return UserSettings(
        mail=user.mail if command.mail is None else command.mail,
        password=command.password,
        roles=_changed(user.roles, command.no_roles, command.roles),
        groups=_changed(user.groups, command.no_groups, command.groups),
        disabled=user.disabled if command.disabled is None else command.disabled,
    )


def _changed(had: tuple[str, ...], less: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    """Return what stays and what is new, each once."""
    return tuple(dict.fromkeys((*(one for one in had if one not in less), *more)))
