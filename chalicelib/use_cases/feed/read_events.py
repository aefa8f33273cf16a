"""Read what occurred in the caller's projects, from a cursor on, and wait for more."""

from collections.abc import Iterator

from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.feed.cloud_event import Place, is_of_kinds, unknown_kinds
from chalicelib.kernel.feed.occurrence import Occurrence
from chalicelib.use_cases.access.authorise import require_project
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.feed import PATIENCE, FeedEntry, topic_of
from slipway_formats.frozen import frozen

LONGEST_WAIT = 20.0
"""Seconds: an API Gateway ends a request after 29."""

READ_AT_ONCE = 250
MOST_READ = 2000
"""Entries that one answer looks through: a page may be short, and says where the next begins."""


@frozen
class EventsQuery:
    """Query: what occurred after a number; after=None: only where the feed ends.

    project: empty for all that the caller may read. kinds: empty for all. wait: seconds, where the process can wait.
    """

    by: Principal
    after: int | None = 0
    project: str = ""
    kinds: frozenset[str] = frozenset()
    limit: int = 100
    wait: float = 0


@frozen
class EventsView:
    """What occurred, in order. after: where the next page begins. installation: its URL."""

    events: tuple[tuple[Place, Occurrence], ...]
    after: int
    installation: str


def read_events(ports: Ports, query: EventsQuery) -> EventsView:
    """Return what occurred, or wait for it. Faults: Invalid, NotFound for a project, or a cursor that has lapsed."""
    if query.project:
        require_project(ports, query.by, Level.READ, query.project)
    if unknown := unknown_kinds(query.kinds):
        raise Invalid.single("kind", f"there is no {', '.join(unknown)}")
    installation = ports.settings.public_url
    if query.after is None:
        return EventsView(events=(), after=ports.feed.end(), installation=installation)
    topic = topic_of(query.project)
    mark = ports.live.mark(topic)
    found = _Search(ports, query)
    wait = min(query.wait, LONGEST_WAIT, PATIENCE.total_seconds() if found.is_waiting else LONGEST_WAIT)
    if not found.events and wait > 0 and ports.live.await_change(topic, mark, wait):
        found = _Search(ports, query)
    return EventsView(events=tuple(found.events), after=found.after, installation=installation)


class _Search:
    """What is found of a query now. after: up to where it was looked. is_waiting: the next entry is being written."""

    def __init__(self, ports: Ports, query: EventsQuery) -> None:
        self._ports, self._query = ports, query
        self.after, self.is_waiting = query.after or 0, False
        self.events: list[tuple[Place, Occurrence]] = []
        looked = 0
        while len(self.events) < query.limit and looked < MOST_READ and (read := self._look()):
            looked += read

    def _look(self) -> int:
        """Read some entries; return how many, 0 at the end."""
        page = self._ports.feed.read(self.after, min(READ_AT_ONCE, self._query.limit))
        for entry in page.entries:
            self.events += (one for one in _placed(entry) if self._is_wanted(one[1]))
            self.after = entry.number
        self.is_waiting = page.is_waiting
        return 0 if page.is_waiting else len(page.entries)

    def _is_wanted(self, occurrence: Occurrence) -> bool:
        query = self._query
        is_there = query.project in ("", occurrence.project) and may(query.by, Level.READ, occurrence.project)
        return is_there and is_of_kinds(occurrence.type, query.kinds)


def _placed(entry: FeedEntry) -> Iterator[tuple[Place, Occurrence]]:
    for index, occurrence in enumerate(entry.occurrences):
        yield (entry.number, index), occurrence
