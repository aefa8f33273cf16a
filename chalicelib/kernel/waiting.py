"""Waiting that costs no thread: who would wait raises what they wait for, to whoever can wait and ask again.

Only for what has changed nothing yet, since it is asked again from the start. Where nobody has said how long their
caller may be suspended, threads wait as ever.
"""

from collections.abc import Callable
from contextvars import ContextVar

Cancel = Callable[[], None]
Listen = Callable[[Callable[[], None]], Cancel]
"""Calls what it is given, from any thread, as soon as there is news; the answer takes that back."""

SECONDS_LEFT: ContextVar[float | None] = ContextVar("seconds_left", default=None)
"""How long the caller of this context may still be suspended; None where a thread waits for it."""


class Suspended(BaseException):  # no fault, and not to be caught as an error
    """The ask goes on when there is news, or after `longest` seconds."""

    def __init__(self, listen: Listen, longest: float) -> None:
        super().__init__("suspended")
        self.listen = listen
        self.longest = longest
