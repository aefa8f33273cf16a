"""Let a run hear of the freezes of its environments before it is advanced."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.kernel.engine.events import Event
from chalicelib.kernel.engine.freezing import FreezesChanged, FreezesRead
from chalicelib.kernel.engine.progress.windows import environments_of
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.plans.freezes import Freeze, Freezes
from chalicelib.kernel.plans.plan import Plan
from chalicelib.use_cases.ports.bundle import Ports


def with_freezes(ports: Ports, plan: Plan, run: Run, happened: Sequence[Event]) -> Sequence[Event]:
    """Return the events, with what the run has not heard of freezes yet.

    Of a run that has ended it counts once an act has reopened it.
    """
    known = _known(ports, happened)
    if known.version <= run.freezes.version:
        return happened
    own = _own(plan, known)
    if own == run.freezes.all:
        return happened
    heard = FreezesRead(at=ports.clock.now(), version=known.version, freezes=own)
    return (*happened, heard) if run.is_final else (heard, *happened)


def knowing_freezes(ports: Ports, plan: Plan, run: Run) -> Run:
    """Return the run as it will be once it hears of the freezes of its environments."""
    known = ports.freezes.recent()
    if run.is_final or known.version <= run.freezes.version:
        return run
    return replace(run, freezes=replace(known, all=_own(plan, known)))


def _known(ports: Ports, happened: Sequence[Event]) -> Freezes:
    """Return what was read lately, unless the run is told that it changed since."""
    least = max((event.version for event in happened if isinstance(event, FreezesChanged)), default=0)
    recent = ports.freezes.recent()
    return recent if recent.version >= least else ports.freezes.current()


def _own(plan: Plan, known: Freezes) -> tuple[Freeze, ...]:
    """Return the freezes of environments into which the plan brings something."""
    if not known.all:
        return ()
    project, into = plan.definition.project, set(environments_of(plan, plan.by_key.values()))
    return tuple(freeze for freeze in known.all if any(freeze.covers(project, one) for one in into))
