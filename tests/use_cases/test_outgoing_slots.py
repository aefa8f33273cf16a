"""Who calls a system that hangs holds few slots, and others find one."""

from contextlib import ExitStack
from datetime import timedelta

import pytest

from chalicelib.kernel.faults import Unavailable
from chalicelib.use_cases.outgoing_slots import (
    FULL,
    OF_A_PROJECT,
    OF_A_PROJECT_THERE,
    OF_A_SLOW_SYSTEM,
    OF_A_SYSTEM,
    OF_ALL_SLOW,
    PATIENCE,
    SLOW,
    SLOW_FOR,
    slot_for,
    system_at,
)
from chalicelib.use_cases.ports.bundle import Ports
from tests.use_cases.house import House

HOST = "hooks.example:443"


@pytest.fixture
def house() -> House:
    return House()


def open_calls(held: ExitStack, ports: Ports, system: str, project: str) -> int:
    """As many calls as there may be, and how many these are."""
    for opened in range(100):
        try:
            held.enter_context(slot_for(ports, system, project))
        except Unavailable:
            return opened
    raise AssertionError("there is no limit")


def was_slow(house: House, system: str = HOST) -> None:
    """A call of the system took long."""
    with slot_for(house.ports, system, "web"):
        house.world.move(SLOW)


def test_a_project_leaves_others_some_of_a_system_and_all_of_them_leave_others_theirs(house: House) -> None:
    with ExitStack() as held:
        assert open_calls(held, house.ports, HOST, "web") == OF_A_PROJECT
        with pytest.raises(Unavailable, match=FULL), slot_for(house.ports, HOST, "web"):
            pass
        opened = sum(open_calls(held, house.ports, HOST, f"project{n}") for n in range(9))
        assert opened == OF_A_SYSTEM - OF_A_PROJECT
        assert open_calls(held, house.ports, "other.example:443", "web") == OF_A_PROJECT
    assert not house.ports.call_slots.held  # type: ignore[attr-defined]  # of the fake


def test_a_call_that_fails_leaves_its_slot(house: House) -> None:
    for _ in range(OF_A_SYSTEM + 1):
        with pytest.raises(OSError, match="reset"), slot_for(house.ports, HOST, "web"):
            raise OSError("reset")


def test_slow_systems_together_leave_others_half_of_all_who_call(house: House) -> None:
    slow = [f"slow{number}.example:443" for number in range(30)]
    for system in slow:
        was_slow(house, system)
    with ExitStack() as held:
        assert open_calls(held, house.ports, slow[0], "web") == OF_A_PROJECT_THERE
        opened = sum(open_calls(held, house.ports, slow[0], f"project{n}") for n in range(9))
        assert opened == OF_A_SLOW_SYSTEM - OF_A_PROJECT_THERE
        opened = sum(open_calls(held, house.ports, system, "web") for system in slow)
        assert opened == OF_ALL_SLOW - OF_A_SLOW_SYSTEM
        assert open_calls(held, house.ports, HOST, "web") == OF_A_PROJECT


def test_a_system_that_is_quick_again_is_called_as_others_are(house: House) -> None:
    was_slow(house)
    house.world.move(SLOW_FOR)
    with ExitStack() as held:
        assert open_calls(held, house.ports, HOST, "web") == OF_A_PROJECT


def test_who_finds_a_quick_system_full_waits_a_little_and_who_finds_one_that_hangs_does_not(house: House) -> None:
    with ExitStack() as held:
        began = house.world.now()
        open_calls(held, house.ports, HOST, "web")
        assert house.world.now() - began >= PATIENCE

        house.world.move(SLOW)
        began = house.world.now()
        assert open_calls(held, house.ports, HOST, "web") == 0
        assert house.world.now() == began


def test_what_a_process_held_that_died_is_free_again(house: House) -> None:
    died = ExitStack()
    open_calls(died, house.ports, HOST, "web")
    house.world.move(timedelta(seconds=31))
    with ExitStack() as held:
        assert open_calls(held, house.ports, HOST, "web") == OF_A_PROJECT


@pytest.mark.parametrize(
    ("url", "system"),
    [
        ("https://Hooks.example/a?b", "hooks.example:https"),
        ("http://hooks.example:8080/a", "hooks.example:8080"),
        ("http://[::1]:80/", "::1:80"),
        ("http://[::1", ""),
        (f"http://{'a' * 5000}/", f"{'a' * 253}:http"),
        ("x", ""),
    ],
)
def test_a_system_is_a_host_and_its_port(url: str, system: str) -> None:
    assert system_at(url) == system
