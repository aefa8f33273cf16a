"""What packages are read from. Apart from archive.py, whose libraries cost time at a cold start."""

from typing import Protocol


class Readable(Protocol):
    """A file, or a stream that cannot go back."""

    def read(self, size: int = -1, /) -> bytes:
        """Return at most so many bytes; none at the end."""
