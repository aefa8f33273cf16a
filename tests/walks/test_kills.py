"""Parts of the platform died by kill -9 while runs went on: it healed, everything ended, nothing was done twice."""

from collections import Counter

from chalicelib.kernel.nodes import ASK_AGAIN
from tests.walks.kills import RUNS, AllKilled, ServerKilled, StandInKilled, SupervisorKilled


def test_the_server_dies_amid_twenty_runs_and_all_of_them_succeed(killed_server: ServerKilled) -> None:
    assert Counter(run["phase"] for run in killed_server.runs) == {"succeeded": RUNS}
    assert sorted(run["run_nr"] for run in killed_server.runs) == list(range(1, RUNS + 1))


def test_the_server_dies_and_each_script_was_run_once(killed_server: ServerKilled) -> None:
    done = Counter(killed_server.lines)

    assert len(done) == 3 * RUNS
    assert set(done.values()) == {1}
    assert {line.split()[1] for line in done} == {"1"}


def test_the_server_dies_and_nothing_stands_still_until_a_deadline(killed_server: ServerKilled) -> None:
    assert killed_server.seconds < ASK_AGAIN.total_seconds()


def test_the_stand_in_dies_and_nothing_stands_still_until_a_deadline(killed_stand_in: StandInKilled) -> None:
    assert killed_stand_in.seconds < ASK_AGAIN.total_seconds()


def test_the_stand_in_dies_and_what_goes_on_succeeds(killed_stand_in: StandInKilled) -> None:
    assert {run["phase"] for run in killed_stand_in.runs} == {"succeeded"}
    assert {run["phase"] for run in killed_stand_in.later} == {"succeeded"}
    assert killed_stand_in.settled["id"] in {run["id"] for run in killed_stand_in.runs}


def test_the_stand_in_dies_and_no_run_gets_a_number_given_before(killed_stand_in: StandInKilled) -> None:
    numbers = [run["run_nr"] for run in killed_stand_in.runs]

    assert len(set(numbers)) == len(numbers)
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
