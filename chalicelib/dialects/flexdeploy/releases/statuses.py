"""FlexDeploy's words for the status of a release: a pure table."""

from collections.abc import Mapping
from enum import StrEnum

from chalicelib.kernel.trains.gated import Readiness
from chalicelib.kernel.trains.train import TrainStatus


class ReleaseState(StrEnum):
    """The status of a release."""

    NOT_STARTED = "NOTSTARTED"
    STARTED = "STARTED"
    SUSPENDED = "SUSPENDED"
    COMPLETED = "COMPLETED"


READINESS: Mapping[ReleaseState, Readiness] = {
    ReleaseState.NOT_STARTED: Readiness.NOT_STARTED,
    ReleaseState.STARTED: Readiness.STARTED,
    ReleaseState.SUSPENDED: Readiness.SUSPENDED,
}
"""What an open release may be told to be."""

OF_READINESS = {readiness: state for state, readiness in READINESS.items()}


def release_state(status: TrainStatus, readiness: Readiness) -> ReleaseState:
    """Return the status of a release."""
    return OF_READINESS[readiness] if status is TrainStatus.ACTIVE else ReleaseState.COMPLETED
