"""Faults: the closed set of reasons why a command or query is refused.

No HTTP here: each dialect maps a fault to a status and body. Messages are lower case, name the thing they are about,
and have no full stop.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from slipway_formats.defect import Fault as Fault
from slipway_formats.defect import Invalid as Invalid

_WORD = re.compile(r"\w+")


class Worded(str):
    """A message with values in it. A dialect may say the message in its own words; the values stay as they are.

    template: has `{}` for each value. A value that is worded itself, as a status of the platform's, is said so too.
    """

    __slots__ = ("_literals", "_values")
    _literals: tuple[str, ...]
    _values: tuple[object, ...]

    def __new__(cls, template: str, *values: object) -> Worded:
        """Return the message in the kernel's words. Faults: ValueError if values are missing or too many."""
        literals = tuple(template.split("{}"))
        made = super().__new__(cls, _filled(literals, values, str))
        made._literals, made._values = literals, values
        return made

    def __reduce__(self) -> tuple[type[Worded], tuple[object, ...]]:
        return Worded, ("{}".join(self._literals), *self._values)

    def in_words(self, words: Mapping[str, str]) -> str:
        """Return the message with other words. words: for each of the kernel's that is not said, the one that is."""
        return _filled(
            [_swapped(one, words) for one in self._literals],
            self._values,
            lambda value: value.in_words(words) if isinstance(value, Worded) else str(value),
        )


def in_words(message: str, words: Mapping[str, str]) -> str:
    """Return a message in a dialect's words, where it is worded; any other is said as it is. words: as of Worded."""
    return message.in_words(words) if isinstance(message, Worded) else message


def _swapped(text: str, words: Mapping[str, str]) -> str:
    return _WORD.sub(lambda found: words.get(found[0], found[0]), text)


def _filled(literals: Sequence[str], values: Sequence[object], show: Callable[[object], str]) -> str:
    shown = [*map(show, values), ""]
    return "".join(f"{literal}{value}" for literal, value in zip(literals, shown, strict=True))


class Unauthenticated(Fault):
    """Credentials are missing, wrong or expired."""


class Forbidden(Fault):
    """The caller is not permitted to do this."""


class NotFound(Fault):
    """The named thing does not exist."""


class Conflict(Fault):
    """The command contradicts the current state of the thing."""


class Stale(Fault):
    """The record changed since it was read (optimistic lock): read again and decide again."""


class TooLarge(Fault):
    """The input is larger than the limit."""


class Throttled(Fault):
    """A backend is over capacity: the same request may succeed in a moment."""


class Limited(Fault):
    """The caller made too many attempts. after: how long to wait."""

    def __init__(self, message: str, after: timedelta) -> None:
        super().__init__(message)
        self.after = after

    def __reduce__(self) -> tuple[type[Limited], tuple[str, timedelta]]:
        return Limited, (self.message, self.after)


class Unavailable(Fault):
    """A required part is down, or is not part of this installation."""


PASSING = (Stale, Throttled, Unavailable)
"""Faults for which the same request may succeed in a moment."""

FAULTS = (Invalid, Unauthenticated, Forbidden, NotFound, Conflict, Stale, TooLarge, Throttled, Limited, Unavailable)
