"""Waiting without a thread: code that would block raises Suspended; the server waits and repeats the whole request.

Only for requests that have changed nothing yet. Where no limit is set for how long a caller may be suspended, threads
block as usual.
"""

from collections.abc import Callable
from contextvars import ContextVar

Cancel = Callable[[], None]
Listen = Callable[[Callable[[], None]], Cancel]
"""Registers a callback, called from any thread as soon as there is news; returns a function that cancels it."""

SECONDS_LEFT: ContextVar[float | None] = ContextVar("seconds_left", default=None)
"""How long the caller of this context may still be suspended; None where a thread waits for it."""


class Suspended(BaseException):  # no fault, and not to be caught as an error
    """The request waits: repeat it when there is news, or after `longest` seconds."""

    def __init__(self, listen: Listen, longest: float) -> None:
        super().__init__("suspended")
        self.listen = listen
        self.longest = longest
