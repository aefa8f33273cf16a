"""Which messages a process has received and not yet settled, on disk: whoever comes after a kill shows them again."""

import contextlib
import json
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Flight:
    """The messages in the air. folder: one file a batch."""

    folder: Path
    aloft: set[Path] = field(default_factory=set)

    @contextlib.contextmanager
    def of(self, address: str, handles: Sequence[str]) -> Iterator[None]:
        """While this lasts, the messages of the queue at this address are in the air."""
        path = self.folder / f"{threading.get_native_id()}-{time.monotonic_ns()}.json"
        path.write_text(json.dumps({"address": address, "handles": list(handles)}))
        self.aloft.add(path)
        try:
            yield
        finally:
            self.aloft.discard(path)
            path.unlink(missing_ok=True)

    def wait_until_empty(self, seconds: float) -> None:
        """Ensures that nothing of this process is in the air, or that the time is over."""
        deadline = time.monotonic() + seconds
        while self.aloft and time.monotonic() < deadline:
            time.sleep(0.01)


def flight_in(folder: Path) -> Flight:
    """The flight whose files are in this folder."""
    folder.mkdir(parents=True, exist_ok=True)
    return Flight(folder=folder)


def crashed(folder: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Queue address and receipt handles of every batch that a process died with; their files are gone afterwards."""
    for path in sorted(folder.glob("*.json")):
        with contextlib.suppress(ValueError, KeyError):
            told = json.loads(path.read_text())
            yield told["address"], tuple(told["handles"])
        path.unlink(missing_ok=True)
