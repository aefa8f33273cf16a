"""Service accounts: who makes one, and for which team it speaks."""

from dataclasses import replace

import pytest

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import ADMIN, ALL, Level, role_in
from chalicelib.kernel.faults import Forbidden
from chalicelib.use_cases.access.authenticate import by_token
from chalicelib.use_cases.access.groups import UpdateGroup, update_group
from chalicelib.use_cases.access.users import CreateUser, ReplaceUser, UserSettings, create_user, replace_user
from chalicelib.use_cases.credentials.service_accounts import CreateServiceAccount, create_service_account
from tests.use_cases.access.access_ports import NOON, access_ports, an_origin

OLGA = Principal(name="olga", roles=frozenset({role_in("web", Level.OWNER)}), scopes=frozenset({ALL}))
IN_CAB = Principal(name="eve", roles=OLGA.roles, scopes=OLGA.scopes, groups=frozenset({"cab"}))


def an_account_by(by: Principal, team: str) -> CreateServiceAccount:
    return CreateServiceAccount(origin=an_origin(by), project="web", name="robot", role=Level.WRITE, team=team)


def test_an_owner_who_is_not_in_a_team_puts_no_account_into_it() -> None:
    ports = access_ports()

    with pytest.raises(Forbidden, match="olga is not in the team cab"):
        create_service_account(ports, an_account_by(OLGA, "cab"))

    assert ports.access.service_accounts("web") == []


@pytest.mark.parametrize(("roles", "groups", "speaks"), [((), (), False), ((), ("cab",), True), ((ADMIN,), (), True)])
def test_an_account_speaks_for_its_team_as_long_as_who_put_it_there_might(
    roles: tuple[str, ...], groups: tuple[str, ...], speaks: bool
) -> None:
    ports = access_ports()
    update_group(ports, UpdateGroup(origin=an_origin(), name="cab", roles=()))
    eve = UserSettings(roles=tuple(IN_CAB.roles), groups=("cab",))
    create_user(ports, CreateUser(origin=an_origin(), name="eve", standing=eve))
    _, secret = create_service_account(ports, an_account_by(IN_CAB, "cab"))
    by_robot = by_token(ports, secret.text, NOON)
    _, of_second = create_service_account(ports, replace(an_account_by(by_robot, "cab"), name="second"))

    changed = UserSettings(roles=(*IN_CAB.roles, *roles), groups=groups)
    replace_user(ports, ReplaceUser(origin=an_origin(), name="eve", standing=changed))

    expected = frozenset({"cab"}) if speaks else frozenset()
    assert [by_token(ports, one.text, NOON).groups for one in (secret, of_second)] == [expected] * 2


def test_a_member_of_a_team_makes_an_account_that_speaks_for_it() -> None:
    ports = access_ports()

    update_group(ports, UpdateGroup(origin=an_origin(), name="cab", roles=()))
    eve = UserSettings(roles=tuple(IN_CAB.roles), groups=("cab",))
    create_user(ports, CreateUser(origin=an_origin(), name="eve", standing=eve))
    _, secret = create_service_account(ports, an_account_by(IN_CAB, "cab"))

    assert by_token(ports, secret.text, NOON).groups == {"cab"}
