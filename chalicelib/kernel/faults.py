"""The closed set of ways in which an ask can be refused, whatever the dialect.

Nothing here knows of HTTP: each dialect says which status and body a fault becomes. A fault's message is lower case,
names the thing it speaks of and ends without a full stop.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing wrong with an input: where (a path such as `steps[2].cron`, empty for the whole) and what."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message

    def under(self, prefix: str) -> Defect:
        """Answers the same defect as seen from the input that holds this one under `prefix`."""
        if not self.path:
            return Defect(prefix, self.message)
        joint = "" if self.path.startswith("[") else "."
        return Defect(f"{prefix}{joint}{self.path}", self.message)


class Fault(Exception):  # noqa: N818 - the word of the house; its members are adjectives and states
    """An ask that was refused, with a message for whoever asked."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Invalid(Fault):
    """The input is wrong: every defect of it, in the order of the input."""

    def __init__(self, defects: tuple[Defect, ...]) -> None:
        super().__init__("; ".join(str(defect) for defect in defects) or "invalid input")
        self.defects = defects

    def __reduce__(self) -> tuple[type[Invalid], tuple[tuple[Defect, ...]]]:
        return Invalid, (self.defects,)

    @classmethod
    def single(cls, path: str, message: str) -> Invalid:
        """Answers the fault of an input with one defect."""
        return cls((Defect(path, message),))


class Unauthenticated(Fault):
    """Nobody known asks: credentials are missing, wrong or expired."""


class Forbidden(Fault):
    """Somebody known asks for what they may not have."""


class NotFound(Fault):
    """The thing that the ask names does not exist."""


class Conflict(Fault):
    """The ask contradicts the state that the thing is in."""


class Stale(Fault):
    """The thing has changed since it was read: read again and decide again."""


class TooLarge(Fault):
    """The input is bigger than what is taken."""


class Throttled(Fault):
    """A port could not do it now: the same ask may succeed in a moment."""


class Limited(Fault):
    """The asker has tried too often. after: how long they must wait."""

    def __init__(self, message: str, after: timedelta) -> None:
        super().__init__(message)
        self.after = after

    def __reduce__(self) -> tuple[type[Limited], tuple[str, timedelta]]:
        return Limited, (self.message, self.after)


class Unavailable(Fault):
    """A part that the ask needs is not there: it is down, or this installation goes without it."""


PASSING = (Stale, Throttled, Unavailable)
"""Those that say nothing about the ask: the same may succeed in a moment."""

FAULTS = (Invalid, Unauthenticated, Forbidden, NotFound, Conflict, Stale, TooLarge, Throttled, Limited, Unavailable)
