"""A runner's ticket for being woken: of one connection and pool, and only where no request is held."""

from datetime import timedelta

import pytest

from chalicelib.use_cases.jobs.await_wake import AwaitWake, await_wake
from chalicelib.use_cases.logs.admit_viewer import AdmitViewer, admit_viewer
from chalicelib.use_cases.logs.push_log import push_log
from tests.use_cases.house import House


@pytest.fixture
def house() -> House:
    made = House()
    made.live.by_socket = True
    return made


def ticket(house: House) -> str:
    address = await_wake(house.ports, AwaitWake(pool="gpu"))
    assert address is not None
    return address.url.partition("?ticket=")[2]


def test_the_ticket_lets_one_connection_hear_of_the_pool(house: House) -> None:
    text = ticket(house)
    assert admit_viewer(house.ports, AdmitViewer(connection="first", ticket=text))
    assert not admit_viewer(house.ports, AdmitViewer(connection="second", ticket=text))
    assert house.ports.viewers.of_run("pool/gpu") == ["first"]


def test_a_late_ticket_lets_nobody_in(house: House) -> None:
    text = ticket(house)
    house.world.move(timedelta(seconds=31))
    assert not admit_viewer(house.ports, AdmitViewer(connection="first", ticket=text))


def test_a_runner_that_waits_is_sent_no_log_and_stays(house: House) -> None:
    house.live.open.add("first")
    admit_viewer(house.ports, AdmitViewer(connection="first", ticket=ticket(house)))
    house.work_off()
    push_log(house.ports, "first")
    assert house.live.heard == {}
    assert house.ports.viewers.of_run("pool/gpu") == ["first"]


def test_where_a_request_is_held_nobody_is_woken_otherwise() -> None:
    assert await_wake(House().ports, AwaitWake(pool="gpu")) is None
