"""Packages that were seen before, in a folder that jobs share, each under the sum of what is in it.

Whoever can write into the folder can put in what they like: nothing is taken out that has another sum than was asked.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from slipway.plan.files import sha256

_YOUNG_SECONDS = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageCache:
    """The folder, and how many bytes it may hold; what was used within the hour stays whatever it holds."""

    folder: Path
    most: int = 4 << 30

    def copy(self, digest: str, into: Path) -> bool:
        """Whether a package of this SHA-256 was there; then it is a file of its own now."""
        kept = self.folder / _name(digest)
        try:
            shutil.copyfile(kept, into)
        except OSError:
            return False
        if sha256(into) != digest:
            into.unlink()
            kept.unlink(missing_ok=True)
            return False
        os.utime(kept)
        return True

    def keep(self, package: Path) -> None:
        """Remember a package; where the oldest have to make room, they go."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = self.folder / f".{secrets.token_hex(8)}.part"
        shutil.copyfile(package, part)
        part.replace(self.folder / _name(sha256(part)))
        self._make_room()

    def _make_room(self) -> None:
        young = time.time() - _YOUNG_SECONDS
        known = sorted(self._files(), key=lambda one: one[1].st_mtime)
        held = sum(found.st_size for _, found in known)
        for file, found in known:
            if held <= self.most or found.st_mtime > young:
                return
            file.unlink(missing_ok=True)
            held -= found.st_size

    def _files(self) -> Iterator[tuple[Path, os.stat_result]]:
        for file in self.folder.iterdir():
            # Another job may have taken it away since.
            with contextlib.suppress(FileNotFoundError):
                yield file, file.stat()


def _name(digest: str) -> str:
    return f"{digest.lower()}.tgz"
