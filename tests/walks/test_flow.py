"""How a run flows: times that come, and steps that wait, fail, are tried again, skipped, grouped and cleaned up."""

import statistics
from datetime import datetime

import pytest

from tests.walks.api import Json, node, script, told
from tests.walks.site import Site

PROJECT = "flow"
SOON = 1.5
LATE = 6.0
NOOP = {"name": "do", "type": "noop"}


@pytest.fixture(scope="module")
def place(site: Site) -> Site:
    """The site, with the project of this module."""
    site.project(PROJECT)
    return site


def begun(place: Site, name: str, *steps: object, inputs: Json | None = None, **phase: object) -> str:
    """A run of a new pipeline of one phase."""
    place.pipeline(PROJECT, name, [{"name": "only", "steps": list(steps), **phase}])
    return place.trigger(PROJECT, name, inputs)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def delay(run: Json, before: str, after: str) -> float:
    """Seconds from the end of one node to the beginning of another."""
    return (at(node(run, after)["began_at"]) - at(node(run, before)["ended_at"])).total_seconds()


def test_a_schedule_gate_opens_to_the_second(place: Site) -> None:
    gate = {"name": "window", "type": "schedule", "cron": "0/2 * * * * ?"}
    runs = [begun(place, "window", NOOP, gates=[gate]), *(place.trigger(PROJECT, "window") for _ in range(2))]

    ended = [place.ended(run) for run in runs]

    fires = [at(node(run, "window")["ended_at"]) for run in ended]
    assert all((fire.second % 2, fire.microsecond) == (0, 0) for fire in fires), fires
    assert all(fire > at(node(run, "window")["began_at"]) for fire, run in zip(fires, ended, strict=True))
    delays = [delay(run, "window", "do") for run in ended]
    assert 0 <= min(delays) <= statistics.median(delays) < SOON, delays
    assert max(delays) < LATE, delays


def test_a_wait_step_waits_its_time_and_no_longer(place: Site) -> None:
    wait = {"name": "pause", "type": "wait", "seconds": 1}

    run = place.ended(begun(place, "pause", wait, {**NOOP, "needs": ["pause"]}))

    pause = node(run, "pause")
    took = (at(pause["ended_at"]) - at(pause["began_at"])).total_seconds()
    assert (run["phase"], took) == ("succeeded", 1.0)
    assert 0 <= delay(run, "pause", "do") < LATE


@pytest.mark.parametrize(("branch", "phase"), [("main", "succeeded"), ("other", "skipped")])
def test_a_step_whose_precondition_does_not_hold_is_skipped(place: Site, branch: str, phase: str) -> None:
    trace = place.folder / f"guarded-{branch}.txt"
    guarded = script("guarded", f"touch {trace}", precondition="branch == 'main' and run_nr > 0")
    after = {**NOOP, "needs": ["guarded"]}

    run = place.ended(begun(place, f"guarded-{branch}", guarded, after, inputs={"branch": branch}))

    assert (run["phase"], node(run, "guarded")["phase"], node(run, "do")["phase"]) == ("succeeded", phase, "succeeded")
    assert trace.exists() == (phase == "succeeded")


def test_a_failed_step_is_tried_again_after_its_backoff(place: Site) -> None:
    text = f'date +%s.%N >> {place.folder}/tries.txt; [ "$SLIPWAY_ATTEMPT" = 2 ]'

    run = place.ended(begun(place, "tries", script("try", text, attempts=3, backoff=1)))

    first, second = (float(line) for line in place.lines("tries.txt"))
    assert (run["phase"], node(run, "try")["attempt"]) == ("succeeded", 2), told(run)
    assert second - first >= 1


def test_attempts_run_out_and_the_exit_code_is_told(place: Site) -> None:
    run = place.ended(begun(place, "never", script("never", "exit 7", attempts=2)))

    assert (run["phase"], node(run, "never")["attempt"]) == ("failed", 2)
    assert node(run, "never")["reason"] == "exit code 7"


