"""The answer to an append says how long to gather lines: shorter while somebody watches."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.kernel.engine import job as kernel
from chalicelib.kernel.faults import Conflict
from chalicelib.kernel.plans.work import Job, JobKind
from chalicelib.use_cases.jobs.append_log import AppendLog, AppendLogs, append_log, append_logs
from chalicelib.use_cases.jobs.lease import LeasedJob
from chalicelib.use_cases.ports.bundle import Settings
from chalicelib.use_cases.ports.live import Viewer
from chalicelib.use_cases.ports.logs import Chunk
from tests.builders import a_plan, a_stage, a_step
from tests.use_cases.house import House, held

SCRIPT = Job(kind=JobKind.SCRIPT)


@pytest.fixture
def house() -> House:
    house = House()
    house.ports = replace(house.ports, settings=Settings(log_pace=2.0))
    for run in ("run1", "run2"):
        house.start(a_plan(a_stage(steps=(a_step(work=SCRIPT),)), run=run))
    return house


def an_append(house: House, leased: LeasedJob, text: str = "line") -> AppendLog:
    """What follows the end of a job's log."""
    after = house.logs.head(leased.job.id)
    return AppendLog(
        held=held(leased), after=after, chunks=(Chunk(seq=after + 1, at=house.world.now(), stream="out", text=text),)
    )


def watch(house: House, run: str) -> None:
    house.ports.viewers.add(Viewer(connection=f"watches-{run}", run=run, after=0, since=house.world.now()))


def test_a_log_that_nobody_watches_comes_at_the_pace_of_the_installation_a_watched_one_at_once(house: House) -> None:
    (leased, _) = house.lease(slots=2)
    assert append_log(house.ports, an_append(house, leased)).again_in == 2.0
    watch(house, leased.job.run)
    assert append_log(house.ports, an_append(house, leased)).again_in == 0.2


def test_several_logs_grow_by_one_call_each_at_its_pace(house: House) -> None:
    leases = house.lease(slots=2)
    watch(house, leases[1].job.run)

    appended = append_logs(house.ports, AppendLogs(appends=tuple(an_append(house, one) for one in leases)))

    assert [(one.job, one.number, one.head, one.again_in) for one in appended] == [
        (leases[0].job.id, 1, 1, 2.0),
        (leases[1].job.id, 1, 1, 0.2),
    ]
    assert [message.connection for message in house.queue.deliver() if hasattr(message, "connection")] == [
        f"watches-{leases[1].job.run}"
    ]


def test_a_log_that_does_not_grow_keeps_no_other(house: House) -> None:
    first, second = house.lease(slots=2)
    stranger = replace(an_append(house, first), held=replace(held(first), token="another's"))
    gone = replace(an_append(house, first), held=replace(held(first), job="run9.1.s1.1"))

    appended = append_logs(house.ports, AppendLogs(appends=(stranger, gone, an_append(house, second))))

    assert [one.job for one in appended] == [second.job.id]
    assert house.logs.head(first.job.id) == 0
    with pytest.raises(Conflict, match="lost"):
        append_log(house.ports, stranger)


def test_a_log_that_grows_renews_its_lease_as_a_heartbeat_does(house: House) -> None:
    (leased,) = house.lease()
    lasts = []
    for _ in range(4):
        house.world.move(timedelta(seconds=4))
        state = append_log(house.ports, an_append(house, leased)).lease
        assert state is not None
        lasts.append(state.lasts.total_seconds())
    assert lasts == [21, 25, 21, 25]
    stop_step(house, leased)
    state = append_log(house.ports, an_append(house, leased)).lease
    assert state is not None
    assert state.cancel


def stop_step(house: House, leased: LeasedJob) -> None:
    """The job is told to stop."""
    house.jobs.save(kernel.stopped(house.jobs.job(leased.job.id), now=house.world.now()))
