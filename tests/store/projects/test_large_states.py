"""States that fit into no item are kept like others: now, as of then, and once for each content."""

import base64
import random
from dataclasses import replace

import pytest
from pynamodb.expressions.operand import Path

from chalicelib.kernel.faults import Stale
from chalicelib.kernel.projects.deployment import (
    Deployment,
    DeploymentState,
    StageState,
    StageStatus,
    StateCode,
    summary,
)
from chalicelib.store.dynamo.tables import Reading, Tables
from chalicelib.store.feed.writer import FeedWriter
from chalicelib.store.projects.definitions import StoredDefinitions
from chalicelib.store.projects.deployments import StoredDeployments
from chalicelib.store.projects.keys import PROJECTS, parts_partition
from chalicelib.store.projects.projects import StoredProjects
from chalicelib.use_cases.ports.runs import Page
from tests.builders import an_entry, later
from tests.store.projects.test_catalog import UNKNOWN, Catalog, a_change, a_project, an_environment
from tests.store.projects.test_catalog import catalog as catalog
from tests.store.projects.test_catalog import furnished as furnished


@pytest.fixture
def stored(tables: Tables) -> Catalog:
    """A project with an environment on the store."""
    projects = StoredProjects(tables=tables)
    projects.create(a_project(), an_entry())
    projects.create_environment(projects.project("web"), an_environment(), an_entry())
    return Catalog(
        projects, StoredDefinitions(tables=tables), StoredDeployments(tables=tables, feed=FeedWriter(tables=tables))
    )


def a_state(seed: int, size: int = 2_000_000) -> DeploymentState:
    """A state that takes this size when it is compressed."""
    noise = base64.b64encode(random.Random(seed).randbytes(size)).decode()  # noqa: S311 - what does not shrink
    stage = StageState(version=f"{seed}.0", status=StageStatus(code=StateCode.OK), calculated_outputs={"o": noise})
    return DeploymentState(name="demo/app", release="demo/app", stages={"deploy": stage})


def write(catalog: Catalog, before: Deployment, state: DeploymentState | None, seconds: int) -> Deployment:
    change = replace(a_change(f"write{seconds}", "", seconds=seconds, action=None), state=state)
    return catalog.deployments.commit(before, change, an_entry(f"write{seconds}"))


def parts(tables: Tables, deployment: Deployment) -> int:
    mine = Path("pk") == parts_partition(deployment)
    return sum(1 for _ in tables.of(PROJECTS).every(mine, Reading(consistent=True)))


def test_a_large_state_is_kept_now_and_as_of_then(furnished: Catalog) -> None:
    states = [a_state(1), a_state(2), a_state(3, 100)]
    saved = UNKNOWN
    for number, state in enumerate(states):
        saved = write(furnished, saved, state, number * 60)
        assert saved.state == state
        assert furnished.deployments.find_deployment("web", "staging", "demo/app") == saved
        assert furnished.deployments.in_environment("web", "staging") == [saved]
    for number, state in enumerate(states):
        then = furnished.deployments.as_of(saved, later(number * 60 + 1))
        assert then is not None
        assert then.state == state
    told = [change.state for change in furnished.deployments.history(saved, Page())]
    assert [summary(state) for state in told if state is not None] == [summary(state) for state in reversed(states)]


def test_a_large_state_can_be_deleted_and_stays_in_the_history(furnished: Catalog) -> None:
    gone = write(furnished, write(furnished, UNKNOWN, a_state(1), 0), None, 60)
    found = furnished.deployments.find_deployment("web", "staging", "demo/app")
    then = furnished.deployments.as_of(gone, later(1))
    assert (found is not None and found.state, then is not None and then.state) == (None, a_state(1))


def test_a_state_that_comes_again_is_stored_once(tables: Tables, stored: Catalog) -> None:
    saved = write(stored, UNKNOWN, a_state(1), 0)
    once = parts(tables, saved)
    saved = write(stored, saved, a_state(2, 100), 60)
    saved = write(stored, saved, a_state(1), 120)
    assert (once > 1, parts(tables, saved)) == (True, once)

    stored.deployments.forget(saved)
    stored.deployments.forget(saved)
    assert parts(tables, saved) == 0


def test_parts_of_a_write_that_lost_are_not_seen(stored: Catalog) -> None:
    saved = write(stored, UNKNOWN, a_state(1), 0)
    with pytest.raises(Stale):
        write(stored, UNKNOWN, a_state(2), 60)
    found = stored.deployments.find_deployment("web", "staging", "demo/app")
    assert found == saved
