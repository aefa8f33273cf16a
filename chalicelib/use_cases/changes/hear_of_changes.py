"""Let a run hear of what its approvals would let in, before it is advanced: those given for something else lapse."""

from collections.abc import Sequence

from chalicelib.kernel.engine.events import Approved, Event
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.plans.plan import Plan
from chalicelib.use_cases.ports.bundle import Ports


def with_changes(ports: Ports, plan: Plan, run: Run, happened: Sequence[Event]) -> Sequence[Event]:
    """Return the events, with what is there to read behind each node about which an approval is bound.

    Of a node that is approved among them it is read at once behind the approval.
    """
    told = any(isinstance(event, Approved) and event.changes for event in happened)
    if not told and not any(act.changes for act in run.acts):
        return happened
    from chalicelib.use_cases.changes.bound_changes import with_bound_changes

    return with_bound_changes(ports, plan, run, happened)
