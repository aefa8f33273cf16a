"""The files of two releases that differ."""

from collections.abc import Iterator

from chalicelib.kernel.changes.change_set import FileChange
from chalicelib.kernel.changes.values import Difference
from slipway_formats.release import Metadata


def files_that_differ(old: Metadata, new: Metadata) -> Iterator[FileChange]:
    """Yield the files that differ, by path, as far as the releases say what is in them."""
    before, now = old.files or {}, new.files or {}
    for path in sorted({*before, *now}):
        if path not in before:
            yield FileChange(path=path, kind=Difference.ADDED)
        elif path not in now:
            yield FileChange(path=path, kind=Difference.REMOVED)
        elif before[path] != now[path]:
            yield FileChange(path=path, kind=Difference.CHANGED)
