"""A run from before its protected pipeline had a gate: nobody has it go on again past what guards it now."""

from typing import Any

import pytest

from tests.dialects.matrix.callers import OWNER, WRITER
from tests.dialects.matrix.things import PIPELINES, WEB
from tests.dialects.matrix.world import World, people

FAILING = {"name": "say", "type": "run-smoke", "environment": "staging", "deployment": "gone"}


@pytest.fixture(params=["replay", "retry"])
def asked(request: pytest.FixtureRequest) -> tuple[World, str, dict[str, str]]:
    """A run that has failed, what is done to it, and its pipeline, which has got a gate since."""
    world = World()
    people(world)
    world.done("POST", f"{WEB}/add-project", {})
    world.done("POST", f"{WEB}/environments/", {"name": "staging"})
    job = {"environment": "staging", "deployment": "gone", "release": "_/app"}
    world.done("POST", "/api/v1/deployment-jobs/by-project/web/add", job)
    phases: list[dict[str, Any]] = [{"name": "go", "steps": [FAILING]}]
    world.done("POST", f"{PIPELINES}/add", {"name": "release", "phases": phases}, by=OWNER)
    run = world.done("POST", f"{PIPELINES}/by-name/release/trigger", by=WRITER)["id"]
    world.house.work_off()
    gated = [{**phases[0], "gates": [{"name": "ask", "type": "approval"}]}]
    body = {"phases": gated, "protected": True}
    world.done("PUT", f"{PIPELINES}/by-name/release/", body, by=OWNER)
    return world, f"/api/v1/runs/{run}/acts", {"act": request.param}


@pytest.mark.parametrize("by", [WRITER, OWNER])
def test_nobody_has_a_run_of_before_go_on_again(asked: tuple[World, str, dict[str, str]], by: str) -> None:
    world, target, act = asked

    refused = world.ask("POST", target, act, by=by)

    assert (refused.status, "what guards pipeline release" in refused.text) == (409, True), refused.text


def test_a_writer_may_while_what_guards_it_is_as_it_was(asked: tuple[World, str, dict[str, str]]) -> None:
    world, target, act = asked
    shown = world.done("GET", f"{PIPELINES}/by-name/release/", by=OWNER)
    shown["phases"][0].pop("gates")
    world.done("PUT", f"{PIPELINES}/by-name/release/", {"phases": shown["phases"], "protected": False}, by=OWNER)

    world.done("POST", target, act, by=WRITER)
