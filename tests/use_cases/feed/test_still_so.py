"""What is seen is told to be still so by events and versions of runs, and looked at where these cannot tell."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

import pytest

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import Level, role_in
from chalicelib.kernel.feed.occurrence import Occurrence, OccurrenceType
from chalicelib.kernel.projects.project import Project
from chalicelib.use_cases.feed.still_so import LOOKED_AT_AGAIN, SETTLES, LiveView, StillSo, still_so, versions_of
from tests.builders import NOON, a_plan, a_stage, an_entry, begun
from tests.use_cases.access.access_ports import ROOT
from tests.use_cases.house import House

LATER = NOON + SETTLES
SAM = Principal(name="sam", roles=frozenset({role_in("other", Level.READ)}))
NO_RUNS: Mapping[str, int] = MappingProxyType({})


def occurred(house: House, project: str = "web") -> None:
    house.feed.add((Occurrence(type=OccurrenceType.RUN_BEGAN, project=project, subject="r", at=NOON, facts={}),))


@pytest.fixture
def house() -> House:
    house = House()
    house.ports.projects.create(Project(name="web", created_at=NOON), an_entry())
    occurred(house)
    return house


def seen(house: House, runs: Mapping[str, int] = NO_RUNS) -> LiveView:
    return LiveView(after=house.ports.feed.end(), runs=runs, looked_at=LATER, changed_at=NOON)


def told(
    house: House, known: LiveView, by: Principal = ROOT, now: datetime = LATER, project: str = "web"
) -> LiveView | None:
    return still_so(house.ports, StillSo(by=by, now=now, seen=known, project=project))


def test_it_is_still_so_while_nothing_occurs_that_matters(house: House) -> None:
    known = seen(house)
    assert told(house, known) == known

    occurred(house, project="other")

    assert told(house, known) == replace(known, after=known.after + 1)
    assert told(house, known, by=ROOT, project="") is None
    occurred(house)
    assert told(house, known) is None


def test_what_has_just_changed_and_what_was_long_not_looked_at_is_looked_at(house: House) -> None:
    known = seen(house)

    assert told(house, replace(known, changed_at=LATER)) is None
    assert told(house, known, now=LATER + LOOKED_AT_AGAIN) is None
    assert told(house, known, now=LATER + LOOKED_AT_AGAIN - timedelta(seconds=1)) == known


def test_a_cursor_that_never_was_is_looked_at(house: House) -> None:
    assert told(house, replace(seen(house), after=12345)) is None


def test_versions_are_of_runs_that_may_be_read_alone(house: House) -> None:
    plan = a_plan(a_stage("one"))
    made = begun(plan).run
    house.ports.runs.create(made, plan)
    run = house.ports.runs.run(made.id)
    known = seen(house, {run.id: run.version})

    assert versions_of(house.ports, ROOT, (run.id, "nobody")) == {run.id: run.version}
    assert versions_of(house.ports, SAM, (run.id,)) == {}
    assert told(house, known) is not None
    house.ports.runs.commit(run)
    assert told(house, known) is None
