"""The stories: what there was, and the act that a fault strikes. Each names the handlers that it is about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from chalicelib.functions import advance, effects
from chalicelib.functions.sweep import sweep
from chalicelib.kernel.events import Outcome
from chalicelib.kernel.job import Ending
from chalicelib.kernel.plan import Concurrency, Plan, Policy, Train
from chalicelib.kernel.principal import Principal, PrincipalKind
from chalicelib.kernel.role import ADMIN, ALL
from chalicelib.kernel.run import ActKind
from chalicelib.kernel.work import CallWebhook, Job, JobKind, Wait
from chalicelib.use_cases.advance_run import start_run
from chalicelib.use_cases.append_log import AppendLog, append_log
from chalicelib.use_cases.decide_run import (
    DecideNode,
    DecideRun,
    ReportTests,
    decide_node,
    decide_run,
    report_tests,
)
from chalicelib.use_cases.finish_job import FinishJob, return_job
from chalicelib.use_cases.hand_out_jobs import AskForJobs, FinishAndLease, finish_and_lease, hand_out_jobs
from chalicelib.use_cases.lease_jobs import Heartbeat, LeaseJobs, renew_lease, token_for
from chalicelib.use_cases.ports import Ports
from chalicelib.use_cases.ports_runs import Chunk
from tests.builders import NOON, a_chain, a_gate, a_plan, a_stage, a_step, with_policy
from tests.crash.house import CrashHouse
from tests.crash.mail import as_event

ROOT = Principal(name="root", kind=PrincipalKind.ADMIN, roles=frozenset({ADMIN}), scopes=frozenset({ALL}))
SCRIPT = Job(kind=JobKind.SCRIPT)
SOON = Wait(duration=timedelta(seconds=5))
NONCE = "nonce-of-a-lease-call"
FIRST, SECOND = "run1.1.s1.1", "run1.1.s2.1"

Before = Callable[[CrashHouse, Ports], object]
Act = Callable[[CrashHouse, Ports], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """before: what there was. act: done by a process with a fault. of: the handlers that it strikes.

    held: what a runner that lives on holds.
    """

    before: Before
    act: Act
    of: tuple[Callable[..., object], ...]
    held: Mapping[str, Heartbeat] = field(default_factory=dict)


def nothing(_house: CrashHouse, _ports: Ports) -> None:
    """Nothing was."""


def begun(*plans: Plan) -> Before:
    """These runs have begun."""

    def before(house: CrashHouse, ports: Ports) -> None:
        for plan in plans:
            start_run(ports, plan)
        house.deliver(ports)

    return before


def leased(*plans: Plan, slots: int = 1) -> Before:
    """These runs have begun, and a runner has their first jobs."""

    def before(house: CrashHouse, ports: Ports) -> None:
        begun(*plans)(house, ports)
        hand_out_jobs(ports, AskForJobs(lease=a_lease(slots)))

    return before


def asked(plan: Plan) -> Before:
    """This run has begun, and nothing was delivered."""
    return lambda _, ports: start_run(ports, plan)


def both(first: Before, second: Before) -> Before:
    """First the one, then the other."""

    def before(house: CrashHouse, ports: Ports) -> None:
        first(house, ports)
        second(house, ports)

    return before


def a_lease(slots: int = 1, nonce: str = NONCE) -> LeaseJobs:
    """A runner's asking for work."""
    return LeaseJobs(pool="default", runner="r1", slots=slots, nonce=nonce)


def held(job: str = FIRST, nonce: str = NONCE) -> Heartbeat:
    """What a runner shows for its job."""
    return Heartbeat(job=job, token=token_for(nonce, job), number=1)


def finish(
    outcome: Outcome = Outcome.SUCCEEDED, *, job: str = FIRST, following: LeaseJobs | None = None
) -> FinishAndLease:
    """A runner's word of how its job ended."""
    ending = Ending(outcome=outcome, at=NOON, outputs={"release": "web/app-v1.0"}, nonce=f"finish-{job}")
    return FinishAndLease(finish=FinishJob(held=held(job), ending=ending), next=following)


def finishing(ask: FinishAndLease) -> Act:
    """A job is ended by its runner."""
    return lambda _, ports: finish_and_lease(ports, ask)


def deciding(kind: ActKind, run: str = "run1", node: str = "") -> Act:
    """A person decides about a node."""
    return lambda _, ports: decide_node(ports, DecideNode(run=run, kind=kind, by=ROOT, node=node))


def doing(kind: ActKind, **about: object) -> Act:
    """A person does something to a run."""
    return lambda _, ports: decide_run(ports, DecideRun(run="run1", kind=kind, by=ROOT, **about))  # type: ignore[arg-type]  # as the story says


def events(house: CrashHouse, ports: Ports) -> None:
    """The function behind `events` and `timers` works off what is there."""
    work_off(house, ports, "events", advance.work_off)


def outward(house: CrashHouse, ports: Ports) -> None:
    """The function behind `effects` works off what is there."""
    work_off(house, ports, "effects", effects.work_off)


def work_off(house: CrashHouse, ports: Ports, queue: str, handler: Callable[..., dict[str, object]]) -> None:
    """One batch of a queue."""
    letters = house.mail.due(queue)
    house.mail.settle(letters, handler(ports, as_event(letters)))


