"""When items expire, by the minute. ministack itself looks at every item of every table each minute."""

import json
from collections.abc import Iterator, Sequence

from infra.local.emulator.journal.file import Change

MINUTE = 60

Expiring = tuple[str, str, str]
"""Table, partition key, sort key."""


class Expiries:
    """Items by the minute after which they have expired. It may stand there more than once, or in vain."""

    def __init__(self) -> None:
        self._by_minute: dict[int, list[str]] = {}

    def note(self, expiring: Expiring, at: float) -> None:
        """Note when an item expires. at: in seconds since 1970."""
        # One flat list: a tuple for each would be three times as large.
        self._by_minute.setdefault(int(at) // MINUTE + 1, []).extend(expiring)

    def due(self, most: int, now: float) -> Sequence[Expiring]:
        """Take out and return those that have expired, at most so many."""
        found: list[Expiring] = []
        for minute in sorted(one for one in self._by_minute if one <= now // MINUTE):
            rest = self._by_minute[minute]
            while rest and len(found) < most:
                sk, pk, table = rest.pop(), rest.pop(), rest.pop()
                found.append((table, pk, sk))
            if not rest:
                del self._by_minute[minute]
        return found

    def whole(self) -> Iterator[Sequence[Change]]:
        """Yield all, by the batch."""
        for minute, items in self._by_minute.items():
            yield (Change(("expiries", minute), json.dumps(items).encode()),)

    def restore(self, items: Sequence[str], minute: int) -> None:
        """Take these over."""
        self._by_minute.setdefault(minute, []).extend(items)
