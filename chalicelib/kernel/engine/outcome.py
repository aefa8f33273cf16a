"""How the work of a step or job can end."""

from enum import StrEnum


class Outcome(StrEnum):
    """How a step or job ended. Each value is that of the Phase in which the node then ends."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    BROKEN = "broken"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"
