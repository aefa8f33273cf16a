"""Cache packages in a folder that jobs share, each under its checksum.

Other jobs may write anything into the folder: a package is only used if its checksum is the requested one.
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
    """The folder and its size limit in bytes. What was used within the hour is cached regardless."""

    folder: Path
    most: int = 4 << 30

    def copy(self, digest: str, into: Path) -> bool:
        """Copy the package with this SHA-256, if it is cached. Return whether it was."""
        cached = self.folder / _name(digest)
        try:
            shutil.copyfile(cached, into)
        except OSError:
            return False
        if sha256(into) != digest:
            into.unlink()
            cached.unlink(missing_ok=True)
            return False
        os.utime(cached)
        return True

    def keep(self, package: Path) -> None:
        """Add a package, and remove the oldest ones if the cache is too large."""
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
            # Another job may have removed it.
            with contextlib.suppress(FileNotFoundError):
                yield file, file.stat()


def _name(digest: str) -> str:
    return f"{digest.lower()}.tgz"
