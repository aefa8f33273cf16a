"""Move a run: fold what happened, commit once, perform what follows, and again while there is something to fold.

The only place where runs are committed. A person's act is tried against rivals until its deadline; a machine's fact
goes to the queue after one conflict, where it is folded with its rivals.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from chalicelib.kernel.engine.advance import Transition, advance, new_run
from chalicelib.kernel.engine.events import Act, EffectsLost, Event
from chalicelib.kernel.engine.refusal import refusal
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import Conflict, Stale
from chalicelib.kernel.plans.plan import Plan
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import retry_on_conflict
from chalicelib.use_cases.runs.perform import perform

MOST_ROUNDS = 20
LONGEST_ROUNDS = timedelta(seconds=3)


def start_run(ports: Ports, plan: Plan) -> Run:
    """The run of a plan, begun. Starting the same plan again answers the run that is there."""
    first = advance(plan, new_run(plan), (), ports.clock.now())
    if not ports.runs.create(first.run, plan):
        return ports.runs.run(plan.id)
    return _onward(ports, first, first.run)


def advance_run(ports: Ports, run_id: str, happened: Sequence[Event]) -> Run:
    """The run with these events folded in by one commit. Faults: NotFound, Stale when a rival was faster."""
    run = ports.runs.run(run_id)
    return _advance(ports, ports.runs.plan(run.plan), run, happened)


def apply_or_enqueue(ports: Ports, run_id: str, facts: Sequence[Event], key: str) -> Run | None:
    """The run that knows these facts; nothing when a rival is at work and the queue has them. Faults: NotFound."""
    try:
        return advance_run(ports, run_id, facts)
    except Stale:
        ports.queue.enqueue_events(run_id, facts, key)
        return None


def is_gone(ports: Ports, run_id: str) -> bool:
    """Whether there is no such run, or no more."""
    return ports.runs.find_run(run_id) is None


def decide(ports: Ports, run_id: str, act: Act) -> Run:
    """The run after a person's act. Faults: NotFound; Conflict when the run refuses it; Stale amid too many rivals."""
    try:
        return retry_on_conflict(ports, lambda: _decided(ports, run_id, act), since=act.at)
    except Stale as stale:
        raise Stale(f"run {run_id} is changing too fast, try again") from stale


def _decided(ports: Ports, run_id: str, act: Act) -> Run:
    run = ports.runs.run(run_id)
    plan = ports.runs.plan(run.plan)
    refused = refusal(plan, run, act)
    if refused is not None:
        raise Conflict(refused)
    return _advance(ports, plan, run, (act,))


def _advance(ports: Ports, plan: Plan, run: Run, happened: Sequence[Event]) -> Run:
    transition = advance(plan, run, happened, ports.clock.now())
    if transition.run == run and not transition.effects:
        return run
    return _onward(ports, transition, run if transition.run == run else _committed(ports, transition))


def _committed(ports: Ports, transition: Transition) -> Run:
    if transition.plan.id != transition.run.id:
        ports.runs.replace_plan(transition.plan)
    return ports.runs.commit(transition.run)


def _onward(ports: Ports, first: Transition, run: Run) -> Run:
    """The committed run, with what it asked for performed and acknowledged, round by round."""
    until, transition = ports.clock.now() + LONGEST_ROUNDS, first
    answers = _performed(ports, transition, run, until)
    for _ in range(MOST_ROUNDS):
        now = ports.clock.now()
        if not answers:
            return run
        if now >= until:
            break
        transition = advance(transition.plan, run, answers, now)
        try:
            run = _committed(ports, transition) if transition.run != run else run
        except Stale:
            break
        answers = _performed(ports, transition, run, until)
    if answers:
        ports.queue.enqueue_events(run.id, answers, key=f"{run.id}/{run.version}")
    return run


def _performed(ports: Ports, transition: Transition, run: Run, until: datetime) -> Sequence[Event]:
    """The answers to the effects of a committed transition, in order; those not come to in time are to be asked anew.

    Without an answer all are gone through: asked anew, they would be the same again.
    """
    answers: list[Event] = []
    for effect in transition.effects:
        now = ports.clock.now()
        if answers and now >= until:
            return (*answers, EffectsLost(at=now))
        answers.extend(perform(ports, transition.plan, run, effect))
    return answers
