"""Gates and steps of a run as it is shown say what they need, of whom, until when, and what was said of them."""

from datetime import timedelta
from typing import Any

from tests.dialects.matrix.callers import WRITER
from tests.dialects.matrix.world import people
from tests.dialects.platform.site import Site
from tests.teams import add_team

PIPELINES = "/api/v1/pipelines/by-project/web"
GATES = [
    {"name": "go", "type": "approval", "team": "ops", "quorum": 2, "description": "both", "expires_after": 3600},
    {"name": "change", "type": "external-approval", "system": "Jira", "ticket": "OPS-7"},
]
TRIGGER = {"type": "pipeline-trigger", "pipeline": "below", "wait_for_pipeline": True}
STEPS = [{"name": "first", "type": "noop"}, {"name": "second", "type": "noop", "needs": ["first"]}]


def shown() -> list[dict[str, Any]]:
    site = Site()
    people(site)
    add_team(site.house.ports, "ops")
    site.done("POST", "/api/v1/state/web/add-project")
    site.done("POST", f"{PIPELINES}/add", {"name": "gated", "phases": [{"name": "p", "gates": GATES, "steps": STEPS}]})
    run = site.done("POST", f"{PIPELINES}/by-name/gated/trigger", by=WRITER)["id"]
    site.house.work_off()
    site.done("POST", f"/api/v1/runs/{run}/decisions", {"decision": "approve", "notes": "fine"})
    nodes: list[dict[str, Any]] = site.done("GET", f"/api/v1/runs/{run}")["stages"][0]["nodes"]
    return nodes


def test_a_gate_says_of_whom_it_waits_for_how_many_words_and_until_when() -> None:
    go, change, *_ = shown()
    told = {name: go[name] for name in ("team", "user", "quorum", "description", "ticket")}
    assert told == {"team": "ops", "user": None, "quorum": 2, "description": "both", "ticket": None}
    assert go["expires_at"] > go["began_at"]
    assert [(one["act"], one["notes"]) for one in go["notes"]] == [("approved", "fine")]
    assert (change["ticket"], change["team"], change["quorum"], change["notes"]) == ("OPS-7", None, None, [])


def test_a_step_says_which_steps_it_needs() -> None:
    *_, first, second = shown()
    assert (first["needs"], second["needs"]) == ([], [first["key"]])


def test_a_child_run_tells_the_step_that_started_it() -> None:
    site = Site()
    people(site)
    site.done("POST", "/api/v1/state/web/add-project")
    for name, step in (("below", STEPS[0]), ("above", {"name": "go", **TRIGGER})):
        site.done("POST", f"{PIPELINES}/add", {"name": name, "phases": [{"name": "p", "steps": [step]}]})
    run = site.done("POST", f"{PIPELINES}/by-name/above/trigger", by=WRITER)["id"]
    site.house.work_off()
    above = site.done("GET", f"/api/v1/runs/{run}")
    (node,) = above["stages"][0]["nodes"]
    below = site.done("GET", f"/api/v1/runs/{node['child']}")
    assert below["parent"] == {"run": run, "execution": 1, "node": node["key"], "attempt": 1, "waits": True}
    assert "parent" not in above


def test_a_step_tells_of_its_job_when_it_was_queued_leased_begun_and_ended() -> None:
    site = Site()
    people(site)
    site.done("POST", "/api/v1/state/web/add-project")
    script = {"name": "say", "type": "script", "script": "true"}
    phases = [{"name": "p", "gates": [{"name": "go", "type": "approval"}], "steps": [script]}]
    site.done("POST", f"{PIPELINES}/add", {"name": "scripted", "phases": phases})
    run = site.done("POST", f"{PIPELINES}/by-name/scripted/trigger", by=WRITER)["id"]
    site.house.work_off()
    site.done("POST", f"/api/v1/runs/{run}/decisions", {"decision": "approve"})
    site.house.work_off()
    queued_at = site.house.world.now()
    site.house.world.move(timedelta(seconds=7))
    site.house.lease()
    go, say = site.done("GET", f"/api/v1/runs/{run}?times=true")["stages"][0]["nodes"]
    leased_at = (queued_at + timedelta(seconds=7)).isoformat()
    assert "job" not in go
    assert say["job"] == {
        "queued_at": queued_at.isoformat(),
        "leased_at": leased_at,
        "runner": "r1",
        "began_at": leased_at,
        "ended_at": None,
    }
    assert all("job" not in node for node in site.done("GET", f"/api/v1/runs/{run}")["stages"][0]["nodes"])
