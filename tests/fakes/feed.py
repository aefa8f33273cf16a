"""The feed in memory: held to the contract by tests/store/feed/test_feed.py."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.feed.occurrence import KEPT, Occurrence
from chalicelib.use_cases.ports.feed import Feed, FeedEntry, FeedPage
from tests.builders import NOON


def _noon() -> datetime:
    return NOON


@dataclass
class FakeFeed(Feed):
    """The feed in memory. Fakes of other ports add to it what occurs."""

    now: Callable[[], datetime] = _noon
    entries: list[tuple[datetime, FeedEntry]] = field(default_factory=list)

    def add(self, occurred: Sequence[Occurrence]) -> None:
        """Add what occurred, if anything did."""
        if occurred:
            number = len(self.entries) + 1
            self.entries.append((self.now(), FeedEntry(number=number, occurrences=tuple(occurred))))

    @property
    def all(self) -> list[Occurrence]:
        """All that occurred, in order."""
        return [one for _, entry in self.entries for one in entry.occurrences]

    def read(self, after: int, limit: int) -> FeedPage:
        kept = [entry for at, entry in self.entries if at >= self.now() - KEPT]
        if after and after not in {entry.number for entry in kept}:
            raise NotFound(f"no event {after}: they are kept for {KEPT.days} days")
        return FeedPage(entries=[entry for entry in kept if entry.number > after][:limit])

    def end(self) -> int:
        return len(self.entries)
