"""The events by which a run stands still, or gets another plan. The others: events.py."""

from datetime import datetime

from chalicelib.kernel.plans.plan import Plan
from slipway_formats.frozen import frozen


@frozen
class RunPaused:
    """A person paused the run, or let it go on: while it is paused what is under way ends, and nothing begins."""

    at: datetime
    by: str
    notes: str = ""
    goes_on: bool = False


@frozen
class PlanReplaced:
    """The run was moved to a new plan, which knows all that has begun."""

    at: datetime
    plan: Plan
    by: str
