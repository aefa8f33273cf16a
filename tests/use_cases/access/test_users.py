"""Admins make people, groups and machines known; every defect is told at once and every change is audited."""

from dataclasses import replace

import pytest

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import Level, role_in
from chalicelib.kernel.faults import Conflict, Fault, Forbidden, Invalid, NotFound
from chalicelib.use_cases.access.authorise import require, require_admin
from chalicelib.use_cases.access.groups import (
    ListGroups,
    RemoveGroup,
    UpdateGroup,
    list_groups,
    remove_group,
    update_group,
)
from chalicelib.use_cases.access.users import (
    CreateUser,
    ReplaceUser,
    UserNamed,
    UserSettings,
    create_user,
    get_user,
    list_users,
    remove_user,
    replace_user,
)
from chalicelib.use_cases.audit.entries import AuditAction, entry_of
from chalicelib.use_cases.credentials.service_accounts import (
    CreateServiceAccount,
    ServiceAccountNamed,
    create_service_account,
    list_service_accounts,
    remove_service_account,
)
from chalicelib.use_cases.ports.access import AuditSearch
from chalicelib.use_cases.ports.runs import Page
from tests.use_cases.access.access_ports import ROOT, access_ports, an_origin

ANN = Principal(name="ann", roles=frozenset({role_in("web", Level.WRITE)}))


def test_a_user_is_made_changed_shown_and_removed() -> None:
    ports = access_ports()
    create_user(ports, CreateUser(origin=an_origin(), name="ann", standing=UserSettings(password="long enough 1")))
    before = get_user(ports, UserNamed(origin=an_origin(), name="ann"))

    changed = replace_user(
        ports, ReplaceUser(origin=an_origin(), name="ann", standing=UserSettings(mail="A@example.org"))
    )

    assert (changed.mail, changed.password, changed.version) == ("a@example.org", before.password, 2)
    assert get_user(ports, UserNamed(origin=an_origin(ANN), name="ann")) == changed
    remove_user(ports, UserNamed(origin=an_origin(), name="ann"))
    assert list_users(ports, Page()) == []
    with pytest.raises(NotFound, match="no user ann"):
        remove_user(ports, UserNamed(origin=an_origin(), name="ann"))


def test_all_defects_of_a_user_are_told_at_once() -> None:
    bad = UserSettings(mail="nowhere", password="short", roles=("root",), groups=("a b",))

    with pytest.raises(Invalid) as refused:
        create_user(access_ports(), CreateUser(origin=an_origin(), name="-", standing=bad))

    assert [each.path for each in refused.value.defects] == ["name", "email", "password", "roles[0]", "groups[0]"]


def test_names_and_mails_are_given_once() -> None:
    ports = access_ports()
    create_user(ports, CreateUser(origin=an_origin(), name="ann", standing=UserSettings(mail="ann@example.org")))

    with pytest.raises(Conflict):
        create_user(ports, CreateUser(origin=an_origin(), name="ann", standing=UserSettings()))
    with pytest.raises(Conflict):
        create_user(ports, CreateUser(origin=an_origin(), name="bob", standing=UserSettings(mail="Ann@example.org")))


def test_who_is_no_admin_changes_nobody_and_sees_only_themselves() -> None:
    ports = access_ports()
    origin = an_origin(ANN)
    create_user(ports, CreateUser(origin=an_origin(), name="bob", standing=UserSettings()))

    with pytest.raises(Forbidden):
        create_user(ports, CreateUser(origin=origin, name="eve", standing=UserSettings()))
    with pytest.raises(Forbidden):
        replace_user(ports, ReplaceUser(origin=origin, name="bob", standing=UserSettings()))
    with pytest.raises(Forbidden):
        remove_user(ports, UserNamed(origin=origin, name="bob"))
    with pytest.raises(NotFound):
        get_user(ports, UserNamed(origin=origin, name="bob"))


