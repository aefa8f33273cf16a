"""A job in the hands of runners: leased, renewed, finished, returned, stopped, lost."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.job import (
    BEAT,
    LEASE,
    MOST_UNBEGUN,
    Ending,
    Job,
    JobPhase,
    finished,
    has_begun,
    leased,
    lost,
    renewed,
    renewed_when_due,
    returned,
    stopped,
)
from chalicelib.kernel.engine.job_times import JobTimes, times_of
from chalicelib.kernel.faults import Conflict
from chalicelib.kernel.plans.work import JobKind
from tests.builders import NOON, later

WAITING = Job(id="run1.1.s1.1", run="run1", execution=1, node="s1", attempt=1, kind=JobKind.SCRIPT, created_at=NOON)


def taken(job: Job = WAITING, now: datetime = NOON) -> Job:
    return leased(job, "runner", "token", "nonce", now=now)


def promised(job: Job = WAITING, now: datetime = NOON) -> Job:
    """In the hands of a runner that says when it begins."""
    return leased(job, "runner", "token", "nonce", now=now, began=False)


def an_ending(outcome: Outcome = Outcome.SUCCEEDED, seconds: float = 1, nonce: str = "n1") -> Ending:
    return Ending(outcome=outcome, at=later(seconds), nonce=nonce)


def test_a_waiting_job_is_leased_for_25_seconds() -> None:
    held = taken()
    assert held.lease is not None
    assert (held.phase, held.lease.number, held.lease.until) == (JobPhase.LEASED, 1, later(25))


def test_a_job_tells_when_it_was_queued_leased_and_begun_and_ended() -> None:
    begun = renewed(renewed(promised(now=later(3)), "token", 1, now=later(5), began=True), "token", 1, now=later(9))
    ended = finished(begun, "token", 1, an_ending(seconds=12))
    seen = [times_of(job) for job in (WAITING, promised(now=later(3)), taken(now=later(3)), begun, ended)]
    assert {one.queued_at for one in seen} == {NOON}
    assert [one.leased_at for one in seen] == [None, *[later(3)] * 4]
    assert [one.began_at for one in seen] == [None, None, later(3), later(5), later(5)]
    assert [one.ended_at for one in seen] == [None, None, None, None, later(12)]
    assert [one.runner for one in seen] == ["", *["runner"] * 4]


def test_a_job_that_was_handed_back_is_told_as_queued_until_it_is_leased_again() -> None:
    back = returned(promised(now=later(3)), "token", 1, now=later(4))
    assert times_of(back) == JobTimes(queued_at=NOON)
    assert times_of(promised(back, later(7))).leased_at == later(7)


def test_a_leased_job_is_not_leased_again() -> None:
    with pytest.raises(Conflict, match=r"job run1\.1\.s1\.1 is not waiting"):
        taken(taken())


def test_a_heartbeat_renews_the_lease() -> None:
    held = renewed(taken(), "token", 1, now=later(10))
    assert held.lease is not None
    assert held.lease.until == later(35)


@pytest.mark.parametrize(("at", "until"), [(1, 25), (7, 25), (7.5, 32.5), (12, 37), (24, 49)])
def test_a_runners_heartbeat_renews_what_would_be_past_half_its_life_at_the_next(at: float, until: float) -> None:
    held = renewed_when_due(taken(), "token", 1, now=later(at), began=True)
    assert held.lease is not None
    assert held.lease.until == later(until)


def test_that_work_begins_is_kept_at_once() -> None:
    held = renewed_when_due(promised(), "token", 1, now=later(1), began=True)
    assert held.lease is not None
    assert (held.lease.began, held.lease.until) == (True, later(26))
    assert renewed_when_due(held, "token", 1, now=later(2), began=False) == held


@settings(deadline=None)
@given(st.lists(st.floats(0, 2), max_size=50))
def test_who_speaks_on_time_is_always_held_and_written_every_second_time(lates: list[float]) -> None:
    held, at, written = taken(), 0.0, 0
    for late in lates:
        at += BEAT.total_seconds() + late
        before = held
        held = renewed_when_due(before, "token", 1, now=later(at), began=True)
        written += held != before
        assert held.lease is not None
        # So it may be silent for as long as a runner may that was written each time.
        assert held.lease.until - later(at) >= LEASE / 2 + BEAT
    assert written <= len(lates) / 2 + 1


@pytest.mark.parametrize(("token", "number", "at"), [("other", 1, 1), ("token", 2, 1), ("token", 1, 25)])
def test_a_lease_that_is_lost_is_not_renewed_nor_finished_nor_returned(token: str, number: int, at: int) -> None:
    with pytest.raises(Conflict, match="lease"):
        renewed(taken(), token, number, now=later(at))
    with pytest.raises(Conflict, match="lease"):
        renewed_when_due(taken(), token, number, now=later(at), began=True)
    with pytest.raises(Conflict, match="lease"):
        returned(taken(), token, number, now=later(at))
    with pytest.raises(Conflict, match="lease"):
        finished(taken(), token, number, an_ending(seconds=at))


def test_a_finish_ends_the_job_and_repeating_it_changes_nothing() -> None:
    ended = finished(taken(), "token", 1, an_ending())
    assert ended.phase is JobPhase.ENDED
    assert finished(ended, "token", 1, an_ending(seconds=99)) is ended


@pytest.mark.parametrize(("token", "nonce"), [("token", "n2"), ("other", "n1"), ("token", "")])
def test_another_finish_of_an_ended_job_is_refused(token: str, nonce: str) -> None:
    ended = finished(taken(), "token", 1, an_ending())
    with pytest.raises(Conflict):
        finished(ended, token, 1, an_ending(Outcome.FAILED, nonce=nonce))


def test_a_returned_job_waits_for_the_next_runner_under_a_new_number() -> None:
    back = returned(promised(), "token", 1, now=later(1))
    assert (back.phase, back.lease) == (JobPhase.WAITING, None)
    again = taken(back, later(2))
    assert again.leases == 2
    with pytest.raises(Conflict):
        finished(again, "token", 1, an_ending(seconds=3))


@pytest.mark.parametrize("held", [taken(), renewed(promised(), "token", 1, now=later(0.5), began=True)])
def test_a_job_returned_after_it_began_is_broken_and_says_so(held: Job) -> None:
    back = returned(held, "token", 1, now=later(1))
    assert back.ending is not None
    assert back.ending.outcome is Outcome.BROKEN
    assert back.ending.reason == "interrupted after it began: runner runner was told to end"


def test_a_job_stopped_before_anybody_took_it_ends_and_is_never_leased() -> None:
    ended = stopped(WAITING, now=later(1))
    assert ended.ending == Ending(outcome=Outcome.CANCELLED, at=later(1), reason="stopped before it began")
    with pytest.raises(Conflict):
        taken(ended)


def test_a_leased_job_told_to_stop_ends_by_its_runners_word() -> None:
    told = stopped(taken(), now=later(1))
    assert (told.phase, told.cancel) == (JobPhase.LEASED, True)
    assert finished(told, "token", 1, an_ending(Outcome.CANCELLED)).phase is JobPhase.ENDED


def test_a_job_returned_after_it_was_told_to_stop_does_not_wait_again() -> None:
    back = returned(stopped(taken(), now=later(1)), "token", 1, now=later(2))
    assert back.ending is not None
    assert back.ending.outcome is Outcome.CANCELLED


def test_an_ended_job_is_not_stopped() -> None:
    ended = finished(taken(), "token", 1, an_ending())
    assert stopped(ended, now=later(2)) is ended


def test_a_job_whose_lease_ran_out_is_broken() -> None:
    assert lost(taken(), now=later(24.999)).phase is JobPhase.LEASED
    broken = lost(taken(), now=later(25))
    assert broken.ending == Ending(outcome=Outcome.BROKEN, at=later(25), reason="runner runner was lost")


def test_a_job_whose_lease_ran_out_before_it_began_waits_again_and_another_lease_follows() -> None:
    back = lost(promised(), now=later(25))
    assert (back.phase, back.lease, back.ending, back.unbegun) == (JobPhase.WAITING, None, None, 1)
    again = promised(back, later(26))
    assert again.leases == 2
    with pytest.raises(Conflict):
        renewed(again, "token", 1, now=later(27), began=True)


def test_a_job_that_began_is_broken_when_its_lease_runs_out() -> None:
    begun = renewed(promised(), "token", 1, now=later(1), began=True)
    broken = lost(renewed(begun, "token", 1, now=later(2)), now=later(27))
    assert broken.ending == Ending(outcome=Outcome.BROKEN, at=later(27), reason="runner runner was lost")


def test_a_heartbeat_alone_does_not_say_that_the_work_began() -> None:
    assert lost(renewed(promised(), "token", 1, now=later(2)), now=later(27)).phase is JobPhase.WAITING


def test_a_lost_lease_does_not_begin() -> None:
    with pytest.raises(Conflict, match="lost"):
        renewed(promised(), "token", 1, now=later(25), began=True)


def test_a_job_that_no_runner_begins_is_broken_at_last_and_says_so() -> None:
    job = WAITING
    for number in range(MOST_UNBEGUN):
        assert job.phase is JobPhase.WAITING
        job = lost(promised(job, later(30 * number)), now=later(30 * number + 25))
    assert job.ending is not None
    assert job.ending.outcome is Outcome.BROKEN
    assert job.ending.reason == "10 runners took it and were lost before they began; the last was runner"


def test_a_job_told_to_stop_before_it_began_is_cancelled_when_its_lease_runs_out() -> None:
    gone = lost(stopped(promised(), now=later(1)), now=later(25))
    assert gone.ending == Ending(outcome=Outcome.CANCELLED, at=later(25), reason="stopped before it began")


@pytest.mark.parametrize("began", [False, True])
def test_a_job_has_begun_when_one_of_its_leases_may_have(began: bool) -> None:
    back = lost(promised(), now=later(25))
    again = promised(back, later(26))
    ended = lost(stopped(renewed(again, "token", 2, now=later(27), began=began), now=later(28)), now=later(60))
    assert (has_begun(WAITING), has_begun(back), has_begun(again)) == (False, False, True)
    assert has_begun(ended) is began


def test_a_job_whose_runner_was_lost_while_it_stopped_is_cancelled() -> None:
    gone = lost(stopped(taken(), now=later(1)), now=later(25))
    assert gone.ending is not None
    assert gone.ending.outcome is Outcome.CANCELLED


def test_only_a_leased_job_is_lost() -> None:
    ended = finished(taken(), "token", 1, an_ending())
    assert lost(WAITING, now=later(999)) is WAITING
    assert lost(ended, now=later(999)) is ended


def test_a_lost_runner_has_no_say_any_more() -> None:
    gone = lost(taken(), now=later(25))
    with pytest.raises(Conflict):
        finished(gone, "token", 1, an_ending(seconds=26))
    with pytest.raises(Conflict):
        finished(replace(gone, lease=None), "token", 1, an_ending(seconds=26))
    with pytest.raises(Conflict):
        renewed(gone, "token", 1, now=later(26))
