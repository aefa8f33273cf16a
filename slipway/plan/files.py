"""Find the files of a package by globs, and compute their checksums. Which files go into a package: compile."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from slipway.plan.archive import inner_file, require_packable

# Never packaged: the git history, our own work files, and dependencies (unless the package is fat).
_OURS = frozenset({".git", ".escape", "deps"})


def matches(folder: Path, pattern: str) -> tuple[str, ...]:
    """Return every file that the pattern finds, sorted; folders with all their files; never our own work files."""
    plain = PurePosixPath(pattern).as_posix()
    found: set[str] = set()
    # pathlib cannot glob for the folder itself.
    for match in [folder] if plain == "." else folder.glob(plain):
        found.update(_files_at(folder, match.relative_to(folder).as_posix()))
    hidden = _OURS - {plain.split("/")[0]}
    return tuple(sorted(path for path in found if path.split("/")[0] not in hidden and ".git" not in path.split("/")))


def below(folder: Path, name: str) -> tuple[str, ...]:
    """Return every file below a folder of the package, sorted."""
    return tuple(sorted(_files_at(folder, name))) if (folder / name).is_dir() else ()


def md5(folder: Path, paths: Collection[str]) -> dict[str, str]:
    """Return the MD5 of every file, as release.json lists it. Faults: ArchiveError."""
    for path in paths:
        require_packable(path)
    return {path: _digest(inner_file(folder, path), "md5") for path in sorted(set(paths))}


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    return _digest(path, "sha256")


def _digest(path: Path, algorithm: str) -> str:
    with path.open("rb") as file:
        # MD5 is part of the package format; it is not used for security.
        return hashlib.file_digest(file, lambda: hashlib.new(algorithm, usedforsecurity=False)).hexdigest()


def _files_at(folder: Path, path: str) -> list[str]:
    start = folder / path
    if not start.is_dir() or start.is_symlink():
        return [Path(path).as_posix()]
    return [found.relative_to(folder).as_posix() for found in start.rglob("*") if not found.is_dir()]
