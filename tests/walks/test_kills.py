"""Parts of the platform died by kill -9 while runs went on: it healed, everything ended, nothing was done twice."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from chalicelib.kernel.engine.progress.nodes import REDELIVER_AFTER, next_redelivery
from tests.walks.api import Json, node, told
from tests.walks.kills import ATTEMPTS, RUNS, AllKilled, ServerKilled, StandInKilled, SupervisorKilled
from tests.walks.site import Outage

SCRIPTS = ("first", "second", "third")

A_WHILE = REDELIVER_AFTER.total_seconds() / 2
"""Seconds within which a machine that is not slow does what could be done; a deadline is twice that away at least."""

TIMES = 2
"""How much longer than the unharmed others may take."""


def outcome(run: Json) -> list[object]:
    """What came of a run, whatever attempts it took."""
    stages = [
        (stage["name"], stage["attempt"], stage["phase"], [(one["name"], one["phase"]) for one in stage["nodes"]])
        for stage in run["stages"]
    ]
    return [run["phase"], run["reason"], *stages]


def at(run: Json, name: str) -> float:
    """When the step had ended."""
    return datetime.fromisoformat(node(run, name)["ended_at"]).timestamp()


def standstill(run: Json, outages: Sequence[Outage] = ()) -> float:
    """Seconds from when the step that needs no machine could be done until it was, without those of the outages."""
    could, done = at(run, "first"), at(run, "between")
    return done - could - sum(one.within(could, done) for one in outages)


def waited_for_deadline(run: Json, outages: Sequence[Outage], unharmed: Sequence[Json]) -> bool:
    """Whether the step was done at its deadline alone, and later than this machine takes for it.

    unharmed: runs amid the same crowd, of which nothing was lost: where these take long, the machine is slow.
    """
    due = next_redelivery(datetime.fromtimestamp(at(run, "first"), UTC)).timestamp()
    usual = max(A_WHILE, TIMES * max(standstill(one) for one in unharmed))
    return at(run, "between") >= due and standstill(run, outages) >= usual


def test_the_server_dies_amid_twenty_runs_and_each_ends_as_without_that(killed_server: ServerKilled) -> None:
    expected = outcome(killed_server.peaceful)

    assert killed_server.peaceful["phase"] == "succeeded"
    assert [told(run) for run in killed_server.runs if outcome(run) != expected] == []
    assert sorted(run["run_nr"] for run in killed_server.runs) == list(range(2, RUNS + 2))


def test_the_server_dies_and_no_attempt_of_a_script_is_run_twice(killed_server: ServerKilled) -> None:
    assert set(Counter(killed_server.lines).values()) == {1}


def test_the_server_dies_and_each_script_was_run_by_its_last_attempt(killed_server: ServerKilled) -> None:
    ran = {tuple(line.split()[:3]) for line in killed_server.lines}
    runs = [killed_server.peaceful, *killed_server.runs]

    assert {(run["id"], name, str(node(run, name)["attempt"])) for run in runs for name in SCRIPTS} <= ran
    assert {(run, name) for run, name, _ in ran} == {(run["id"], name) for run in runs for name in SCRIPTS}
    assert max(int(attempt) for _, __, attempt in ran) <= ATTEMPTS


def test_the_server_dies_and_nothing_stands_still_until_a_deadline(killed_server: ServerKilled) -> None:
    story = killed_server

    assert [told(run) for run in story.runs if waited_for_deadline(run, story.outages, [story.peaceful])] == []


def test_the_stand_in_dies_and_nothing_stands_still_until_a_deadline(killed_stand_in: StandInKilled) -> None:
    story = killed_stand_in

    assert [told(run) for run in story.runs if waited_for_deadline(run, story.outages, story.later)] == []


def test_the_stand_in_dies_and_what_goes_on_succeeds(killed_stand_in: StandInKilled) -> None:
    assert {run["phase"] for run in killed_stand_in.runs} == {"succeeded"}
    assert {run["phase"] for run in killed_stand_in.later} == {"succeeded"}
    assert killed_stand_in.settled["id"] in {run["id"] for run in killed_stand_in.runs}


def test_the_stand_in_dies_and_no_run_and_no_number_is_lost(killed_stand_in: StandInKilled) -> None:
    numbers = [run["run_nr"] for run in killed_stand_in.runs]

    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert set(killed_stand_in.before) <= set(numbers)
    assert min(run["run_nr"] for run in killed_stand_in.later) > max(killed_stand_in.before)


def test_the_supervisor_dies_its_children_too_and_the_next_goes_on(
    killed_supervisor: tuple[SupervisorKilled, AllKilled],
) -> None:
    seen, _ = killed_supervisor

    assert (seen.children, seen.left) == (3, 0)
    assert {run["phase"] for run in seen.went_on} == {"succeeded"}
    assert seen.is_ready_file_true


def test_everything_dies_at_once_and_the_next_goes_on(killed_supervisor: tuple[SupervisorKilled, AllKilled]) -> None:
    _, seen = killed_supervisor

    assert {run["phase"] for run in seen.went_on} == {"succeeded"}
    assert seen.again == 409
