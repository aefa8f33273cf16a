"""The context that Lambda passes to a function with its event."""

import time
import uuid
from dataclasses import dataclass, field

LONGEST = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The context of one Lambda invocation. longest: seconds until Lambda would end it."""

    function: str
    longest: float = LONGEST
    begun: float = field(default_factory=time.monotonic)
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    memory_limit_in_mb: int = 1024
    function_version: str = "$LATEST"

    @property
    def function_name(self) -> str:
        """Return the function's name."""
        return self.function

    @property
    def invoked_function_arn(self) -> str:
        """Return an ARN for the function."""
        return f"arn:aws:lambda:local:000000000000:function:{self.function}"

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until Lambda would end the invocation."""
        return max(0, int(1000 * (self.begun + self.longest - time.monotonic())))
