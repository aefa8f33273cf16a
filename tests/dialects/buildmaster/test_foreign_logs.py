"""The log of a deployment that begins a run of another project: for readers of that project alone."""

import pytest

from chalicelib.use_cases.ports.logs import Words
from tests.dialects.matrix.callers import ADMIN, READER
from tests.dialects.matrix.world import World, peopled


@pytest.fixture
def deployment(world: World) -> int:
    """A deployment of the project web, which runs a script of the project other."""
    world.done("POST", "/api/v1/state/web/add-project")
    script = {"name": "go", "steps": [{"name": "say", "type": "script", "script": "echo hello"}]}
    world.done("POST", "/api/v1/pipelines/by-project/other/add", {"name": "hidden", "phases": [script]})
    step = {
        "name": "more",
        "type": "pipeline-trigger",
        "project": "other",
        "pipeline": "hidden",
        "wait_for_pipeline": True,
    }
    phases = [{"name": "Test", "promotion": "manual", "steps": [step]}]
    world.done("POST", "/api/v1/pipelines/by-project/web/add", {"name": "way", "phases": phases})
    release = {"applicationName": "web", "releaseNumber": "1.0"}
    world.done("POST", "/api/releases/create", {**release, "pipelineName": "way"})
    build = world.done("POST", "/api/releases/builds/create", release)
    (made,) = world.done("POST", "/api/releases/builds/deploy", {"buildId": build["id"]})
    world.house.work_off()
    (leased,) = world.house.lease()
    words = Words(ask="a", at=world.house.world.now(), said=(("out", "a secret of the other"),))
    world.house.logs.add(leased.job.id, words)
    return int(made["id"])


@pytest.fixture
def world() -> World:
    return peopled()


@pytest.mark.parametrize(("by", "is_told"), [(ADMIN, True), (READER, False)])
def test_who_may_not_read_the_other_project_reads_none_of_its_log(
    world: World, deployment: int, by: str, *, is_told: bool
) -> None:
    log = world.done("GET", f"/executions/logs?executionId={deployment}", by=by)

    assert log.startswith("hidden to Test:")
    assert ("a secret of the other" in log) == is_told
