"""Keyed records in memory."""

from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.use_cases.ports.access import Idempotency


@dataclass
class FakeIdempotency(Idempotency):
    """Keyed records in memory."""

    _kept: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    def claim(self, key: str, record: str, *, now: datetime, until: datetime) -> str | None:
        standing = self._kept.get(key)
        if standing is not None and now < standing[1]:
            return None if standing[0] == record else standing[0]
        self._kept[key] = (record, until)
        return None

    def find(self, key: str, *, now: datetime) -> str | None:
        record, until = self._kept.get(key, ("", now))
        return record if now < until else None

    def finish(self, key: str, claimed: str, record: str, *, until: datetime) -> None:
        if self._holds(key, claimed):
            self._kept[key] = (record, until)

    def release(self, key: str, claimed: str) -> None:
        if self._holds(key, claimed):
            del self._kept[key]

    def _holds(self, key: str, claimed: str) -> bool:
        return key in self._kept and self._kept[key][0] == claimed
