"""Snapshots on disk: one folder each, renamed into place when complete. Their content is not known here."""

import json
import os
import shutil
import zlib
from collections.abc import Iterable
from pathlib import Path

KEPT = 2
MANIFEST = "manifest.json"
# A writer orphaned by a kill may still finish: it must not use a number of its successor.
FIRST_AFTER_START = 1_000


def write(folder: Path, number: int, files: Iterable[tuple[str, str]]) -> Path:
    """Write a snapshot, complete or not at all, and delete all but the last ones."""
    unfinished = folder / f".unfinished-{number:010d}"
    unfinished.mkdir(parents=True)
    sums = {name: _write_file(unfinished / name, text) for name, text in files}
    _write_file(unfinished / MANIFEST, json.dumps(sums))
    finished = folder / f"{number:010d}"
    unfinished.rename(finished)
    _prune(folder)
    return finished


def newest_whole(folder: Path) -> Path | None:
    """Return the newest snapshot with all files intact, or None."""
    return next((found for found in _finished(folder) if _is_whole(found)), None)


def next_number(folder: Path) -> int:
    """Return a number above all that are used or still being written."""
    numbers = [int(found.name) for found in _finished(folder)]
    return max(numbers, default=0) + FIRST_AFTER_START


def clear_unfinished(folder: Path) -> None:
    """Delete what a killed process left unfinished."""
    for found in folder.glob(".unfinished-*"):
        shutil.rmtree(found, ignore_errors=True)


def _write_file(path: Path, text: str) -> tuple[int, int]:
    content = text.encode()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    return len(content), zlib.crc32(content)


def _finished(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted((found for found in folder.iterdir() if found.name.isdigit()), reverse=True)


def _is_whole(snapshot: Path) -> bool:
    try:
        sums = json.loads((snapshot / MANIFEST).read_text())
        contents = {name: (snapshot / name).read_bytes() for name in sums}
    except (OSError, ValueError):
        return False
    return all([len(contents[name]), zlib.crc32(contents[name])] == told for name, told in sums.items())


def _prune(folder: Path) -> None:
    for found in _finished(folder)[KEPT:]:
        shutil.rmtree(found, ignore_errors=True)
