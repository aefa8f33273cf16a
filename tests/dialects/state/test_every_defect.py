"""What cannot be read is told together with what is wrong in the rest, and neither is stored."""

import pytest

from tests.dialects.state.site import Site
from tests.dialects.state.walk import JOBS, PIPELINE, PIPELINES, STAGING, WEB

ADD_JOB = f"{JOBS}/by-project/web/add"
ADD_PIPELINE = f"{PIPELINES}/by-project/web/add"
BAD_INPUTS = {"9x": 1, "PREVIOUS_a": 2, "ok": 3}
INPUT_PLACES = "inputs.9x inputs.PREVIOUS_a"
ERRAND = {"type": "run-errand", "deployment": "door", "errand_name": "e", "errand_inputs": BAD_INPUTS}
ERRAND_PLACES = (
    "phases[0].steps[0].errand_inputs.9x phases[0].steps[0].errand_inputs.PREVIOUS_a phases[0].steps[0].deployment"
)
BAD_GLOB = {"build_on_file_changes": ["[z-a"]}


@pytest.fixture
def site() -> Site:
    return Site()


def test_all_that_is_wrong_with_a_pipeline_is_told_at_once(site: Site) -> None:
    steps = [
        {"name": "a", "type": "dance", "needs": ["nobody"], "attempts": 2, "steps": [{"type": "noop"}]},
        {"name": "b", "type": "deploy", "deployment": "missing", "sleep": 1},
        {"name": "c", "type": "pipeline-trigger", "pipeline": "wrong"},
        {"name": "d", "type": "wait", "seconds": "long"},
        {"name": "f", "deployment": "missing"},
        {"name": "e", "type": "noop", "needs": ["d", "a"]},
    ]
    gates = [{"type": "vote", "quorum": 0}, {"type": "schedule", "cron": "0 0 0 31 2 ?"}]
    phases = [
        {"environment": "staging", "steps": steps, "gates": gates},
        {"environment": 7, "steps": [{"type": "deploy", "deployment": "missing"}]},
        {"environment": "mars", "steps": []},
    ]

    status, places = site.refused("POST", ADD_PIPELINE, {"name": "wrong", "phases": phases, "sort": 1})

    assert status == 400
    assert sorted(places) == [
        "phases[0].gates[0].type",
        "phases[0].gates[1].cron",
        "phases[0].steps[0].type",
        "phases[0].steps[1].deployment",
        "phases[0].steps[1].sleep",
        "phases[0].steps[2].pipeline",
        "phases[0].steps[3].seconds",
        "phases[0].steps[4].type",
        "phases[1].environment",
        "phases[2].environment",
        "phases[2].steps",
        "sort",
    ]
    assert site.get(f"{PIPELINES}/by-project/web/") == {}


@pytest.mark.parametrize(
    ("target", "body", "places"),
    [
        (
            "/api/v1/state/x.y/add-project",
            {"name": "z", "logo": "AAAA", "groups": [7], "x": 1},
            "groups[0] x name name logo",
        ),
        (f"{WEB}/environments/", {"name": "Up", "description": 7}, "description name"),
        (f"{WEB}/add-namespace", {"name": "UP", "project": "other", "icon": ""}, "icon project name"),
        (f"{WEB}/repositories/add-repository", {"name": "r!", "branch": "-x", "key": ""}, "key name url branch"),
        (
            f"{STAGING}/builds/",
            {"name": "a/b", "repo": "none", "steps": [{"run": 1}, BAD_GLOB]},
            "steps[0].run name steps[1].build_on_file_changes[0] repo",
        ),
        (ADD_JOB, {"environment": "mars", "deployment": "no no", "release": 7}, "release environment deployment"),
        (f"{WEB}/environments/", {"name": "qa", "inputs": BAD_INPUTS}, INPUT_PLACES),
        (
            ADD_JOB,
            {"environment": "staging", "deployment": "d", "release": "ns/dd", "inputs": BAD_INPUTS},
            INPUT_PLACES,
        ),
        (ADD_PIPELINE, {"name": "pp", "phases": [{"environment": "staging", "steps": [ERRAND]}]}, ERRAND_PLACES),
        (ADD_PIPELINE, {"phases": 7, "name": "a/b"}, "phases name"),
        (ADD_PIPELINE, {"phases": [7], "name": "a/b"}, "phases[0] name"),
        (ADD_PIPELINE, {"phases": [{"steps": [{"name": "a"}]}], "name": "a/b"}, "phases[0].steps[0].type name"),
    ],
)
def test_each_tells_all_that_is_wrong_with_it(site: Site, target: str, body: object, places: str) -> None:
    assert site.refused("POST", target, body, by="root") == (400, places.split())


@pytest.mark.parametrize("target", [f"{PIPELINE}/", f"{WEB}/", f"{STAGING}/", f"{STAGING}/builds/by-name/app/"])
def test_a_change_that_is_read_in_part_changes_nothing(site: Site, target: str) -> None:
    site.done("POST", ADD_PIPELINE, {"name": "release", "phases": [{"steps": [{"name": "a", "type": "noop"}]}]})
    site.done("POST", f"{STAGING}/builds/", {"name": "app", "repo": "https://x/y.git"})
    before = site.get(target)

    status, places = site.refused("PUT", target, {"name": "other", "odd": 1}, by="root")

    assert (status, places[:2]) == (400, ["odd", "name"])
    assert site.get(target) == before


@pytest.mark.parametrize(
    ("action", "body", "place"),
    [
        ("trigger", {"inputs": {"9x": 1}}, "inputs.9x"),
        ("trigger/errand", {"errand_name": "e", "errand_inputs": {"9x": 1}}, "errand_inputs.9x"),
    ],
)
def test_a_trigger_with_inputs_of_no_name_begins_nothing(site: Site, action: str, body: object, place: str) -> None:
    site.done("POST", ADD_JOB, {"environment": "staging", "deployment": "door", "release": "ns/door"})
    job = f"{JOBS}/by-project/web/by-environment/staging/by-name/door"

    assert site.refused("POST", f"{job}/{action}", body) == (400, [place])

    assert site.get(f"{job}/executions/") == []