def after(seconds: float, act: Act) -> Act:
    """The act, a while later."""

    def late(house: CrashHouse, ports: Ports) -> object:
        house.world.at = NOON + timedelta(seconds=seconds)
        return act(house, ports)

    return late


def overtaking(number: int) -> Plan:
    """One of the runs of a train, which waits for approval."""
    return a_plan(
        a_stage(gates=(a_gate(),)),
        run=f"run{number}",
        train=Train(name="web/release", number=number),
        concurrency=Concurrency.SUPERSEDE,
    )


EXCLUSIVE = a_stage(steps=(a_step(work=SCRIPT),), exclusive=True)
TWO_JOBS = a_plan(a_stage(steps=(a_step(work=SCRIPT), a_step("s2", SCRIPT, needs=("s1",)))))
ONE_JOB = a_plan(a_stage(steps=(a_step(work=SCRIPT),)))
TWICE = a_plan(a_stage(steps=(with_policy(a_step(work=SCRIPT), Policy(attempts=2)),)))
GATED = a_plan(a_stage(gates=(a_gate(),)))
FAILED = both(leased(TWO_JOBS), lambda _, ports: finish_and_lease(ports, finish(Outcome.FAILED)))
WAITING = a_plan(a_stage(gates=(a_gate(work=SOON),)))
CALLING = a_plan(a_stage(steps=(a_step(work=CallWebhook(url="https://127.0.0.1:1/")),)))

STORIES = {
    "start a chain": Story(before=nothing, act=lambda _, ports: start_run(ports, a_plan(a_chain(3))), of=(start_run,)),
    "start a job": Story(before=nothing, act=lambda _, ports: start_run(ports, ONE_JOB), of=(start_run,)),
    "start a webhook": Story(before=nothing, act=lambda _, ports: start_run(ports, CALLING), of=(start_run,)),
    "approve": Story(before=begun(GATED), act=deciding(ActKind.APPROVED), of=(decide_node,)),
    "reject": Story(before=begun(GATED), act=deciding(ActKind.REJECTED), of=(decide_node,)),
    "override": Story(before=begun(WAITING), act=deciding(ActKind.OVERRODE), of=(decide_node,)),
    "cancel before a runner came": Story(before=begun(ONE_JOB), act=doing(ActKind.CANCELLED), of=(decide_run,)),
    "cancel while a runner works": Story(
        before=leased(ONE_JOB), act=doing(ActKind.CANCELLED), of=(decide_run,), held={FIRST: held()}
    ),
    "retry": Story(before=FAILED, act=doing(ActKind.RETRIED), of=(decide_run,)),
    "replay": Story(before=FAILED, act=doing(ActKind.REPLAYED), of=(decide_run,)),
    "abort": Story(before=begun(GATED), act=doing(ActKind.ABORTED), of=(decide_run,)),
    "report tests": Story(
        before=begun(GATED),
        act=lambda _, ports: report_tests(
            ports, ReportTests(run="run1", stage="one", name="unit", passed=1, failed=0, skipped=0)
        ),
        of=(report_tests,),
    ),
    "lease": Story(
        before=begun(ONE_JOB),
        act=lambda _, ports: hand_out_jobs(ports, AskForJobs(lease=a_lease())),
        of=(hand_out_jobs,),
    ),
    "heartbeat": Story(
        before=leased(ONE_JOB),
        act=lambda _, ports: renew_lease(ports, held()),
        of=(renew_lease,),
        held={FIRST: held()},
    ),
    "return": Story(before=leased(ONE_JOB), act=lambda _, ports: return_job(ports, held()), of=(return_job,)),
    "append to a log": Story(
        before=leased(ONE_JOB),
        act=lambda _, ports: append_log(
            ports, AppendLog(held=held(), after=0, chunks=(Chunk(seq=1, at=NOON, stream="out", text="hello"),))
        ),
        of=(append_log,),
    ),
    "finish the last job": Story(before=leased(ONE_JOB), act=finishing(finish()), of=(finish_and_lease,)),
    "finish and lease the next": Story(
        before=leased(TWO_JOBS),
        act=finishing(finish(following=a_lease(nonce="nonce-of-the-next"))),
        of=(finish_and_lease,),
        held={SECOND: held(SECOND, "nonce-of-the-next")},
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
    "overtake": Story(
        before=begun(overtaking(1), overtaking(2)), act=deciding(ActKind.APPROVED, run="run2"), of=(decide_node,)
    ),
    "hear that one was overtaken": Story(
        before=both(
            begun(overtaking(1), overtaking(2)),
            lambda house, ports: deciding(ActKind.APPROVED, run="run2")(house, ports),
        ),
        act=events,
        of=(advance.work_off,),
    ),
    "inherit a lock": Story(
        before=both(
            both(begun(a_plan(EXCLUSIVE), a_plan(EXCLUSIVE, run="run2")), leased()),
            lambda _, ports: finish_and_lease(ports, finish()),
        ),
        act=events,
        of=(advance.work_off,),
    ),
    "open a gate in time": Story(before=begun(WAITING), act=after(5, events), of=(advance.work_off,)),
    "lose a runner": Story(before=leased(TWICE), act=after(26, events), of=(advance.work_off,)),
    "call a webhook": Story(before=asked(CALLING), act=outward, of=(effects.work_off,)),
    "sweep": Story(before=leased(TWICE), act=after(60, lambda _, ports: sweep(ports)), of=(sweep,)),
}