def test_a_group_is_made_changed_and_removed() -> None:
    ports = access_ports()
    update_group(ports, UpdateGroup(origin=an_origin(), name="web", roles=()))

    saved = update_group(ports, UpdateGroup(origin=an_origin(), name="web", roles=(role_in("web", Level.READ),)))

    assert list_groups(ports, ListGroups(by=ROOT, page=Page())) == [saved]
    remove_group(ports, RemoveGroup(origin=an_origin(), name="web"))
    with pytest.raises(NotFound):
        remove_group(ports, RemoveGroup(origin=an_origin(), name="web"))
    with pytest.raises(Invalid):
        update_group(ports, UpdateGroup(origin=an_origin(), name="", roles=("root",)))


def test_a_group_shows_nobody_the_names_of_projects_that_they_may_not_read() -> None:
    ports = access_ports()
    web, api = role_in("web", Level.READ), role_in("api", Level.WRITE)
    update_group(ports, UpdateGroup(origin=an_origin(), name="all", roles=(web, "runner", api)))
    reader = Principal(name="bob", roles=frozenset({role_in("web", Level.OWNER)}))

    (seen,) = list_groups(ports, ListGroups(by=reader, page=Page()))

    assert seen.roles == (web, "runner")


def test_a_project_has_service_accounts_each_name_once() -> None:
    ports = access_ports()
    ask = CreateServiceAccount(origin=an_origin(), project="web", name="ci", role=Level.WRITE)

    account, _ = create_service_account(ports, ask)

    assert list_service_accounts(ports, "web") == [account]
    assert list_service_accounts(ports, "api") == []
    with pytest.raises(Conflict):
        create_service_account(ports, ask)
    with pytest.raises(Invalid):
        create_service_account(ports, replace(ask, name="a/b"))
    remove_service_account(ports, ServiceAccountNamed(origin=an_origin(), project="web", name="ci"))
    with pytest.raises(NotFound):
        remove_service_account(ports, ServiceAccountNamed(origin=an_origin(), project="web", name="ci"))


def test_every_change_is_audited_without_the_password() -> None:
    ports = access_ports()
    create_user(ports, CreateUser(origin=an_origin(), name="ann", standing=UserSettings(password="long enough 1")))
    replace_user(ports, ReplaceUser(origin=an_origin(), name="ann", standing=UserSettings()))
    remove_user(ports, UserNamed(origin=an_origin(), name="ann"))

    log = ports.audits.find(AuditSearch(), Page()).entries

    assert sorted(entry.act for entry in log) == ["changed-user", "created-user", "removed-user"]
    assert "long enough" not in repr(log)


@pytest.mark.parametrize(
    ("level", "project", "fault"),
    [(Level.OWNER, "web", Forbidden), (Level.READ, "api", NotFound), (Level.READ, "x", NotFound)],
)
def test_what_may_not_be_read_is_not_there(level: Level, project: str, fault: type[Fault]) -> None:
    require(ANN, Level.WRITE, "web", missing="no run r1")

    with pytest.raises(fault):
        require(ANN, level, project, missing="no run r1")
    with pytest.raises(Forbidden):
        require_admin(ANN)


NOBODYS = role_in("nowhere", Level.WRITE)


def test_a_role_in_a_project_that_is_not_there_is_refused() -> None:
    ports = access_ports()
    update_group(ports, UpdateGroup(origin=an_origin(), name="ops", roles=("admin",)))

    for refused in (
        lambda: create_user(ports, CreateUser(origin=an_origin(), name="bob", standing=UserSettings(roles=(NOBODYS,)))),
        lambda: update_group(ports, UpdateGroup(origin=an_origin(), name="ops", roles=("admin", NOBODYS))),
    ):
        with pytest.raises(Invalid) as told:
            refused()
        assert [one.message for one in told.value.defects] == ["no project nowhere: create it first"]


def test_a_role_that_is_held_stays_when_its_project_is_gone() -> None:
    ports = access_ports()
    create_user(ports, CreateUser(origin=an_origin(), name="ann", standing=UserSettings()))
    ann = ports.access.find_user("ann")
    assert ann is not None
    entry = entry_of(an_origin(), AuditAction(act="changed-user", subject="ann"))
    ports.access.save_user(replace(ann, roles=(NOBODYS,)), ann, entry)

    kept = replace_user(ports, ReplaceUser(origin=an_origin(), name="ann", standing=UserSettings(roles=(NOBODYS,))))

    assert kept.roles == (NOBODYS,)
