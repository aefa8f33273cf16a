"""A file of changes on disk: batches, each whole or not there. Its content is not known here, but for its framing.

A batch is its length and its CRC32, then one line of JSON with the head of each change, then their bodies. One that is
shorter than it says, or whose sum is wrong, is the end of the file: a kill or a power cut tore it.
"""

import json
import logging
import os
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from infra.local.emulator.journal.target import Target
from slipway_formats.override import override

logger = logging.getLogger("emulator")

HEADER = struct.Struct("<II")


class Change(NamedTuple):
    """One accepted change. head: what of, as JSON words. body: what it is since."""

    head: tuple[Any, ...]
    body: bytes = b""


class JournalFile(Target):
    """A file that is being written."""

    def __init__(self, path: Path) -> None:
        self.size = 0
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        sync_folder(path.parent)

    @override
    def append(self, batch: bytes) -> None:
        rest = memoryview(batch)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]
        self.size += len(batch)

    @override
    def sync(self) -> None:
        getattr(os, "fdatasync", os.fsync)(self._descriptor)

    def close(self) -> None:
        """Have all batches on disk, and end. Faults: OSError."""
        os.fsync(self._descriptor)
        os.close(self._descriptor)


def batch_of(changes: Sequence[Change]) -> bytes:
    """Return these changes as one batch."""
    heads = json.dumps([[*change.head, len(change.body)] for change in changes], separators=(",", ":")).encode()
    content = b"".join((heads, b"\n", *(change.body for change in changes)))
    return HEADER.pack(len(content), zlib.crc32(content)) + content


def batches_in(path: Path) -> Iterator[bytes]:
    """Yield the contents of the batches of a file, in their order, up to its torn end."""
    with path.open("rb") as file:
        while len(header := file.read(HEADER.size)) == HEADER.size:
            length, told = HEADER.unpack(header)
            content = file.read(length)
            if not length or len(content) < length or zlib.crc32(content) != told:
                return
            yield content


def cut_torn_end(path: Path) -> None:
    """Shorten a file to its batches, if more is there."""
    size = sum(HEADER.size + len(content) for content in batches_in(path))
    if (more := path.stat().st_size - size) > 0:
        logger.info("%s: %d bytes behind its last whole batch are cut off", path, more)
        os.truncate(path, size)


def changes_in(content: bytes) -> Iterator[Change]:
    """Yield the changes of a batch, in their order."""
    heads, _, bodies = content.partition(b"\n")
    at = 0
    for *head, length in json.loads(heads):
        yield Change(tuple(head), bodies[at : at + length])
        at += length


def write_whole(path: Path, batches: Iterable[Sequence[Change]]) -> None:
    """Write a file that is there with all of its batches, or not at all. Faults: OSError."""
    unfinished = path.with_name(f".unfinished-{path.name}")
    unfinished.unlink(missing_ok=True)
    file = JournalFile(unfinished)
    for batch in batches:
        file.append(batch_of(batch))
    file.close()
    unfinished.rename(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on disk. Faults: OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
