"""Read what approvals that are bound to a change set would let in now."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from chalicelib.kernel.engine.changing import ChangesRead
from chalicelib.kernel.engine.events import Approved, Event, StepFinished
from chalicelib.kernel.engine.progress.behind import has_begun_behind
from chalicelib.kernel.engine.progress.nodes import acts_on
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.plans.plan import NodeAddress, Plan
from chalicelib.use_cases.changes.change_set import changes_behind
from chalicelib.use_cases.changes.read_once import reading_of
from chalicelib.use_cases.changes.reading import Reading
from chalicelib.use_cases.ports.bundle import Ports


def with_bound_changes(ports: Ports, plan: Plan, run: Run, happened: Sequence[Event]) -> Sequence[Event]:
    """Return the events, with what is there to read behind each node about which an approval is bound."""
    reading, run = reading_of(ports), _with_releases(run, happened)
    first = tuple(_read(reading, plan, run, place) for place in _bound_places(plan, run))
    return (*first, *_followed(reading, plan, run, happened))


def _with_releases(run: Run, happened: Sequence[Event]) -> Run:
    """Return the run with the releases of steps that end among the events: a step may begin with them at once."""
    outputs = (event.outputs.get("release") for event in happened if isinstance(event, StepFinished))
    return replace(run, releases=tuple(dict.fromkeys((*run.releases, *(one for one in outputs if one)))))


def _bound_places(plan: Plan, run: Run) -> Iterator[NodeAddress]:
    """Yield the nodes with an approval that is bound and behind which no step has begun."""
    for execution in run.stages:
        stage = plan.by_key[execution.stage]
        for key in execution.nodes if not execution.is_final else ():
            place = execution.address_of(key)
            is_bound = any(act.changes for act in acts_on(run, place))
            if is_bound and not has_begun_behind(stage, stage.by_key[key], execution):
                yield place


def _followed(reading: Reading, plan: Plan, run: Run, happened: Sequence[Event]) -> Iterator[Event]:
    for event in happened:
        yield event
        execution = run.execution(event.execution) if isinstance(event, Approved) and event.changes else None
        if isinstance(event, Approved) and execution is not None:
            yield _read(reading, plan, run, event.address)


def _read(reading: Reading, plan: Plan, run: Run, place: NodeAddress) -> ChangesRead:
    return ChangesRead(
        at=reading.ports.clock.now(), digest=digest_behind(reading, plan, run, place), **place.as_fields()
    )


def digest_behind(reading: Reading, plan: Plan, run: Run, place: NodeAddress) -> str:
    """Return the digest of the change set behind a node of a stage execution, as of now. Faults: KeyError."""
    execution = run.execution(place.execution)
    stage = plan.by_key[execution.stage if execution is not None else ""]
    return changes_behind(reading, plan, run, stage, stage.by_key[place.node]).digest
