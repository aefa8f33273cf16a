"""Where batches of changes go."""

from typing import Protocol


class Target(Protocol):
    """Where batches go. It may be another one from batch to batch."""

    def append(self, batch: bytes) -> None:
        """Append a batch. Faults: OSError."""

    def sync(self) -> None:
        """Have all batches on disk. Faults: OSError."""
