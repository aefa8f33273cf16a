"""Whatever reads and writes back is tried again by one rule: forty rivals in a row hold up nobody."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.kernel.engine.events import CancelRequested
from chalicelib.kernel.faults import Stale, Throttled
from chalicelib.kernel.plans.work import Job, JobKind
from chalicelib.use_cases.access.groups import UpdateGroup, update_group
from chalicelib.use_cases.access.users import (
    CreateUser,
    ReplaceUser,
    UserNamed,
    UserSettings,
    create_user,
    remove_user,
    replace_user,
)
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.releases.register import Register, register
from chalicelib.use_cases.releases.yank import Yank, unyank, yank
from chalicelib.use_cases.retry import MOST_TRIES
from chalicelib.use_cases.runs.advance import advance_run, start_run
from slipway_formats.release import Metadata
from tests.builders import NOON, ORIGIN, a_plan, a_stage, a_step
from tests.fakes.inventory import FakeInventory, as_ports
from tests.use_cases.access.access_ports import access_ports, an_origin
from tests.use_cases.house import House

SCRIPT = Job(kind=JobKind.SCRIPT, ask={"script": "true"})
Act = Callable[[Ports], object]


class Outrun:
    """A port at which one method goes stale so often before it does what it should."""

    def __init__(self, behind: object, method: str, times: int) -> None:
        self.behind, self.method, self.left, self.tries = behind, method, times, 0

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any method
        found = getattr(self.behind, name)
        return self._outrun(found) if name == self.method else found

    def _outrun(self, act: Callable[..., object]) -> Callable[..., object]:
        def tried(*given: object) -> object:
            self.tries += 1
            self.left -= 1
            if self.left >= 0:
                raise Stale("it has changed")
            return act(*given)

        return tried


def a_release(version: str) -> Register:
    return Register(origin=an_origin(), namespace="demo", metadata=Metadata(name="app", version=version), owner="web")


YANK = Yank(origin=an_origin(), namespace="demo", application="app", version="v1.0", reason="it leaks")
SAVED = ReplaceUser(origin=an_origin(), name="ann", standing=UserSettings())
OF_ACCESS: dict[str, Act] = {
    "save_user": lambda ports: replace_user(
        ports, ReplaceUser(origin=an_origin(), name="ann", standing=UserSettings())
    ),
    "remove_user": lambda ports: remove_user(ports, UserNamed(origin=an_origin(), name="ann")),
    "save_group": lambda ports: update_group(ports, UpdateGroup(origin=an_origin(), name="ops", roles=())),
}
OF_INVENTORY: dict[str, Act] = {
    "register": lambda ports: register(ports, a_release("2.0")),
    "yank": lambda ports: yank(ports, YANK),
    "unyank": lambda ports: unyank(ports, YANK),
}


def with_access(method: str, times: int) -> tuple[Ports, Outrun]:
    ports = access_ports()
    create_user(ports, CreateUser(origin=an_origin(), name="ann", standing=UserSettings()))
    outrun = Outrun(ports.access, method, times)
    return access_ports(access=outrun), outrun


def with_inventory(method: str, times: int) -> tuple[Ports, Outrun]:
    inventory = FakeInventory()
    register(access_ports(**as_ports(inventory)), a_release("1.0"))
    outrun = Outrun(inventory, method, times)
    return access_ports(**as_ports(outrun)), outrun


@pytest.mark.parametrize("method", OF_ACCESS)
def test_people_and_groups_are_changed_amid_many_rivals(method: str) -> None:
    ports, outrun = with_access(method, MOST_TRIES - 1)
    OF_ACCESS[method](ports)
    assert outrun.tries == MOST_TRIES


@pytest.mark.parametrize("method", OF_ACCESS)
def test_whoever_changes_people_amid_too_many_rivals_is_told(method: str) -> None:
    ports, outrun = with_access(method, MOST_TRIES)
    with pytest.raises(Stale):
        OF_ACCESS[method](ports)
    assert outrun.tries == MOST_TRIES


@pytest.mark.parametrize("method", OF_INVENTORY)
def test_whoever_changes_an_application_amid_too_many_rivals_is_asked_to_wait(method: str) -> None:
    ports, outrun = with_inventory(method, 10 * MOST_TRIES)
    with pytest.raises(Throttled):
        OF_INVENTORY[method](ports)
    assert outrun.tries == MOST_TRIES


def test_a_job_that_too_many_rivals_hold_is_given_up() -> None:
    house = House()
    run = start_run(house.ports, a_plan(a_stage(steps=(a_step(work=SCRIPT),))), origin=ORIGIN)
    outrun: Any = Outrun(house.jobs, "save", 10 * MOST_TRIES)
    with pytest.raises(Stale):
        advance_run(replace(house.ports, jobs=outrun), run.id, (CancelRequested(at=NOON, by="ada", retries=0),))
    # Once with the job that was just read, before it is read again.
    assert outrun.tries == 1 + MOST_TRIES
