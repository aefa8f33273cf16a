"""Which calls are tried again, and how many tries a process may spend. Held to botocore's standard mode, case by case,
by tests/aws/test_like_botocore.py.
"""

from dataclasses import dataclass, field
from threading import Lock

THROTTLES = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingError",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
"""The same call may succeed in a moment. Those of botocore, and reasons of cancelled transactions."""

OUTAGES = frozenset(
    {
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceUnavailable",
    }
)
"""The service could not answer; so it is with every status from 500 on, whatever its code."""

SERVER_ERROR = 500
CAPACITY = 500
OF_RETRY, OF_TIMEOUT, OF_SUCCESS = 5, 10, 1


@dataclass(slots=True)
class RetryBudget:
    """How many retries a service is worth, as in botocore's standard mode: successes earn what retries cost.

    Where a service is down, a process soon stops asking it several times.
    """

    left: int = CAPACITY
    _lock: Lock = field(default_factory=Lock, repr=False)

    def take(self, cost: int) -> bool:
        """Return True if another try may be made, which then is paid for."""
        with self._lock:
            if cost > self.left:
                return False
            self.left -= cost
            return True

    def give_back(self, cost: int) -> None:
        """Earn from a call that went well. cost: of its last retry; zero if it needed none."""
        if self.left < CAPACITY:
            with self._lock:
                self.left = min(CAPACITY, self.left + (cost or OF_SUCCESS))


def is_outage(code: str, status: int) -> bool:
    """Return True if the service could not answer. status: of HTTP, zero if unknown."""
    return status >= SERVER_ERROR or code in OUTAGES


def is_passing(code: str, status: int) -> bool:
    """Return True if the same call may succeed in a moment."""
    return code in THROTTLES or is_outage(code, status)
