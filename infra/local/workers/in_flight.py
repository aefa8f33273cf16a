"""A journal on disk of received, unsettled messages. After a kill the next process makes them visible again."""

import contextlib
import json
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class InFlightJournal:
    """The messages in flight. folder: one file per batch."""

    folder: Path
    open_batches: set[Path] = field(default_factory=set)

    @contextlib.contextmanager
    def of(self, address: str, handles: Sequence[str]) -> Iterator[None]:
        """While this lasts, the messages of the queue at this address are in the journal."""
        path = self.folder / f"{threading.get_native_id()}-{time.monotonic_ns()}.json"
        path.write_text(json.dumps({"address": address, "handles": list(handles)}))
        self.open_batches.add(path)
        try:
            yield
        finally:
            self.open_batches.discard(path)
            path.unlink(missing_ok=True)

    def wait_until_empty(self, seconds: float) -> None:
        """Wait up to `seconds` until no message of this process is in flight."""
        deadline = time.monotonic() + seconds
        while self.open_batches and time.monotonic() < deadline:
            time.sleep(0.01)


def journal_in(folder: Path) -> InFlightJournal:
    """Open the journal in this folder."""
    folder.mkdir(parents=True, exist_ok=True)
    return InFlightJournal(folder=folder)


def crashed(folder: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield queue address and receipt handles of each batch in flight when a process died; delete its file."""
    for path in sorted(folder.glob("*.json")):
        with contextlib.suppress(ValueError, KeyError):
            told = json.loads(path.read_text())
            yield told["address"], tuple(told["handles"])
        path.unlink(missing_ok=True)
