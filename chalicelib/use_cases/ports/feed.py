"""Port for the feed: what occurred, in one order for the whole installation."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from chalicelib.kernel.feed.occurrence import Occurrence
from slipway_formats.frozen import frozen

PATIENCE = timedelta(seconds=2)
"""How long readers wait for an entry that is being written, once there is a later one."""


@frozen
class FeedEntry:
    """What one transaction brought. number: its place; of two, the greater came later."""

    number: int
    occurrences: tuple[Occurrence, ...]


@frozen
class FeedPage:
    """Entries in order, without a gap. is_waiting: the next one is being written."""

    entries: Sequence[FeedEntry] = ()
    is_waiting: bool = False


class Feed(Protocol):
    """The feed. It is written with each change by the port of the changed thing, and read by number."""

    def read(self, after: int, limit: int) -> FeedPage:
        """Return entries after a number, 0 for the oldest that is kept. Nothing ever comes before what was returned.

        Faults: NotFound, if what came after the number is not all kept any more.
        """

    def end(self) -> int:
        """Return a number after which comes all that is yet to be written; 0 in an empty feed."""


def topic_of(project: str) -> str:
    """Return the topic of live changes of the feed, of a project or, where it is empty, of all."""
    return f"feed/{project}" if project else "feed"
