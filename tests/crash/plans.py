"""Plans that stories are about, and what runners and persons do to their runs."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.functions import advance, effects
from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.job import Ending
from chalicelib.kernel.engine.run import ActKind
from chalicelib.kernel.plans.plan import Concurrency, Plan, Policy, Promotion, Train
from chalicelib.kernel.plans.work import CallWebhook, Job, JobKind, Notify, Wait
from chalicelib.use_cases.jobs.finish import FinishJob
from chalicelib.use_cases.jobs.hand_out import FinishAndLease, finish_and_lease
from chalicelib.use_cases.jobs.lease import LeaseJobs
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.decide import DecideNode, DecideRun, decide_node, decide_run
from tests.builders import NOON, a_gate, a_plan, a_stage, a_step, with_policy
from tests.crash.house import CrashHouse
from tests.crash.stories.story import FIRST, ROOT, Act, both, held, leased, work_off

SCRIPT = Job(kind=JobKind.SCRIPT)
SOON = Wait(duration=timedelta(seconds=5))


def finish(
    outcome: Outcome = Outcome.SUCCEEDED,
    *,
    job: str = FIRST,
    following: LeaseJobs | None = None,
    is_silent: bool = False,
) -> FinishAndLease:
    """A runner's word of how its job ended."""
    ending = Ending(outcome=outcome, at=NOON, outputs={"release": "web/app-v1.0"}, nonce=f"finish-{job}")
    return FinishAndLease(finish=FinishJob(held=held(job), ending=ending, is_silent=is_silent), next=following)


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
SIDE_BY_SIDE = a_plan(a_stage(steps=(a_step(work=SCRIPT), a_step("s2", SCRIPT))))
ONE_JOB = a_plan(a_stage(steps=(a_step(work=SCRIPT),)))
TWICE = a_plan(a_stage(steps=(with_policy(a_step(work=SCRIPT), Policy(attempts=2)),)))
GATED = a_plan(a_stage(gates=(a_gate(),)))
GATHERING = a_plan(replace(a_stage(gates=(a_gate(),)), promotion=Promotion.MANUAL))
FAILED = both(leased(TWO_JOBS), lambda _, ports: finish_and_lease(ports, finish(Outcome.FAILED)))
WAITING = a_plan(a_stage(gates=(a_gate(work=SOON),)))
MAILING = a_plan(a_stage(steps=(a_step(work=Notify(subject="done", to=("ada@example.com",))),)))
CALLING = a_plan(a_stage(steps=(a_step(work=CallWebhook(url="https://127.0.0.1:1/")),)))
