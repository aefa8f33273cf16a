"""Keep pages up to date: one mechanism for all. A page says what it knows; while that is so, its reader gets nothing.

First it is asked whether anything occurred: by the cursor of events, and by the versions of the runs that are shown.
Only then the page is looked at, and only if it looks otherwise it is sent. static/files/live.js asks.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from enum import IntEnum
from hashlib import sha256
from typing import Protocol, TypeVar

from chalicelib.dialects.console.frame.headers import HEADERS
from chalicelib.http.reply import Reply
from chalicelib.kernel.access.principal import Principal
from chalicelib.use_cases.feed.still_so import LiveView, StillSo, still_so, versions_of
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen

SHOWN = TypeVar("SHOWN")
KNOWN = "X-Known"
"""The header by which who sees it already learns what to say at the next look."""

MOST_RUNS = 25
"""Runs by whose versions a page is known; with more it is looked at each time."""

LONGEST = 2000
"""Characters of what a page says that it knows; more was never said by us."""


class Pace(IntEnum):
    """Seconds until the next look. FINAL: never, as nothing will change."""

    FINAL = 0
    MOVING = 1
    WAITING = 5


@frozen
class Pulse:
    """How a page moves. mark: of all that it shows, but for time that goes by. runs: those in it that may move.

    is_told: whether events and these runs tell of all that changes it; else it is looked at each time.
    """

    mark: str
    pace: Pace
    runs: Sequence[str] = ()
    is_told: bool = True


@frozen
class Live:
    """What a page says of itself. known: what its reader sees. every: seconds until the next look; 0 for never."""

    known: str
    every: int


@frozen
class Unchanged:
    """What the reader sees is what there is. known: what to say at the next look; empty for the same."""

    known: str = ""


class LiveQuery(Protocol):
    """A query of a page that is kept up to date. known: what its reader sees; empty for nothing yet."""

    @property
    def by(self) -> Principal:
        """Return who asks."""

    @property
    def now(self) -> datetime:
        """Return when."""

    @property
    def known(self) -> str:
        """Return what they know."""


_MARK = re.compile(r"[0-9a-f]{12}")

Look = Callable[[], tuple[Pulse, Callable[[Live], SHOWN]]]
"""Looks at what a page shows, and returns how it moves, and how the page is made of it."""


def mark_of(*shown: object) -> str:
    """Return a mark that changes with what is shown."""
    return sha256(repr(shown).encode()).hexdigest()[:12]


def kept_live(ports: Ports, asked: LiveQuery, look: Look[SHOWN], project: str = "") -> SHOWN | Unchanged:
    """Return a page, or that its reader sees it already. project: the one that alone matters to it."""
    mark, before = _known_in(asked.known)
    if before is not None:
        same = still_so(ports, StillSo(by=asked.by, now=asked.now, seen=before, project=project))
        if same is not None:
            return Unchanged(known=_known(mark, same) if same != before else "")
    # Of the first view nothing is noted: what has just changed is looked at once more in any case.
    after = ports.feed.end() if mark else None
    pulse, page = look()
    seen = _seen(ports, asked, pulse, after, before) if after is not None else None
    known = _known(pulse.mark, seen)
    if pulse.mark == mark:
        return Unchanged(known=known)
    return page(Live(known=known, every=pulse.pace))


def live_reply(page: SHOWN | Unchanged, show: Callable[[SHOWN], Reply]) -> Reply:
    """Return the reply of a page, or one without content to who sees it already."""
    if isinstance(page, Unchanged):
        return Reply(status=204, headers={**HEADERS, **({KNOWN: page.known} if page.known else {})})
    return show(page)


def _seen(ports: Ports, asked: LiveQuery, pulse: Pulse, after: int, before: LiveView | None) -> LiveView | None:  # noqa: PLR0917
    if pulse.pace is Pace.FINAL or not pulse.is_told or len(pulse.runs) > MOST_RUNS:
        return None
    runs = versions_of(ports, asked.by, tuple(pulse.runs))
    is_same = before is not None and (before.after, before.runs) == (after, runs)
    now = asked.now.replace(microsecond=0)
    changed_at = before.changed_at if before is not None and is_same else now
    return LiveView(after=after, runs=runs, looked_at=now, changed_at=changed_at)


def _known(mark: str, seen: LiveView | None) -> str:
    if seen is None:
        return mark
    instants = (int(seen.looked_at.timestamp()), int(seen.changed_at.timestamp()))
    runs = (f"{run}~{version}" for run, version in seen.runs.items())
    return ".".join([mark, str(seen.after), *map(str, instants), *runs])


def _known_in(text: str) -> tuple[str, LiveView | None]:
    """Return the mark that a reader knows, and what they saw, if that is told as we tell it."""
    mark, *rest = text.split(".") if len(text) <= LONGEST else ("",)
    # It goes back in a header: what is no mark of ours is none.
    if _MARK.fullmatch(mark) is None:
        return "", None
    try:
        after, looked, changed = map(int, rest[:3])
        pairs = [one.partition("~") for one in rest[3 : 3 + MOST_RUNS]]
        return mark, LiveView(
            after=after,
            runs={run: int(version) for run, _, version in pairs if run.isalnum() and run.isascii()},
            looked_at=datetime.fromtimestamp(looked, UTC),
            changed_at=datetime.fromtimestamp(changed, UTC),
        )
    except (ValueError, OverflowError, OSError):
        return mark, None
