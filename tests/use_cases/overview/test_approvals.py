"""What waits for people across projects, and many decisions at once."""

from dataclasses import replace
from typing import cast

import pytest

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import ActKind
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid, NotFound
from chalicelib.kernel.plans.work import Approval
from chalicelib.kernel.projects.project import Project
from chalicelib.kernel.releases.release import Namespace
from chalicelib.use_cases.overview.approvals import (
    MOST_DECISIONS,
    DecideMany,
    ListApprovals,
    PendingApproval,
    decide_many,
    list_approvals,
)
from chalicelib.use_cases.ports.projects import Deployments
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.runs.decide import DecideNode, decide_node
from chalicelib.use_cases.runs.report_tests import ReportTests, report_tests
from tests.builders import NOON, a_gate, an_entry
from tests.use_cases.catalog_ports import READER, ROOT, WRITER, CatalogHouse
from tests.use_cases.overview.test_find_runs import STRANGER, waiting
from tests.use_cases.overview.test_matrix import deployed


@pytest.fixture
def house() -> CatalogHouse:
    """Three runs that wait, one of them in another project; a fourth waits for a team that nobody is of."""
    house = CatalogHouse()
    house.ports.projects.create(Project(name="shop", created_at=NOON), an_entry())
    for number, project in enumerate(("web", "shop", "web"), start=1):
        house.start(waiting(number, project=project))
    house.start(waiting(4, a_gate(work=Approval(team="sre"))))
    return house


def listed(house: CatalogHouse, query: ListApprovals) -> list[str]:
    return [one.run.id for one in list_approvals(house.ports, query).approvals]


def of_run(house: CatalogHouse, run: str, by: Principal = ROOT) -> PendingApproval:
    return next(one for one in list_approvals(house.ports, ListApprovals(by=by)).approvals if one.run.id == run)


def approval(run: str, by: Principal = WRITER) -> DecideNode:
    return DecideNode(run=run, kind=ActKind.APPROVED, by=by, node="g1")


def test_what_waits_is_listed_of_the_oldest_run_first_for_whom_it_waits(house: CatalogHouse) -> None:
    assert listed(house, ListApprovals(by=ROOT)) == ["run1", "run2", "run3", "run4"]
    assert listed(house, ListApprovals(by=READER)) == ["run1", "run3", "run4"]
    assert listed(house, ListApprovals(by=WRITER, mine=True)) == ["run1", "run3"]
    assert listed(house, ListApprovals(by=READER, mine=True)) == []
    assert listed(house, ListApprovals(by=STRANGER, mine=True)) == ["run2"]


def test_pages_of_what_waits_follow_one_another(house: CatalogHouse) -> None:
    query = ListApprovals(by=ROOT, page=Page(size=3))
    first = list_approvals(house.ports, query)

    assert first.after == "run3"
    assert listed(house, replace(query, page=Page(size=3, after=first.after))) == ["run4"]


def test_a_project_that_one_may_not_read_has_nothing_that_waits(house: CatalogHouse) -> None:
    with pytest.raises(NotFound, match="no project web"):
        list_approvals(house.ports, ListApprovals(by=STRANGER, project="web"))


def test_what_was_tested_and_built_is_told_with_it(house: CatalogHouse) -> None:
    house.inventory.spaces["demo"] = Namespace(name="demo", project="web")
    tests = ReportTests(run="run1", by=ROOT, stage="one", name="unit", passed=9, failed=1, skipped=0)
    report_tests(house.ports, tests)
    house.runs.commit(replace(house.runs.run("run1"), releases=("demo/app-v1.0", "what a script said")))

    found = of_run(house, "run1")

    assert [(one.name, one.passed, one.failed) for one in found.results] == [("unit", 9, 1)]
    assert [(one.metadata.version, one.by) for one in found.releases] == [("1.0", "ada")]


def test_what_is_there_now_of_what_the_run_carries_is_told_with_it(house: CatalogHouse) -> None:
    for environment, version in (("staging", "0.9"), ("production", "0.8")):
        deployed(house, environment, version)
    house.runs.commit(replace(house.runs.run("run1"), releases=("demo/app-v1.0",)))

    assert [(one.environment, one.version) for one in of_run(house, "run1").there] == [("staging", "0.9")]
    assert of_run(house, "run3").there == ()


def test_where_runs_carry_nothing_nobody_asks_what_is_there(house: CatalogHouse) -> None:
    class Unasked:
        """Deployments of which nothing is asked."""

    ports = replace(house.ports, deployments=cast("Deployments", Unasked()))

    assert [one.there for one in list_approvals(ports, ListApprovals(by=ROOT)).approvals] == [()] * 4


def test_releases_of_a_namespace_that_one_may_not_read_are_not_told(house: CatalogHouse) -> None:
    house.inventory.spaces["demo"] = Namespace(name="demo", project="shop")
    house.runs.commit(replace(house.runs.run("run1"), releases=("demo/app-v1.0",)))

    assert of_run(house, "run1", READER).releases == ()


def test_of_many_decisions_each_is_made_or_refused_by_itself(house: CatalogHouse) -> None:
    many = DecideMany(decisions=tuple(map(approval, ("run1", "run4", "run2", "nobody", "run3"))))
    decided = decide_many(house.ports, many)

    assert [one.phase for one in decided] == [Phase.SUCCEEDED, None, None, None, Phase.SUCCEEDED]
    assert [one.fault.message for one in decided if one.fault is not None] == [
        "g1 is for team sre to decide",
        "no run run2",
        "no run nobody",
    ]
    assert listed(house, ListApprovals(by=WRITER, mine=True)) == []


def test_who_may_make_none_of_the_decisions_is_refused(house: CatalogHouse) -> None:
    with pytest.raises(Forbidden, match="g1 is for a writer of web to decide"):
        decide_many(house.ports, DecideMany(decisions=(approval("run1", READER), approval("run2", READER))))
    with pytest.raises(NotFound, match="no run run1"):
        decide_many(house.ports, DecideMany(decisions=(approval("run1", STRANGER),)))


def test_too_many_decisions_are_refused_at_once(house: CatalogHouse) -> None:
    with pytest.raises(Invalid, match=f"over {MOST_DECISIONS}"):
        decide_many(house.ports, DecideMany(decisions=(approval("run1"),) * (MOST_DECISIONS + 1)))
    assert listed(house, ListApprovals(by=WRITER, mine=True)) == ["run1", "run3"]


@pytest.mark.parametrize("node", ["g1", ""])
def test_who_is_late_is_told_who_was_faster_and_when(house: CatalogHouse, node: str) -> None:
    decide_node(house.ports, approval("run1"))

    with pytest.raises(Conflict, match="ada approved it at 2026-06-01T12:00:00Z"):
        decide_node(house.ports, replace(approval("run1", ROOT), node=node))
