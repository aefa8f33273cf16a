"""The next fires of a Quartz cron, for whoever tries one before a gate has it."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.plans import quartz
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen

MOST = 20


@frozen
class FiresQuery:
    """Query: the next fires of an expression. after: exclusive; None for now. count: at most, from 1 to MOST."""

    expression: str
    timezone: str = "UTC"
    after: datetime | None = None
    count: int = 5


def list_fires(ports: Ports, query: FiresQuery) -> Sequence[datetime]:
    """List the next fires, none where it fires no more. Faults: Invalid with every defect and its position."""
    if defects := tuple(_defects(query)):
        raise Invalid(defects)
    schedule, zone = quartz.parse(query.expression), quartz.zone_named(query.timezone)
    fires: list[datetime] = []
    last: datetime | None = query.after or ports.clock.now()
    while last is not None and len(fires) < query.count:
        last = quartz.next_after(schedule, last, zone)
        fires += [last] if last is not None else []
    return fires


def _defects(query: FiresQuery) -> Iterator[Defect]:
    if query.after is not None and query.after.tzinfo is None:
        yield Defect("from", "needs an offset, such as Z")
    try:
        quartz.parse(query.expression)
    except Invalid as fault:
        yield from (defect.under("expression") for defect in fault.defects)
    try:
        quartz.zone_named(query.timezone)
    except Invalid as fault:
        yield from (defect.under("timezone") for defect in fault.defects)
