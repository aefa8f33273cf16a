"""A writer writes into a state that somebody else's private release is deployed, and has it worked on."""

import pytest

from tests.dialects.matrix.callers import READER, STRANGER, WRITER
from tests.dialects.matrix.test_foreign_names import ABSENT, FOREIGN, strangers_project
from tests.dialects.matrix.things import JOB, PIPELINES, STAGING, fill
from tests.dialects.matrix.world import World, people

SECRETIVE = {
    "name": "app",
    "version": "2.0",
    "project": FOREIGN,
    "inputs": [{"id": "TOKEN", "type": "string", "sensitive": True}],
}
INPUTS = {"TOKEN": "a-guess", "PLAIN": "another"}


@pytest.fixture(scope="module")
def world() -> World:
    made = World()
    people(made)
    fill(made)
    strangers_project(made)
    made.done("POST", f"/api/v1/inventory/{FOREIGN}/register", SECRETIVE, by=STRANGER)
    return made


def write_state(world: World, namespace: str) -> None:
    stages = {"deploy": {"version": "2.0", "calculated_inputs": INPUTS, "inputs": INPUTS}}
    state = {"name": "demo/app", "release": f"{namespace}/app", "stages": stages}
    body = {"path": "demo/app", "root_stage": "", "state": state}
    world.done("PUT", f"{STAGING}/deployments/?deployment=demo%2Fapp", body, by=WRITER)


@pytest.mark.parametrize("action", ["smoke", "destroy", "errand"])
def test_what_may_not_be_read_is_not_worked_on_and_answered_as_nothing(world: World, action: str) -> None:
    told = []
    for namespace in (FOREIGN, ABSENT):
        write_state(world, namespace)
        body = {"errand_name": "wipe"} if action == "errand" else None
        answered = world.ask("POST", f"{JOB}/trigger/{action}", body, by=WRITER)
        runs = world.ask("GET", f"{JOB}/executions/?page_size=1", by=READER).text
        told.append((answered.status, answered.text.replace(namespace, "…"), runs.count("a-guess")))

    assert told[0] == told[1]
    assert told[0][0] in (404, 409)


def test_no_step_of_a_pipeline_works_on_it_either(world: World) -> None:
    write_state(world, FOREIGN)
    steps = [{"type": "run-smoke", "environment": "staging", "deployment": "demo/app"}]
    world.done("POST", f"{PIPELINES}/add", {"name": "smokes", "phases": [{"name": "go", "steps": steps}]}, by=WRITER)
    run = world.done("POST", f"{PIPELINES}/by-name/smokes/trigger", by=WRITER)["id"]
    world.house.work_off()

    assert world.done("GET", f"/api/v1/runs/{run}")["phase"] == "broken"


def test_a_reader_learns_from_no_state_what_a_foreign_release_calls_sensitive(world: World) -> None:
    shown = []
    for namespace in (FOREIGN, ABSENT):
        write_state(world, namespace)
        found = world.ask("GET", f"{STAGING}/deployments/?deployment=demo%2Fapp", by=READER).text
        shown.append((found.count("a-guess"), found.count("***")))

    assert shown[0] == shown[1]
