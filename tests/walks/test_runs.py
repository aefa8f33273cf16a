"""What is done to runs, and what runs do to one another: replayed, promoted, overtaken, in line, started by others."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.walks.api import Json, node, nodes, script, told
from tests.walks.site import Site
from tests.walks.stopped import Stopped

PROJECT = "acts"
LATE = 6.0
NOOP = {"name": "do", "type": "noop"}
GATE = {"name": "go", "type": "approval"}


@pytest.fixture(scope="module")
def place(site: Site) -> Site:
    """The site, with the project of this module."""
    site.project(PROJECT, "production")
    return site


@contextmanager
def held_up(place: Site, name: str) -> Iterator[tuple[Json, Path]]:
    """A step that ends when the file is there."""
    file = place.folder / f"{name}.go"
    yield script("hold", f"until [ -e {file} ]; do sleep 0.05; done"), file
    file.touch()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def phases_of(run: Json) -> Sequence[str]:
    return [stage["phase"] for stage in run["stages"]]


def manual(place: Site, name: str) -> str:
    """A run that stands before a phase to which a person promotes."""
    first, second = ({"name": one, "steps": [NOOP]} for one in ("first", "second"))
    place.pipeline(PROJECT, name, [first, {**second, "promotion": "manual"}])
    run_id = place.trigger(PROJECT, name)
    place.until(run_id, lambda run: phases_of(run) == ["succeeded", "waiting-person"])
    return run_id


def test_a_run_goes_on_to_a_manual_phase_when_it_is_promoted(place: Site) -> None:
    run_id = manual(place, "by-hand")

    early = place.run(run_id)["phase"]
    assert place.act(run_id, "promote", stage="second", notes="now").status == 200

    run = place.ended(run_id)
    assert (early, run["phase"], phases_of(run)) == ("running", "succeeded", ["succeeded", "succeeded"])
    assert [(one["act"], one["by"], one["notes"]) for one in run["acts"]] == [("promoted", "admin", "now")]


def test_a_promotion_for_later_begins_then(place: Site) -> None:
    run_id = manual(place, "by-clock")
    then = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2)

    assert place.act(run_id, "promote", stage="second", begin_at=then.isoformat()).status == 200
    waiting = phases_of(place.run(run_id))
    run = place.ended(run_id)

    began = at(nodes(run, "do")[-1]["began_at"])
    assert (waiting, run["phase"]) == (["succeeded", "waiting-time"], "succeeded")
    assert 0 <= (began - then).total_seconds() < LATE


def test_a_promotion_out_of_order_is_refused(place: Site) -> None:
    stages = [{"name": name, "steps": [NOOP], "promotion": "manual"} for name in ("first", "second", "third")]
    place.pipeline(PROJECT, "ordered", stages)
    run_id = place.trigger(PROJECT, "ordered")
    assert place.act(run_id, "promote", stage="first").status == 200
    place.until(run_id, lambda run: phases_of(run)[0] == "succeeded")

    refused = place.act(run_id, "promote", stage="third")

    assert (refused.status, refused.json["message"]) == (409, "stage second has not gone well before")
    assert place.act(run_id, "promote", stage="fourth").status == 404
    assert place.act(run_id, "cancel").status == 200
    assert place.ended(run_id)["phase"] == "cancelled"


def test_a_replay_does_a_phase_once_more_and_keeps_what_was(place: Site) -> None:
    mark = place.folder / "replayable"
    step = script("do", f"echo done >> {place.folder}/replayed.txt; [ -e {mark} ]")
    place.pipeline(PROJECT, "replayed", [{"name": "first", "steps": [step]}])
    run_id = place.trigger(PROJECT, "replayed")
    place.ended(run_id)
    mark.touch()

    assert place.act(run_id, "replay").status == 200
    place.until(run_id, lambda run: len(run["stages"]) == 2)
    run = place.ended(run_id)

    assert phases_of(run) == ["failed", "succeeded"]
    assert [stage["attempt"] for stage in run["stages"]] == [1, 2]
    assert place.lines("replayed.txt") == ["done", "done"]
    assert place.act(run_id, "replay").status == 409


def test_a_retry_keeps_what_went_well(place: Site) -> None:
    mark = place.folder / "mended"
    steps = [
        script("good", f"echo good >> {place.folder}/retried.txt"),
        script("bad", f"echo bad >> {place.folder}/retried.txt; [ -e {mark} ]", needs=["good"]),
    ]
    place.pipeline(PROJECT, "retried", [{"name": "only", "steps": steps}, {"name": "next", "steps": [NOOP]}])
    run_id = place.trigger(PROJECT, "retried")
    failed = place.ended(run_id)
    mark.touch()

    assert place.act(run_id, "retry").status == 200
    run = place.until(run_id, lambda run: run["phase"] == "succeeded")

    assert failed["phase"] == "failed"
    assert run["retries"] == 1
    assert place.lines("retried.txt") == ["good", "bad", "bad"]
    assert place.act(run_id, "retry").status == 409


def test_an_aborted_phase_ends_and_so_does_its_run(stopped: Stopped) -> None:
    assert stopped.answers["aborted"] == 200
    assert (stopped.aborted["phase"], phases_of(stopped.aborted)) == ("cancelled", ["cancelled"])
    assert stopped.left["aborted"] == []


def test_an_owner_overrides_a_gate_that_waits(place: Site) -> None:
    gate = {"name": "ticket", "type": "external-approval", "system": "desk", "ticket": "T-1"}
    place.pipeline(PROJECT, "overridden", [{"name": "only", "gates": [gate], "steps": [NOOP]}])
    run_id = place.trigger(PROJECT, "overridden")
    place.until(run_id, lambda run: node(run, "ticket")["phase"].startswith("waiting"))

    assert place.decide(run_id, "override", node="ticket", notes="desk is closed").status == 200

    run = place.ended(run_id)
    assert (run["phase"], node(run, "ticket")["phase"]) == ("succeeded", "overridden")


def test_a_younger_run_that_passes_a_gate_first_supersedes_the_older(place: Site) -> None:
    phase = {"name": "only", "gates": [GATE], "steps": [NOOP]}
    place.pipeline(PROJECT, "train", [phase], concurrency="supersede")
    older, younger = place.trigger(PROJECT, "train"), place.trigger(PROJECT, "train")
    for one in (older, younger):
        place.until(one, lambda run: node(run, "go")["phase"] == "waiting-person")

    assert place.decide(younger, "approve").status == 200

    passed, overtaken = place.ended(younger), place.ended(older)
    assert (passed["phase"], overtaken["phase"]) == ("succeeded", "superseded")
    assert younger in overtaken["reason"]
    assert place.decide(older, "approve").status == 409
    assert place.act(older, "retry").status == 409


def test_an_older_run_that_reaches_a_passed_gate_is_superseded_there(place: Site) -> None:
    with held_up(place, "slow-train") as (hold, _):
        phases = [{"name": "build", "steps": [{**hold, "precondition": "slow"}]}, {"name": "ship", "steps": [NOOP]}]
        place.pipeline(PROJECT, "slow-train", phases, concurrency="supersede")
        older = place.trigger(PROJECT, "slow-train", {"slow": True})
        younger = place.ended(place.trigger(PROJECT, "slow-train", {"slow": False}))
        before = place.run(older)["phase"]
    overtaken = place.ended(older)

    assert (younger["phase"], before, overtaken["phase"]) == ("succeeded", "running", "superseded"), told(overtaken)
    assert younger["id"] in overtaken["reason"]
    assert nodes(overtaken, "do")[-1]["began_at"] is None


def test_runs_of_a_pipeline_that_queues_come_one_after_the_other_in_order(place: Site) -> None:
    with held_up(place, "queue") as (hold, _):
        place.pipeline(PROJECT, "queue", [{"name": "only", "steps": [hold]}], concurrency="queue")
        runs = [place.trigger(PROJECT, "queue") for _ in range(3)]
        place.until(runs[0], lambda run: node(run, "hold")["phase"] == "running")
        waiting = [place.run(one)["phase"] for one in runs[1:]]
    ended = [place.ended(one) for one in runs]

    assert waiting == ["waiting-lock", "waiting-lock"]
    assert {run["phase"] for run in ended} == {"succeeded"}
    spans = [(at(node(run, "hold")["began_at"]), at(node(run, "hold")["ended_at"])) for run in ended]
    assert spans[0][1] <= spans[1][0] < spans[1][1] <= spans[2][0]


@pytest.mark.parametrize(("exit_code", "phase"), [(0, "succeeded"), (3, "failed")])
def test_a_step_that_waits_for_its_pipeline_ends_with_it_and_as_it(place: Site, exit_code: int, phase: str) -> None:
    child, parent = f"child-{exit_code}", f"parent-{exit_code}"
    place.pipeline(PROJECT, child, [{"name": "only", "steps": [script("work", f"exit {exit_code}")]}])
    step = {"name": "start", "type": "pipeline-trigger", "pipeline": child, "wait_for_pipeline": True}
    place.pipeline(PROJECT, parent, [{"name": "only", "steps": [step]}])

    run = place.ended(place.trigger(PROJECT, parent))

    inner = place.run(node(run, "start")["child"])
    assert (run["phase"], inner["phase"], inner["name"]) == (phase, phase, child), told(run)
    assert at(inner["ended_at"]) <= at(node(run, "start")["ended_at"])


def test_a_step_that_does_not_wait_ends_when_its_pipeline_has_begun(place: Site) -> None:
    place.pipeline(PROJECT, "left-alone", [{"name": "only", "gates": [GATE], "steps": [NOOP]}])
    step = {"name": "start", "type": "pipeline-trigger", "pipeline": "left-alone"}
    place.pipeline(PROJECT, "careless", [{"name": "only", "steps": [step]}])

    run = place.ended(place.trigger(PROJECT, "careless"))

    [inner] = place.get(f"/api/v1/pipelines/by-project/{PROJECT}/by-name/left-alone/executions/")
    waiting = place.until(inner["id"], lambda run: node(run, "go")["phase"] == "waiting-person")
    assert (run["phase"], waiting["phase"], inner["run_nr"]) == ("succeeded", "running", 1)
    assert inner["id"] in node(run, "start")["reason"]


def test_cancelling_a_run_cancels_the_run_that_it_waits_for(stopped: Stopped) -> None:
    assert stopped.answers["outer"] == 200
    assert (stopped.outer["phase"], stopped.inner["phase"]) == ("cancelled", "cancelled")
    assert stopped.left["inner"] == []
