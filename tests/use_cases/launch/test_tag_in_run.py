"""Tagging from a run: which version, and in whose namespaces."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from chalicelib.kernel.engine.advance import new_run
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.faults import Throttled
from chalicelib.kernel.plans.work import TagRelease, VersionRule
from chalicelib.kernel.releases.release import Release
from chalicelib.use_cases.runs.advance import advance_run
from slipway_formats.release import Metadata
from tests.builders import NOON, a_plan, a_stage, a_step, an_entry
from tests.fakes.inventory import FakeInventory, as_ports
from tests.use_cases.house import House


@pytest.fixture
def house() -> House:
    """A house with two versions of demo/app, in project web."""
    house = House()
    inventory = FakeInventory()
    for version in ("1.0", "2.0"):
        release = Release(namespace="demo", metadata=Metadata(name="app", version=version), by="ada", at=NOON)
        inventory.register(release, inventory.application_head("demo", "app"), "web", an_entry())
    house.ports = replace(house.ports, **as_ports(inventory))
    return house


def tagged(house: House, work: TagRelease, *releases: str) -> tuple[Phase, dict[str, str]]:
    """How a run that saw these releases and tags ends, and what the tags name then."""
    plan = a_plan(a_stage(steps=(a_step(work=work),)))
    house.runs.create(replace(new_run(plan), releases=releases), plan)
    ended = advance_run(house.ports, plan.id, ())
    return ended.phase, dict(house.ports.tags.tags("demo", "app"))


def a_tag(rule: VersionRule = VersionRule.LAST_IN_RUN, *, namespace: str = "demo", tagged: str = "") -> TagRelease:
    return TagRelease(namespace=namespace, application="app", tag="stable", version=rule, tagged=tagged)


def test_the_last_of_the_run_is_tagged(house: House) -> None:
    told = tagged(house, a_tag(), "demo/app-v2.0", "demo/app-v1.0")
    assert told == (Phase.SUCCEEDED, {"stable": "1.0"})


def test_the_highest_of_the_run_is_tagged(house: House) -> None:
    told = tagged(house, a_tag(VersionRule.HIGHEST_IN_RUN), "demo/app-v2.0", "demo/app-v1.0")
    assert told == (Phase.SUCCEEDED, {"stable": "2.0"})


def test_a_run_that_saw_no_release_tags_none(house: House) -> None:
    assert tagged(house, a_tag()) == (Phase.FAILED, {})


def test_another_project_s_namespace_is_not_tagged(house: House) -> None:
    plan_of_other = a_plan(a_stage(steps=(a_step(work=a_tag()),)))
    elsewhere = replace(plan_of_other, definition=replace(plan_of_other.definition, project="elsewhere"))
    house.runs.create(replace(new_run(elsewhere), releases=("demo/app-v1.0",)), elsewhere)
    ended = advance_run(house.ports, elsewhere.id, ())
    assert ended.phase is Phase.FAILED
    assert house.ports.tags.tags("demo", "app") == {}


@dataclass
class Throttling:
    """Ports of releases that ask to slow down, for some calls."""

    ports: object
    times: int

    def __getattr__(self, name: str) -> object:
        if self.times:
            self.times -= 1
            raise Throttled("a moment")
        return getattr(self.ports, name)


def test_a_tag_that_cannot_be_written_just_now_is_asked_for_again(house: House) -> None:
    lent: Any = Throttling(house.ports.tags, times=1)
    house.ports = replace(house.ports, **as_ports(lent))
    told = tagged(house, a_tag(), "demo/app-v1.0")
    assert told == (Phase.RUNNING, {})
    house.pass_time(60)
    assert house.runs.run("run1").phase is Phase.SUCCEEDED
    assert dict(house.ports.tags.tags("demo", "app")) == {"stable": "1.0"}
