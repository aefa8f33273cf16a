"""What single failed calls to AWS do to the stores: the same as none, or a fault and nothing written."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

import pytest

from chalicelib.kernel.engine import job as kernel
from chalicelib.kernel.engine.advance import new_run
from chalicelib.kernel.engine.job import Job
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import StageExecution
from chalicelib.kernel.faults import Conflict, Stale
from chalicelib.kernel.plans.work import JobKind
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.runs.jobs import StoredJobs
from chalicelib.store.runs.locks import StoredLocks
from chalicelib.store.runs.log_archive import LogArchive
from chalicelib.store.runs.logs import StoredLogs
from chalicelib.store.runs.numbers import StoredNumbers
from chalicelib.store.runs.runs import StoredRuns
from chalicelib.store.runs.watermarks import StoredWatermarks
from chalicelib.use_cases.ports.locks import Holder
from chalicelib.use_cases.ports.logs import Chunk, Words
from infra import resources
from tests.builders import NOON, a_plan, later
from tests.conftest import lasting_tables
from tests.fakes.world import Identifiers
from tests.store.faulted import (
    Died,
    Faulted,
    Spoil,
    dies_after,
    dies_before,
    lost_asking,
    lost_reply,
    sent_twice,
    tables_over,
    throttled,
)

IDS = Identifiers("write")
A, B = Holder(run="a", execution=1), Holder(run="b", execution=1)
LOG = "run1.1.s1.1"
CHUNKS = tuple(Chunk(seq=seq, at=NOON, stream="out", text=f"{seq}") for seq in (1, 2, 3))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """All of them, over the same tables."""

    runs: StoredRuns
    jobs: StoredJobs
    locks: StoredLocks
    marks: StoredWatermarks
    logs: StoredLogs
    numbers: StoredNumbers


def stores(tables: Tables) -> Stores:
    return Stores(
        runs=StoredRuns(tables, IDS),
        jobs=StoredJobs(tables, IDS),
        locks=StoredLocks(tables, IDS),
        marks=StoredWatermarks(tables),
        logs=StoredLogs(tables, LogArchive(tables.aws, tables.prefix + resources.BUCKET), IDS),
        numbers=StoredNumbers(tables),
    )


def a_job() -> Job:
    return Job(id=LOG, run="run1", execution=1, node="s1", attempt=1, kind=JobKind.TASK, created_at=NOON)


def a_long_run() -> tuple[StageExecution, ...]:
    return tuple(
        StageExecution(number=number, stage="one", phase=Phase.SUCCEEDED, began_at=later(number))
        for number in range(1, 26)
    )


def nothing(_: Stores) -> object:
    return None


def a_run(there: Stores) -> object:
    return there.runs.create(new_run(a_plan()), a_plan())


def a_waiting_job(there: Stores) -> object:
    return there.jobs.create(a_job())


def a_held_lock(there: Stores) -> object:
    return there.locks.take("lock", A, NOON), there.locks.take("lock", B, NOON)


def a_log(there: Stores) -> object:
    return there.logs.append(LOG, 0, CHUNKS)


Deed = Callable[[Stores], object]
DEEDS: dict[str, tuple[Deed, Deed, Deed]] = {
    "create a run": (nothing, a_run, lambda there: (there.runs.run("run1"), there.runs.plan("run1"))),
    "commit": (
        a_run,
        lambda there: there.runs.commit(replace(new_run(a_plan()), reason="moved")),
        lambda there: there.runs.run("run1"),
    ),
    "commit a long run": (
        a_run,
        lambda there: there.runs.commit(replace(new_run(a_plan()), stages=a_long_run())),
        lambda there: (there.runs.run("run1"), there.runs.earlier_executions("run1")),
    ),
    "create a job": (nothing, a_waiting_job, lambda there: there.jobs.job(LOG)),
    "lease a job": (
        a_waiting_job,
        lambda there: there.jobs.save(kernel.leased(a_job(), "runner", "token", "nonce", now=NOON)),
        lambda there: there.jobs.job(LOG),
    ),
    "take a lock": (nothing, lambda there: there.locks.take("lock", A, NOON), lambda there: there.locks.line("lock")),
    "free a lock": (
        a_held_lock,
        lambda there: there.locks.free("lock", A, NOON),
        lambda there: there.locks.take("lock", B, NOON),
    ),
    "pass gates": (
        nothing,
        lambda there: there.marks.take("train", "one", 2, "run2"),
        lambda there: there.marks.take("train", "one", 1, "run1"),
    ),
    "append to a log": (nothing, a_log, lambda there: there.logs.read(LOG, 0)),
    "add to a log": (
        a_log,
        lambda there: there.logs.add(LOG, Words(ask="ask", at=NOON, said=(("note", "word"),))),
        lambda there: [chunk.text for chunk in there.logs.read(LOG, 0)],
    ),
    "seal a log": (a_log, lambda there: there.logs.seal(LOG), lambda there: there.logs.read(LOG, 0)),
}


@pytest.fixture
def fresh(request: pytest.FixtureRequest) -> Callable[[], Tables]:
    """Makes tables of its own at every call."""
    aws, prefix = request.getfixturevalue("aws"), request.getfixturevalue("prefix")
    made: Iterator[int] = iter(range(1000))

    def make() -> Tables:
        tables = lasting_tables(aws, f"{prefix}{next(made)}-")
        resources.create_bucket(aws, tables.prefix)
        return tables

    return make


def outcome(tables: Tables, deed: str, interceptor: Faulted) -> tuple[object, object]:
    """What the deed answers with one call spoilt, and what is there afterwards; a deed that died is done again."""
    before, act, after = DEEDS[deed]
    before(stores(tables))
    spoilt = tables_over(tables, interceptor)
    try:
        answer = act(stores(spoilt))
    except Died:
        answer = Died
        # Where it took effect before it died, whoever does it again reads first.
        with suppress(Stale, Conflict):
            act(stores(tables))
    finally:
        spoilt.aws.close()
    return answer, after(stores(tables))


@pytest.mark.parametrize("spoil", [throttled, lost_asking, lost_reply, sent_twice, dies_before, dies_after])
@pytest.mark.parametrize("deed", DEEDS)
def test_a_spoilt_call_leaves_no_trace(fresh: Callable[[], Tables], deed: str, spoil: Spoil) -> None:
    counted = Faulted()
    answer, state = outcome(fresh(), deed, counted)
    for number in range(1, len(counted.asked) + 1):
        interceptor = Faulted(number=number, spoil=spoil)
        told, left = outcome(fresh(), deed, interceptor)
        assert interceptor.spoilt is not None
        assert told in (answer, Died), f"{spoil.__name__} at {interceptor.spoilt.operation}"
        assert left == state, f"{spoil.__name__} at {interceptor.spoilt.operation}"


@pytest.mark.parametrize("spoil", [lost_reply, sent_twice])
def test_a_number_whose_reply_was_lost_is_given_to_nobody(tables: Tables, spoil: Spoil) -> None:
    spoilt = tables_over(tables, Faulted(number=1, spoil=spoil))
    assert StoredNumbers(spoilt).following("n") == 2
    spoilt.aws.close()
    assert StoredNumbers(tables).following("n") == 3
