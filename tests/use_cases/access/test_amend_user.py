"""What is changed of a person is what is named; the rest stays, also what somebody else changed meanwhile."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import ADMIN
from chalicelib.kernel.faults import Forbidden, Invalid, NotFound
from chalicelib.use_cases.access.amend_user import AmendUser, amend_user
from chalicelib.use_cases.access.groups import RemoveGroup, UpdateGroup, remove_group, update_group
from chalicelib.use_cases.access.users import CreateUser, UserSettings, create_user
from chalicelib.use_cases.ports.bundle import Ports
from tests.use_cases.access.access_ports import NOON, access_ports, an_origin

ANN = UserSettings(mail="ann@example.org", password="correct horse battery", roles=("runner",), groups=("ops",))


@pytest.fixture
def ports() -> Ports:
    ports = access_ports()
    for name in ("ops", "sre"):
        update_group(ports, UpdateGroup(origin=an_origin(), name=name, roles=()))
    create_user(ports, CreateUser(origin=an_origin(), name="ann", standing=ANN))
    return ports


def test_what_is_not_named_stays(ports: Ports) -> None:
    before = ports.access.find_user("ann")
    assert before is not None

    after = amend_user(ports, AmendUser(origin=an_origin(), name="ann", roles=(ADMIN,), groups=("sre",)))

    assert (after.roles, after.groups) == (("runner", ADMIN), ("ops", "sre"))
    assert (after.mail, after.password, after.tokens_from) == (before.mail, before.password, before.tokens_from)
    assert after.joined["ops"] == before.joined["ops"]


def test_what_is_taken_is_gone_and_what_is_given_again_stands_once(ports: Ports) -> None:
    command = AmendUser(origin=an_origin(), name="ann", no_roles=("runner",), no_groups=("ops",), roles=("runner",))

    after = amend_user(ports, command)

    assert (after.roles, after.groups) == (("runner",), ())


def test_who_was_in_a_group_that_is_gone_is_not_in_one_of_that_name(ports: Ports) -> None:
    remove_group(ports, RemoveGroup(origin=an_origin(), name="ops"))
    update_group(ports, UpdateGroup(origin=an_origin(at=NOON + timedelta(seconds=1)), name="ops", roles=(ADMIN,)))

    after = amend_user(ports, AmendUser(origin=an_origin(), name="ann", mail="ann@example.com"))

    assert after.groups == ()


def test_a_new_password_ends_tokens_and_who_is_kept_out_has_none(ports: Ports) -> None:
    assert amend_user(ports, AmendUser(origin=an_origin(), name="ann", password="another horse battery")).tokens_from

    assert amend_user(ports, AmendUser(origin=an_origin(), name="ann", disabled=True)).disabled


def test_admins_alone_change_people_and_none_who_is_not_there(ports: Ports) -> None:
    with pytest.raises(Forbidden):
        amend_user(ports, AmendUser(origin=replace(an_origin(), by=Principal(name="ann")), name="ann", roles=(ADMIN,)))
    with pytest.raises(NotFound):
        amend_user(ports, AmendUser(origin=an_origin(), name="eve", disabled=True))
    with pytest.raises(Invalid):
        amend_user(ports, AmendUser(origin=an_origin(), name="ann", groups=("nobodys",)))
