"""A page of executions costs the same of AWS whether there are ten or a thousand: counted at the interceptor."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.aws.calls import Aws
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.runs.older_runs import MOST_AT_ONCE
from tests.bench import pipelines
from tests.bench.counted import CountedHouse
from tests.bench.fill import fill_runs, filled_run
from tests.bench.meter import Meter
from tests.bench.pipelines import NOOP, PROJECT
from tests.fakes.world import FakeWorld

FEW, MANY = 10, 1_000
PAGE = 5
STATE = f"/api/v1/state/{PROJECT}"
BUILDS = f"{STATE}/environments/staging/builds"
JOBS = f"/api/v1/deployment-jobs/by-project/{PROJECT}"
LINES = f"/api/v1/pipelines/by-project/{PROJECT}"
SETUP = (
    (f"{STATE}/environments/", {"name": "staging"}),
    (f"{STATE}/repositories/add-repository", {"name": "code", "url": "https://git.example.org/app.git"}),
    (f"{STATE}/add-namespace", {"name": "demo"}),
    ("/api/v1/inventory/demo/register", {"name": "app", "version": "1.0", "project": "demo"}),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What has executions. made: where and with what it is made. path: of one."""

    name: str
    made: tuple[str, dict[str, Any]]
    path: str
    trigger: str
    of_project: str
    of_all: str


KINDS = (
    Kind(
        name="pipelines",
        made=(f"{LINES}/add", pipelines.chain("release", NOOP, 3)),
        path=f"{LINES}/by-name/release",
        trigger="trigger",
        of_project=LINES,
        of_all="/api/v1/pipelines",
    ),
    Kind(
        name="builds",
        made=(f"{BUILDS}/", {"name": "app", "repo": "code", "steps": [{}]}),
        path=f"{BUILDS}/by-name/app",
        trigger="trigger-build",
        of_project=f"{STATE}/builds",
        of_all="/api/v1/builds",
    ),
    Kind(
        name="jobs",
        made=(f"{JOBS}/add", {"environment": "staging", "deployment": "app", "release": "demo/app"}),
        path=f"{JOBS}/by-environment/staging/by-name/app",
        trigger="trigger",
        of_project=JOBS,
        of_all="/api/v1/deployment-jobs",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What a page cost, and how much was on it."""

    requests: dict[str, int]
    reads: float
    length: int


@dataclass(slots=True)
class Lists:
    """A house with one project, and what its lists cost."""

    house: CountedHouse
    tables: Tables

    def page(self, path: str, after: str = "") -> Counted:
        """A page of executions."""
        return self._counted(f"{path}/executions/?page_size={PAGE}" + (f"&page_from={after}" if after else ""))

    def found(self, filters: str) -> Counted:
        """A page of the runs of all projects."""
        return self._counted(f"/api/v1/runs?page_size={PAGE}{filters}")

    def _counted(self, target: str) -> Counted:
        """A page, asked for a second time: the first one warms what an API keeps for a while."""
        self.house.door.ask("GET", target)
        self.house.meter, self.house.is_counting = Meter(self.house.prefix), True
        found = self.house.door.ask("GET", target)
        self.house.is_counting = False
        items = found["items"] if isinstance(found, dict) else found
        return Counted(requests=dict(self.house.meter.requests), reads=self.house.meter.reads, length=len(items))


class LateWorld(FakeWorld):
    """A world whose ids come after those of all runs that a list was filled with."""

    def identifier(self) -> str:
        """The next id."""
        return f"9{super().identifier()[1:]}"


@contextmanager
def lists_of(aws: Aws, prefix: str) -> Iterator[Lists]:
    """A house with an empty project."""
    house = CountedHouse(aws=aws, prefix=prefix, world=LateWorld())
    tables = Tables(aws=aws, prefix=prefix)
    for path, body in SETUP:
        house.door.ask("POST", path, body)
    try:
        yield Lists(house, tables)
    finally:
        house.close()


def costs(lists: Lists, kind: Kind, size: int) -> dict[str, Counted]:
    """Of every list of the kind, the first page and one from the middle."""
    asked = {"of one": kind.path, "of the project": kind.of_project, "of all": kind.of_all}
    pages = {"first": "", "later": filled_run(size, size // 2)}
    return {f"{page}, {what}": lists.page(path, after) for what, path in asked.items() for page, after in pages.items()}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_page_costs_the_same_at_ten_and_at_a_thousand_executions(aws: Aws, kind: Kind) -> None:
    counted = []
    for size in (FEW, MANY):
        with lists_of(aws, f"lists-{kind.name}-{size}-") as lists:
            lists.house.door.ask("POST", *kind.made)
            first = lists.house.door.ask("POST", f"{kind.path}/{kind.trigger}")["id"]
            fill_runs(lists.tables, first, size - 1)
            counted.append(costs(lists, kind, size))

    few, many = counted
    assert {one.length for one in (*few.values(), *many.values())} == {PAGE}
    assert many == few


@pytest.mark.parametrize("filters", ["", "&status=succeeded", f"&project={PROJECT}&status=ended"])
def test_a_page_across_projects_costs_the_same_however_many_runs_there_are(aws: Aws, filters: str) -> None:
    counted = []
    for size in (FEW, MANY):
        with lists_of(aws, f"found-{size}-") as lists:
            lists.house.door.ask("POST", *KINDS[0].made)
            first = lists.house.door.ask("POST", f"{KINDS[0].path}/{KINDS[0].trigger}")["id"]
            fill_runs(lists.tables, first, size - 1)
            for _ in range(-(-size // MOST_AT_ONCE) + 1):
                # Until it is known that no run is left of an earlier version.
                lists.found(filters)
            counted.append(lists.found(filters))

    few, many = counted
    assert few.length == PAGE
    assert many == few
    # The projects, and of each the runs that are open and those that have ended.
    assert set(few.requests) <= {"dynamodb Query", "dynamodb GetItem"}
    assert few.requests["dynamodb Query"] <= 4
