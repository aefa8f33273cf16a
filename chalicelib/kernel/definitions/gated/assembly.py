"""Whether a snapshot on a pipeline of gates is still being built."""

from enum import StrEnum

from chalicelib.kernel.definitions.gated.settings import BUILDING
from chalicelib.kernel.engine.phase import BAD
from chalicelib.kernel.engine.run import Run


class Assembly(StrEnum):
    """How far a snapshot is before it travels."""

    PENDING = "pending"
    INITIATED = "initiated"
    FAILED = "failed"


def assembly_of(run: Run | None) -> Assembly:
    """Return how far a snapshot is. run: that takes it through its pipeline; None before it has begun."""
    if run is None:
        return Assembly.PENDING
    building = run.latest(BUILDING)
    if building is None or (building.is_final and building.phase not in BAD):
        return Assembly.INITIATED
    return Assembly.FAILED if building.is_final else Assembly.PENDING
