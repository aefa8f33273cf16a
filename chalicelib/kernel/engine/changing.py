"""The event by which a run hears what its approvals would let into an environment. The others: events.py."""

from datetime import datetime

from chalicelib.kernel.plans.plan import NodeAddress
from slipway_formats.frozen import frozen


@frozen
class ChangesRead(NodeAddress):
    """The change set behind a node was read. digest: of it; approvals that were bound to another one lapse."""

    at: datetime
    digest: str
