"""FlexDeploy's words for how far a workflow request is: a pure table."""

from collections.abc import Mapping
from enum import StrEnum

from chalicelib.kernel.engine.phase import Phase


class RequestStatus(StrEnum):
    """How far a workflow request is."""

    INITIATED = "INITIATED"
    PENDING_APPROVAL = "PENDING_APPROVAL"
    SCHEDULED = "SCHEDULED"
    ABORTED = "ABORTED"
    REJECTED = "REJECTED"
    READY = "READY"
    SUBMITTED = "SUBMITTED"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


STATUSES: Mapping[Phase, RequestStatus] = {
    Phase.NEW: RequestStatus.INITIATED,
    Phase.WAITING_PERSON: RequestStatus.PENDING_APPROVAL,
    Phase.WAITING_TIME: RequestStatus.SCHEDULED,
    Phase.WAITING_LOCK: RequestStatus.READY,
    Phase.QUEUED: RequestStatus.READY,
    Phase.SUCCEEDED: RequestStatus.COMPLETED,
    Phase.SKIPPED: RequestStatus.COMPLETED,
    Phase.OVERRIDDEN: RequestStatus.COMPLETED,
    Phase.FAILED: RequestStatus.FAILED,
    Phase.BROKEN: RequestStatus.FAILED,
    Phase.REJECTED: RequestStatus.REJECTED,
    Phase.CANCELLED: RequestStatus.ABORTED,
    Phase.SUPERSEDED: RequestStatus.ABORTED,
}


def request_status(phase: Phase) -> RequestStatus:
    """Return the status of a workflow request by the phase of its run."""
    return STATUSES.get(phase, RequestStatus.SUBMITTED)
