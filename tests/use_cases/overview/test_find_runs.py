"""Runs found across projects, as each caller may see them, and what of them waits for whom."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import ALL, Level, role_in
from chalicelib.kernel.access.token import owner_key
from chalicelib.kernel.engine.run import ActKind
from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.plans.plan import Node, Plan, Policy
from chalicelib.kernel.plans.work import Approval, DefinitionKind
from chalicelib.kernel.projects.project import Project
from chalicelib.use_cases.overview import find_runs as module
from chalicelib.use_cases.overview.find_runs import FindRuns, find_runs
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.runs.decide import DecideNode, DecideRun, decide_node, decide_run
from tests.builders import NOON, a_gate, a_plan, a_stage, an_entry, with_policy
from tests.use_cases.catalog_ports import READER, ROOT, WRITER, CatalogHouse

STRANGER = Principal(name="eve", roles=frozenset({role_in("shop", Level.WRITE)}), scopes=frozenset({ALL}))


def waiting(number: int, gate: Node | None = None, project: str = "web", *, environment: str = "staging") -> Plan:
    stage = replace(a_stage(gates=(gate or a_gate(),)), environment=environment)
    plan = a_plan(stage, run=f"run{number}")
    definition = replace(plan.definition, project=project)
    return replace(plan, number=number, definition=definition, created_at=NOON + timedelta(hours=number))


@pytest.fixture
def house() -> CatalogHouse:
    """Five runs: two of web are open, one has ended; two are another project's."""
    house = CatalogHouse()
    house.ports.projects.create(Project(name="shop", created_at=NOON), an_entry())
    for number, project in enumerate(("web", "shop", "web", "shop", "web"), start=1):
        house.start(waiting(number, project=project, environment="staging" if number < 4 else "production"))
    cancel = DecideRun(run="run3", kind=ActKind.CANCELLED, by=ROOT)
    decide_run(house.ports, cancel)
    house.work_off()
    return house


def ids(house: CatalogHouse, query: FindRuns) -> list[str]:
    return [one.id for one in find_runs(house.ports, query).runs]


def test_everybody_finds_the_runs_of_projects_that_they_may_read(house: CatalogHouse) -> None:
    assert ids(house, FindRuns(by=ROOT)) == ["run5", "run4", "run3", "run2", "run1"]
    assert ids(house, FindRuns(by=READER)) == ["run5", "run3", "run1"]
    assert ids(house, FindRuns(by=STRANGER)) == ["run4", "run2"]


def test_a_project_that_one_may_not_read_is_not_found(house: CatalogHouse) -> None:
    with pytest.raises(NotFound, match="no project web"):
        find_runs(house.ports, FindRuns(by=STRANGER, project="web"))
    with pytest.raises(NotFound, match="no project mars"):
        find_runs(house.ports, FindRuns(by=ROOT, project="mars"))


def test_each_filter_leaves_out_what_it_does_not_name(house: CatalogHouse) -> None:
    query = FindRuns(by=ROOT)
    found = {
        "status": ids(house, replace(query, status="open")),
        "phase": ids(house, replace(query, status="cancelled")),
        "waiting": ids(house, replace(query, status="waiting")),
        "kind": ids(house, replace(query, kind=DefinitionKind.BUILD)),
        "environment": ids(house, replace(query, environment="production")),
        "by": ids(house, replace(query, started_by="nobody")),
        "since": ids(house, replace(query, since=NOON + timedelta(hours=4))),
        "project": ids(house, replace(query, project="shop", status="open")),
    }
    assert found == {
        "status": ["run5", "run4", "run2", "run1"],
        "phase": ["run3"],
        "waiting": ["run5", "run4", "run2", "run1"],
        "kind": [],
        "environment": ["run5", "run4"],
        "by": [],
        "since": ["run5", "run4"],
        "project": ["run4", "run2"],
    }


def test_a_run_is_found_by_a_release_and_by_its_application(house: CatalogHouse) -> None:
    house.runs.commit(replace(house.runs.run("run3"), releases=("demo/app-v1.0",)))

    assert ids(house, FindRuns(by=ROOT, release="demo/app-v1.0")) == ["run3"]
    assert ids(house, FindRuns(by=ROOT, release="demo/app")) == ["run3"]
    assert ids(house, FindRuns(by=ROOT, release="demo/ap")) == []


def test_pages_follow_one_another_to_the_end(house: CatalogHouse) -> None:
    first = find_runs(house.ports, FindRuns(by=ROOT, page=Page(size=2)))
    second = find_runs(house.ports, FindRuns(by=ROOT, page=Page(size=3, after=first.after)))

    assert [one.id for one in (*first.runs, *second.runs)] == ["run5", "run4", "run3", "run2", "run1"]
    assert second.after is None


def test_a_page_looks_through_so_many_and_says_where_to_go_on(
    house: CatalogHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_READ", 3)
    query = FindRuns(by=ROOT, status="", environment="staging")
    first = find_runs(house.ports, query)

    assert ([one.id for one in first.runs], first.after) == (["run3"], "run3")
    assert ids(house, replace(query, page=Page(after=first.after))) == ["run2", "run1"]


def test_what_waits_for_somebody_is_what_they_may_decide_and_have_not(house: CatalogHouse) -> None:
    two = with_policy(a_gate(), Policy(quorum=2))
    house.start(waiting(6, two))
    house.start(waiting(7, a_gate(work=Approval(team="sre"))))
    house.start(waiting(8, a_gate(work=Approval(team="ops"))))
    decide_node(house.ports, DecideNode(run="run6", kind=ActKind.APPROVED, by=WRITER, node="g1"))

    def mine(by: Principal) -> list[str]:
        return ids(house, FindRuns(by=by, waits_for_caller=True))

    assert mine(WRITER) == ["run8", "run5", "run1"]
    assert mine(READER) == []
    assert mine(ROOT) == ["run8", "run7", "run6", "run5", "run4", "run2", "run1"]


def test_nothing_waits_for_whoever_began_it_where_two_persons_must_agree(house: CatalogHouse) -> None:
    gate = a_gate(work=Approval(no_self_approval=True))
    house.start(replace(waiting(6, gate), begun_by=(owner_key(WRITER.kind, WRITER.name),)))
    house.start(replace(waiting(7, gate), begun_by=("writers:web",)))
    house.start(replace(waiting(8, gate), begun_by=("user:somebody",)))

    assert ids(house, FindRuns(by=WRITER, waits_for_caller=True)) == ["run8", "run5", "run1"]
