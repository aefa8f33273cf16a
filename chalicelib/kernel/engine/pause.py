"""The event by which a run stands still. The others: events.py."""

from datetime import datetime

from slipway_formats.frozen import frozen


@frozen
class RunPaused:
    """A person paused the run, or let it go on: while it is paused what is under way ends, and nothing begins."""

    at: datetime
    by: str
    notes: str = ""
    goes_on: bool = False