def test_a_timeout_ends_the_whole_process_group(place: Site) -> None:
    text = f"sleep 301 & setsid sleep 302 & echo begun > {place.folder}/slow.txt; sleep 303"

    run_id = begun(place, "slow", script("slow", text, timeout=1))
    run = place.ended(run_id)

    assert place.lines("slow.txt") == ["begun"]
    assert run["phase"] == "failed", told(run)
    assert place.processes_of(run_id) == []


def test_what_runs_on_failure_cleans_up_and_the_run_has_failed_all_the_same(place: Site) -> None:
    steps = [
        script("break", "exit 1"),
        script("cleanup", f"echo clean > {place.folder}/cleanup.txt", needs=["break"], run_on_failure=True),
        {"name": "after", "type": "noop", "needs": ["break"]},
    ]

    run = place.ended(begun(place, "cleanup", *steps))

    assert (run["phase"], node(run, "cleanup")["phase"]) == ("failed", "succeeded"), told(run)
    assert place.lines("cleanup.txt") == ["clean"]
    assert node(run, "after")["began_at"] is None


def test_an_ignored_failure_stops_nobody(place: Site) -> None:
    run = place.ended(
        begun(place, "ignored", script("break", "exit 1", ignore_failure=True), {**NOOP, "needs": ["break"]})
    )

    assert (run["phase"], node(run, "break")["phase"], node(run, "do")["phase"]) == ("succeeded", "failed", "succeeded")


def test_the_steps_of_a_group_run_side_by_side_and_its_end_is_theirs(place: Site) -> None:
    folder = place.folder / "group"
    folder.mkdir()
    meet = f'touch {folder}/$SLIPWAY_JOB; until [ "$(ls {folder} | wc -l)" = 3 ]; do sleep 0.05; done'
    group = {"name": "all", "type": "group", "steps": [script(name, meet) for name in ("a", "b", "c")]}

    run = place.ended(begun(place, "group", group, {**NOOP, "needs": ["all"]}))

    assert run["phase"] == "succeeded", told(run)
    ends = [at(node(run, name)["ended_at"]) for name in ("a", "b", "c")]
    begins = [at(node(run, name)["began_at"]) for name in ("a", "b", "c")]
    assert max(begins) < min(ends)
    assert max(ends) <= at(node(run, "all")["ended_at"]) <= at(node(run, "do")["began_at"])


def test_steps_of_a_phase_that_need_nothing_run_side_by_side(place: Site) -> None:
    folder = place.folder / "side"
    folder.mkdir()
    meet = f'touch {folder}/$SLIPWAY_JOB; until [ "$(ls {folder} | wc -l)" = 2 ]; do sleep 0.05; done'

    assert place.ended(begun(place, "side", script("a", meet), script("b", meet)))["phase"] == "succeeded"


def test_outputs_of_a_script_are_kept_and_its_log_can_be_read(place: Site) -> None:
    text = 'echo hello; printf \'{"colour": "green"}\' > "$SLIPWAY_OUTPUTS"'

    run = place.ended(begun(place, "says", script("say", text)))

    said = place.get(f"/api/v1/job-logs/{node(run, 'say')['log']}")
    assert node(run, "say")["outputs"] == {"colour": "green"}, told(run)
    assert "hello" in "".join(chunk["text"] for chunk in said)


def test_test_results_open_a_test_gate_or_do_not(place: Site) -> None:
    gate = {"name": "good", "type": "test", "phase": "only", "qualifier": "percent-passed-at-least", "value": 90}
    run_id = begun(place, "tested", NOOP, gates=[gate])
    place.until(run_id, lambda run: node(run, "good")["began_at"])

    place.post(f"/api/v1/runs/{run_id}/tests", {"stage": "only", "passed": 95, "failed": 5})

    assert place.ended(run_id)["phase"] == "succeeded"
