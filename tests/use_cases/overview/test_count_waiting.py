"""How much waits for one's word is what one's inbox holds, for a query of each project."""

import pytest

from chalicelib.kernel.engine.run import ActKind
from chalicelib.kernel.projects.project import Project
from chalicelib.use_cases.overview import count_waiting as module
from chalicelib.use_cases.overview.approvals import ListApprovals, list_approvals
from chalicelib.use_cases.overview.count_waiting import WaitingCount, count_waiting
from chalicelib.use_cases.runs.decide import DecideNode, decide_node
from tests.builders import NOON, an_entry
from tests.use_cases.catalog_ports import READER, ROOT, WRITER, CatalogHouse
from tests.use_cases.overview.test_find_runs import STRANGER, waiting


@pytest.fixture
def house() -> CatalogHouse:
    """Two runs of web wait, one of shop."""
    house = CatalogHouse()
    house.ports.projects.create(Project(name="shop", created_at=NOON), an_entry())
    for number, project in enumerate(("web", "web", "shop"), start=1):
        house.start(waiting(number, project=project))
    house.work_off()
    return house


def test_the_count_is_that_of_the_inbox(house: CatalogHouse) -> None:
    for by in (ROOT, WRITER, READER, STRANGER):
        inbox = list_approvals(house.ports, ListApprovals(by=by, mine=True)).approvals
        assert count_waiting(house.ports, by) == WaitingCount(count=len(inbox))


def test_what_is_decided_counts_no_more(house: CatalogHouse) -> None:
    decide_node(house.ports, DecideNode(run="run1", kind=ActKind.APPROVED, by=WRITER))
    house.work_off()

    assert count_waiting(house.ports, WRITER).count == 1


def test_where_not_all_is_counted_it_says_so(house: CatalogHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_PROJECTS", 1)

    assert count_waiting(house.ports, ROOT) == WaitingCount(count=1, is_more=True)
    assert count_waiting(house.ports, WRITER) == WaitingCount(count=2)
