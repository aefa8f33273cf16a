"""Advance a run: fold its events, commit once, perform the effects, and repeat while they yield events.

The jobs that it offers are written with the commit (offered.py), and so is the end of the job that moves it.

The only place where runs are committed. A user's act is retried on conflict until its deadline; a machine's events go
to the queue after one conflict and are folded there.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.engine.advance import Transition, advance, new_run
from chalicelib.kernel.engine.events import Act, EffectsLost, Event
from chalicelib.kernel.engine.job import Job
from chalicelib.kernel.engine.people.refusal import refusal
from chalicelib.kernel.engine.progress.settle import settle
from chalicelib.kernel.engine.refold import as_begun, traced
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import Conflict, Fault, Stale
from chalicelib.kernel.feed.of_runs import occurrences_of_run
from chalicelib.kernel.plans.plan import Plan
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.audit.run_entries import begun_entry
from chalicelib.use_cases.changes.hear_of_changes import with_changes
from chalicelib.use_cases.effects.perform import perform
from chalicelib.use_cases.effects.perform_steps import as_event, has_applied
from chalicelib.use_cases.launch.plan_travel import current_plan, renewed_plan
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.jobs_beside import NO_JOBS, JobsBeside
from chalicelib.use_cases.retry import read_before, retry_on_conflict
from chalicelib.use_cases.runs.hear_of_freezes import with_freezes
from chalicelib.use_cases.runs.offered import store_with_offers

StoreRun = Callable[[Run, Plan, AuditEntry], bool]
"""Stores a new run with its plan and the entry of its beginning; returns False if a run of that id exists."""

MOST_ROUNDS = 20
LONGEST_ROUNDS = timedelta(seconds=3)


def start_run(
    ports: Ports,
    plan: Plan,
    new: Run | None = None,
    happened: Sequence[Event] = (),
    *,
    origin: Origin,
    store: StoreRun | None = None,
) -> Run:
    """Create and advance the run of a plan. If the plan was started before, return the existing run.

    new: the run before any event, where it takes something over. happened: folded with its creation. origin: of the
    request, for the audit log. store: by default as the port creates a run.
    """
    first = _fold_now(ports, plan, as_begun(plan, new or new_run(plan)), happened)
    entry = begun_entry(origin, plan)

    def created(made: Transition, jobs: JobsBeside) -> Run | None:
        is_new = ports.runs.create(made.run, plan, entry, jobs) if store is None else store(made.run, plan, entry)
        return made.run if is_new else None

    made, run = store_with_offers(ports, first, created) if store is None else (first, created(first, NO_JOBS))
    return ports.runs.run(plan.id) if run is None else _perform_until_settled(ports, made, run)


def advance_run(ports: Ports, run_id: str, happened: Sequence[Event]) -> Run:
    """Fold these events into the run with one commit. Faults: NotFound, Stale on a concurrent commit."""
    committed = _commit_from_memory(ports, run_id, happened)
    if committed is not None:
        return _perform_until_settled(ports, *committed)
    run = ports.runs.run(run_id)
    return _advance(ports, ports.runs.plan(run.plan), run, happened)


def end_with_run(ports: Ports, ended: Job, closed: Job) -> Run | None:
    """Fold the end of a job into its run and save both by one commit; None where that cannot be, for whatever fault.

    Then, as a rule, nothing was saved, and the end must be saved by itself: it is lost with no fault of its run's.
    closed: the job as it is saved, for its run knows.
    """
    try:
        committed = _committed_with(ports, ended, closed)
    except Fault:
        return None
    return None if committed is None else _perform_until_settled(ports, *committed)


def _committed_with(ports: Ports, ended: Job, closed: Job) -> tuple[Transition, Run] | None:
    seen, happened = ports.runs.last_committed(ended.run), (as_event(ended),)
    run = seen or ports.runs.find_run(ended.run)
    if run is None:
        return None
    plan = ports.runs.plan(run.plan)
    events = happened if seen is not None else _with_renewal(ports, plan, run, happened)
    transition = _fold_now(ports, plan, run, events)
    if transition.run == run or not has_applied(transition.plan, transition.run, ended):
        return None
    return _commit(ports, transition, run, closed)


def _fold_now(ports: Ports, plan: Plan, run: Run, happened: Sequence[Event]) -> Transition:
    """Fold the events into the run, which hears with them of freezes, and of what its approvals let in."""
    heard = with_freezes(ports, plan, run, with_changes(ports, plan, run, happened))
    now = ports.clock.now()
    transition = advance(plan, run, heard, now)
    return replace(transition, run=traced(run, transition.run, heard, now))


def _commit_from_memory(ports: Ports, run_id: str, happened: Sequence[Event]) -> tuple[Transition, Run] | None:
    """Fold the events into the run as this process last committed it; None where that leads to no commit.

    What is remembered may be out of date, but then the commit fails, which the run's version guards.
    """
    seen = ports.runs.last_committed(run_id)
    if seen is None:
        return None
    transition = _fold_now(ports, ports.runs.plan(seen.plan), seen, happened)
    if transition.run == seen:
        return None
    try:
        return _commit(ports, transition, seen)
    except Stale:
        return None


def renew_plan(ports: Ports, run_id: str, *, by: str) -> None:
    """Let an open run take up its pipeline as it is now, with what was said of its stages. Faults: NotFound, Stale."""
    run = ports.runs.run(run_id)
    plan = ports.runs.plan(run.plan)
    renewal = current_plan(ports, plan, run, by=by) if not run.is_final else None
    if renewal is not None:
        _fold(ports, plan, run, (renewal,))


def apply_or_enqueue(ports: Ports, run_id: str, facts: Sequence[Event], key: str) -> Run | None:
    """Fold the events into the run and return it; on a concurrent commit enqueue them and return None.

    Faults: NotFound.
    """
    try:
        return advance_run(ports, run_id, facts)
    except Stale:
        ports.queue.enqueue_events(run_id, facts, key)
        return None


def is_gone(ports: Ports, run_id: str) -> bool:
    """Return True if the run does not exist, or no longer."""
    return ports.runs.find_run(run_id) is None


def decide(ports: Ports, run: Run, act: Act) -> Run:
    """Apply a user's act to a run that was just read.

    Faults: NotFound; Conflict if the run refuses it; Stale after too many conflicts.
    """
    current = read_before(run, lambda: ports.runs.run(run.id))
    try:
        return retry_on_conflict(ports, lambda: _apply_act(ports, current(), act), since=act.at)
    except Stale as stale:
        raise Stale(f"run {run.id} is changing too fast, try again") from stale


def _apply_act(ports: Ports, run: Run, act: Act) -> Run:
    plan = ports.runs.plan(run.plan)
    renewal = renewed_plan(ports, plan, run)
    if renewal is not None and not run.is_final:
        # What is decided about may have vanished with the new version.
        run = _fold(ports, plan, run, (renewal,))
        plan, renewal = ports.runs.plan(run.plan), None
    reason = refusal(plan, settle(plan, run, act.at), act)
    if reason is not None:
        raise Conflict(reason)
    return _fold(ports, plan, run, (act,) if renewal is None else (act, renewal))


def _advance(ports: Ports, plan: Plan, run: Run, happened: Sequence[Event]) -> Run:
    return _fold(ports, plan, run, _with_renewal(ports, plan, run, happened))


def _fold(ports: Ports, plan: Plan, run: Run, happened: Sequence[Event]) -> Run:
    transition = _fold_now(ports, plan, run, happened)
    if transition.run == run and not transition.effects:
        return run
    committed = (transition, run) if transition.run == run else _commit(ports, transition, run)
    return _perform_until_settled(ports, *committed)


def _with_renewal(ports: Ports, plan: Plan, run: Run, happened: Sequence[Event]) -> Sequence[Event]:
    """Return the events, before them that the run takes up another active version of its pipeline of gates.

    A run that has ended is reopened first.
    """
    renewal = renewed_plan(ports, plan, run)
    if renewal is None:
        return happened
    return (*happened, renewal) if run.is_final else (renewal, *happened)


def _commit(ports: Ports, transition: Transition, before: Run, ended: Job | None = None) -> tuple[Transition, Run]:
    """Commit the run; return what is to be performed since. ended: an ended job that is saved with it, or nothing is.

    Faults: Stale; JobMoved, of an ended job.
    """
    plan = transition.plan
    if plan.id != transition.run.id:
        ports.runs.replace_plan(plan)

    def committed(made: Transition, jobs: JobsBeside) -> Run:
        return ports.runs.commit(made.run, occurrences_of_run(plan, before, made.run), jobs)

    return store_with_offers(ports, transition, committed, ended)


def _perform_until_settled(ports: Ports, first: Transition, run: Run) -> Run:
    """Perform the effects of a committed run and fold the events they yield, round by round; enqueue what is left."""
    until, transition = ports.clock.now() + LONGEST_ROUNDS, first
    answers = _perform_all(ports, transition, run, until)
    for _ in range(MOST_ROUNDS):
        now = ports.clock.now()
        if not answers:
            return run
        if now >= until:
            break
        transition = _fold_now(ports, transition.plan, run, answers)
        try:
            transition, run = _commit(ports, transition, run) if transition.run != run else (transition, run)
        except Stale:
            break
        answers = _perform_all(ports, transition, run, until)
    if answers:
        ports.queue.enqueue_events(run.id, answers, key=f"{run.id}/{run.version}")
    return run


def _perform_all(ports: Ports, transition: Transition, run: Run, until: datetime) -> Sequence[Event]:
    """Perform the effects of a committed transition in order and return the resulting events.

    At the deadline the rest is left to be requested again (EffectsLost). As long as no effect has yielded an event all
    are performed: requested again, they would be the same.
    """
    answers: list[Event] = []
    for effect in transition.effects:
        now = ports.clock.now()
        if answers and now >= until:
            return (*answers, EffectsLost(at=now))
        answers.extend(perform(ports, transition.plan, run, effect))
    return answers
