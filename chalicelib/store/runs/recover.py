"""Repair the tables after an unclean stop of the local cloud, which may have lost the last second of writes.

What was acknowledged in that second may be missing in the tables but known outside: a number given out, a lock held, a
job leased. So that none of it is given out again, counters and fences jump, leases end, and every open run sends its
unacknowledged effects again.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from pynamodb.expressions.operand import Path

from chalicelib.kernel.engine.job import JobPhase
from chalicelib.kernel.faults import Stale
from chalicelib.store.dynamo.expressions import Key
from chalicelib.store.dynamo.records import record_of
from chalicelib.store.dynamo.saving import Save, save
from chalicelib.store.dynamo.tables import Table, Tables
from chalicelib.store.runs import keys
from chalicelib.store.runs.lock_line import LockState
from chalicelib.store.runs.locks import lock_item
from chalicelib.use_cases.ports.runs import Jobs, Queue
from chalicelib.use_cases.runs.resume import request_again
from slipway_formats.frozen import frozen

JUMP = 10_000
"""More than the numbers that one second can use."""


@frozen
class CrashRecovery:
    """What repairing the tables after a crash needs, besides them: the ports that end leases and wake runs.

    identifier: returns a unique name for each write.
    """

    tables: Tables
    identifier: Callable[[], str]
    jobs: Jobs
    queue: Queue


@frozen
class Recovered:
    """Counts of what was repaired."""

    counters: int
    locks: int
    leases: int
    runs: int


def recover(recovery: CrashRecovery, now: datetime) -> Recovered:
    """Undo what a crash may have half persisted: counters, fences, leases and effects of open runs. Idempotent."""
    table = recovery.tables.of(keys.RUNS)
    done: Counter[str] = Counter()
    for key in list(_touched(table)):
        kind = key.sk.partition("#")[0]
        match kind:
            case "counter":
                table.update(key, (Path("counted").add(JUMP),))
            case "lock":
                _raise_fence(recovery, table, key)
            case "job":
                _end_lease(recovery, key.sk.partition("#")[2], now)
            case _:
                request_again(recovery.queue, key.pk.partition("#")[2], now)
        done[kind] += 1
    return Recovered(counters=done["counter"], locks=done["lock"], leases=done["job"], runs=done[keys.RUN_SK])


def _touched(table: Table) -> Iterator[Key]:
    """Yield keys of counters, locks, jobs that are leased or whose end may not be acknowledged, and open runs."""
    is_one = (
        (Path("sk") == keys.counter_key("").sk)
        | (Path("sk") == keys.lock_key("").sk)
        | (Path("sk").startswith(keys.JOB_PREFIX) & Path("due_shard").exists())
        | Path("unfinished").exists()
    )
    yield from (Key(item["pk"], item["sk"]) for item in table.scan(is_one, ("pk", "sk")))


def _raise_fence(recovery: CrashRecovery, table: Table, key: Key) -> None:
    item = table.get(key)
    if item is None:
        return
    state, version = record_of(LockState, item), item["version"]
    buried = tuple(one if one.fence is None else replace(one, fence=one.fence + JUMP) for one in state.buried)
    raised = replace(state, fence=state.fence + JUMP, buried=buried)
    change = Save(
        item=lock_item(key, raised, version + 1), since=version, thing=f"lock {key.pk}", commit=recovery.identifier()
    )
    try:
        save(recovery.tables, table, change)
    except Stale:
        _raise_fence(recovery, table, key)


def _end_lease(recovery: CrashRecovery, job_id: str, now: datetime) -> None:
    """Expire a lease, marked as begun: the lost second may have held the message that work began."""
    job = recovery.jobs.job(job_id)
    try:
        if job.phase is JobPhase.LEASED and job.lease is not None:
            recovery.jobs.save(replace(job, lease=replace(job.lease, until=min(now, job.lease.until), began=True)))
    except Stale:
        _end_lease(recovery, job_id, now)
        return
    recovery.queue.schedule_job_check(job_id, now)
