"""A runner died by kill -9 amid the exclusive stage of production: what became of its jobs, and of those behind it."""

import itertools
from datetime import datetime

from tests.walks.api import Json, node, nodes, told
from tests.walks.lost_runner import LostRunner, Note

# From the runner's death: the rest of its lease of 25 s, and then a machine under load may take its time.
BROKEN_WITHIN = 60.0
# From the runner's death: the guardian kills at the end of the runner's input, long before the lease is over.
DEAD_WITHIN = 15.0


def span(notes: list[Note], run: Json, attempt: int) -> tuple[float, float]:
    """From the first to the last sign of life of an attempt, whatever it left running included."""
    times = [one.at for one in notes if (one.run, one.attempt) == (run["id"], attempt)]
    return min(times), max(times)


def began(run: Json) -> float:
    return datetime.fromisoformat(node(run, "work")["began_at"]).timestamp()


def test_the_job_is_broken_soon_after_its_lease_is_over(lost: LostRunner) -> None:
    retried, broken = lost.retried[0], lost.broken[0]

    assert began(retried) - lost.killed_at < BROKEN_WITHIN
    assert datetime.fromisoformat(broken["ended_at"]).timestamp() - lost.killed_at < BROKEN_WITHIN


def test_a_step_with_a_single_attempt_is_broken_with_that_reason_and_was_begun_once(lost: LostRunner) -> None:
    broken = lost.broken[0]
    begun = [one.attempt for one in lost.notes["staging"] if (one.what, one.run) == ("begin", broken["id"])]

    assert broken["phase"] == "broken", told(broken)
    assert "runner first was lost" in broken["reason"]
    assert [(one["phase"], one["attempt"], one["reason"]) for one in nodes(broken, "work")] == [
        ("broken", 1, "runner first was lost")
    ]
    assert begun == [1]


def test_the_step_is_tried_again_by_policy_and_succeeds_elsewhere(lost: LostRunner) -> None:
    first = lost.retried[0]

    assert (first["phase"], node(first, "work")["attempt"]) == ("succeeded", 2), told(first)


def test_its_processes_and_theirs_are_dead_long_before_anybody_else_begins(lost: LostRunner) -> None:
    for environment, first, second in (
        ("production", lost.retried[0], (lost.retried[0], 2)),
        ("staging", lost.broken[0], (lost.broken[1], 1)),
    ):
        notes = lost.notes[environment]
        _, last = span(notes, first, 1)
        next_begun, _ = span(notes, *second)
        assert {"begin", "tick"} <= {one.what for one in notes if (one.run, one.attempt) == (first["id"], 1)}
        assert last - lost.killed_at < DEAD_WITHIN
        assert next_begun > last


def test_no_two_runs_are_ever_at_work_in_the_exclusive_stage(lost: LostRunner) -> None:
    for environment, runs in (("production", lost.retried), ("staging", lost.broken)):
        notes = lost.notes[environment]
        spans = sorted(span(notes, run, attempt) for run in runs for attempt in {1, node(run, "work")["attempt"]})
        assert all(before[1] < after[0] for before, after in itertools.pairwise(spans)), spans


def test_the_run_that_waited_gets_the_environment_and_succeeds(lost: LostRunner) -> None:
    assert [lost.retried[1]["phase"], lost.broken[1]["phase"]] == ["succeeded", "succeeded"]


def test_late_words_of_the_dead_lease_are_refused(lost: LostRunner) -> None:
    assert len(lost.late) == 8
    assert {answer.status for answer in lost.late} == {409}, lost.late
    assert "late words\n" not in lost.heard
