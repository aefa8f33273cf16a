"""Remember interrupted uploads in small local files: the upload id and the parts already sent.

A file has one line for the upload and one per part, so that a line cut off by a crash does not damage the others. It
holds no addresses: those are secrets, and the API gives new ones.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from slipway.session import session_file

KEPT_DAYS = 7
"""As long as the API remembers an upload."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What is uploaded, and where. api: its address. release: full id. size: bytes."""

    api: str
    release: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """An upload in progress. part_size: bytes. parts: those already sent, each with its ETag."""

    upload: str
    part_size: int
    parts: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Interrupted uploads in a folder; None remembers nothing."""

    folder: Path | None

    def find(self, parcel: Parcel) -> Begun | None:
        """Return the interrupted upload of this parcel, or None."""
        path = self._path(parcel)
        if path is None:
            return None
        lines = list(_lines(path))
        try:
            head, tail = lines[0], lines[1:]
            parts = {int(one["number"]): str(one["etag"]) for one in tail}
            return Begun(upload=str(head["upload_id"]), part_size=int(head["part_size"]), parts=parts)
        except (IndexError, KeyError, TypeError, ValueError):
            return None

    def begin(self, parcel: Parcel, begun: Begun) -> None:
        """Remember this upload and the parts already sent."""
        head = {"release": parcel.release, "upload_id": begun.upload, "part_size": begun.part_size}
        path = self._path(parcel)
        if path is not None:
            path.unlink(missing_ok=True)
            self._write(parcel, head, *({"number": number, "etag": etag} for number, etag in begun.parts.items()))

    def add(self, parcel: Parcel, number: int, etag: str) -> None:
        """Remember one more part."""
        self._write(parcel, {"number": number, "etag": etag})

    def forget(self, parcel: Parcel) -> None:
        """Forget the parcel, if it is known."""
        path = self._path(parcel)
        if path is not None:
            path.unlink(missing_ok=True)

    def sweep(self, now: float) -> None:
        """Delete what is older than the API remembers. now: seconds since 1970."""
        for path in self.folder.glob("*.jsonl") if self.folder is not None else ():
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < now - KEPT_DAYS * 86_400:
                    path.unlink()

    def _path(self, parcel: Parcel) -> Path | None:
        key = hashlib.sha256(f"{parcel.api}\n{parcel.release}\n{parcel.sha256}".encode()).hexdigest()
        return None if self.folder is None else self.folder / f"{key[:32]}.jsonl"

    def _write(self, parcel: Parcel, *said: Mapping[str, object]) -> None:
        path = self._path(parcel)
        if path is None:
            return
        # If it cannot be saved, the upload still works unless it is interrupted.
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write("".join(f"{json.dumps(one)}\n" for one in said))


def unfinished_of(environment: Mapping[str, str]) -> Unfinished:
    """Return this user's interrupted uploads, stored beside the session file."""
    return Unfinished(session_file(environment).parent / "uploads")


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the complete lines."""
    try:
        text = path.read_text()
    except (OSError, UnicodeDecodeError):
        return
    for line in text.splitlines():
        with contextlib.suppress(ValueError):
            said = json.loads(line)
            if isinstance(said, dict):
                yield said
