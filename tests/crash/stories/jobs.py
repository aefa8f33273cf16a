"""What runners do."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.job import UNLEASED, Commit, JobPhase, stopped
from chalicelib.kernel.explanation.runner import Runner
from chalicelib.kernel.plans.plan import Concurrency
from chalicelib.use_cases.definitions.executions import ExecutionNamed
from chalicelib.use_cases.jobs.append_log import AppendLog, AppendLogs, append_log, append_logs
from chalicelib.use_cases.jobs.commit import ReportCommit, report_commit
from chalicelib.use_cases.jobs.drain_runner import DrainRunner, drain_runner
from chalicelib.use_cases.jobs.finish import return_job
from chalicelib.use_cases.jobs.hand_out import HandOutJobs, finish_and_lease, offer_jobs
from chalicelib.use_cases.jobs.heartbeats import RenewLeases, renew_leases
from chalicelib.use_cases.jobs.lease import renew_lease
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.logs import Chunk
from tests.builders import NOON, a_plan, a_stage, a_step
from tests.crash.house import CrashHouse
from tests.crash.plans import EXCLUSIVE, ONE_JOB, SCRIPT, SIDE_BY_SIDE, TWICE, TWO_JOBS, finish, finishing
from tests.crash.stories.story import (
    DONE,
    FIRST,
    ROOT,
    SECOND,
    Act,
    Story,
    a_lease,
    after,
    among_others,
    an_origin,
    asking,
    begun,
    both,
    held,
    leased,
)

AFTER, PROMPT = "nonce-of-the-next", timedelta(minutes=1)


def a_chunk(text: str) -> Chunk:
    """The first one of a log."""
    return Chunk(seq=1, at=NOON, stream="out", text=text)


def appending(*appends: AppendLog) -> Act:
    """A runner's logs grow, each that was left out alone."""

    def act(_: CrashHouse, ports: Ports) -> list[int]:
        grown = {one.job: one.head for one in append_logs(ports, AppendLogs(appends=appends))}
        return [grown.get(one.held.job) or append_log(ports, one).head for one in appends]

    return act


def buried(_: CrashHouse, ports: Ports) -> None:
    """The second job was stopped before it was offered, by somebody who died then."""
    first = ports.jobs.job(FIRST)
    second = replace(first, id=SECOND, node="s2", phase=JobPhase.WAITING, lease=None, leases=UNLEASED, version=0)
    ports.jobs.create_tombstone(stopped(second, now=NOON))


STORIES = {
    "drain a runner": Story(
        before=lambda _, ports: ports.runners.note(Runner(pool="default", name="r1", seen_at=NOON, slots=2, busy=0)),
        act=asking(drain_runner, DrainRunner(origin=an_origin(), pool="default", name="r1")),
        of=(drain_runner,),
    ),
    "lease": Story(
        before=begun(ONE_JOB),
        act=lambda _, ports: offer_jobs(ports, HandOutJobs(lease=a_lease())),
        of=(offer_jobs,),
    ),
    "lease among others": Story(
        before=begun(ONE_JOB),
        act=among_others(lambda _, ports: offer_jobs(ports, HandOutJobs(lease=a_lease()))),
        of=(offer_jobs,),
    ),
    "heartbeat": Story(
        before=leased(ONE_JOB),
        act=lambda _, ports: renew_lease(ports, held()),
        of=(renew_lease,),
        held={FIRST: held()},
    ),
    "heartbeat of a runner": Story(
        before=leased(SIDE_BY_SIDE, slots=2),
        act=after(10, lambda _, ports: renew_leases(ports, RenewLeases(held=(held(), held(SECOND))))),
        of=(renew_leases,),
        held={FIRST: held(), SECOND: held(SECOND)},
    ),
    "begin": Story(
        before=leased(ONE_JOB, says_began=True),
        act=lambda _, ports: renew_lease(ports, held(began=True)),
        of=(renew_lease,),
        held={FIRST: held(began=True)},
    ),
    "return": Story(
        refusals=DONE,
        before=leased(ONE_JOB, says_began=True),
        act=lambda _, ports: return_job(ports, held()),
        of=(return_job,),
    ),
    "return what has begun": Story(
        refusals=DONE, before=leased(ONE_JOB), act=lambda _, ports: return_job(ports, held()), of=(return_job,)
    ),
    "append to a log": Story(
        before=leased(ONE_JOB),
        act=lambda _, ports: append_log(ports, AppendLog(held=held(), after=0, chunks=(a_chunk("hello"),))),
        of=(append_log,),
    ),
    "append to logs": Story(
        before=leased(SIDE_BY_SIDE, slots=2),
        act=appending(
            AppendLog(held=held(), after=0, chunks=(a_chunk("hello"),)),
            AppendLog(held=held(SECOND), after=0, chunks=(a_chunk("x" * 33_000),)),
        ),
        of=(append_logs,),
        held={FIRST: held(), SECOND: held(SECOND)},
    ),
    "tell a commit": Story(
        before=leased(ONE_JOB),
        act=lambda _, ports: report_commit(
            ports,
            ReportCommit(
                origin=an_origin(),
                execution=ExecutionNamed(by=ROOT, of=ONE_JOB.definition, id="run1"),
                commit=Commit(revision="abcdef1"),
            ),
        ),
        of=(report_commit,),
    ),
    "finish the last job": Story(before=leased(ONE_JOB), act=finishing(finish()), of=(finish_and_lease,)),
    "finish and lease the next": Story(
        before=leased(TWO_JOBS),
        act=finishing(finish(following=a_lease(nonce=AFTER))),
        of=(finish_and_lease,),
        held={SECOND: held(SECOND, AFTER)},
    ),
    "finish and begin the next": Story(
        before=leased(TWO_JOBS),
        act=finishing(
            finish(following=replace(a_lease(nonce=AFTER, says_began=True), begins_until=NOON + PROMPT), is_silent=True)
        ),
        of=(finish_and_lease,),
        held={SECOND: held(SECOND, AFTER, began=True)},
    ),
    "finish before what was stopped": Story(
        before=both(leased(TWO_JOBS), buried),
        act=finishing(finish(following=a_lease(nonce=AFTER))),
        of=(finish_and_lease,),
    ),
    "finish badly with an attempt left": Story(
        before=leased(TWICE), act=finishing(finish(Outcome.FAILED)), of=(finish_and_lease,)
    ),
    "finish while another waits for the lock": Story(
        before=both(begun(a_plan(EXCLUSIVE), a_plan(EXCLUSIVE, run="run2")), leased()),
        act=finishing(finish()),
        of=(finish_and_lease,),
    ),
    "finish while another waits for its turn": Story(
        before=both(
            begun(
                a_plan(a_stage(steps=(a_step(work=SCRIPT),)), concurrency=Concurrency.QUEUE),
                a_plan(a_stage(steps=(a_step(work=SCRIPT),)), run="run2", concurrency=Concurrency.QUEUE),
            ),
            leased(),
        ),
        act=finishing(finish()),
        of=(finish_and_lease,),
    ),
}
