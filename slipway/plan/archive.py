"""Packages: gzip tars of regular files below `name-v1.0/`. Packs ours, and unpacks untrusted ones safely."""

from __future__ import annotations

import gzip
import io
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from slipway.plan.parts import is_inside

_CHUNK = 1 << 20
_LONGEST_TEXT = 16 << 20
_FAIR_RATIO = 8
"""Bytes that one byte of an archive may unpack to, however large the archive is."""


class ArchiveError(Exception):
    """An archive that may not be unpacked, or a file that may not be packed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much an archive may unpack to. total, file: bytes."""

    files: int = 20_000
    file: int = 1 << 30
    total: int = 4 << 30

    @classmethod
    def of(cls, archive: Path) -> Limits:
        """Return the limits of an archive; they grow with its size. Faults: OSError."""
        fair = _FAIR_RATIO * archive.stat().st_size
        least = cls()
        return cls(files=least.files, file=max(least.file, fair), total=max(least.total, fair))


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """Content of a package. top: its only folder. files: relative to `folder`. texts: files that are not on disk."""

    folder: Path
    top: str
    files: tuple[str, ...]
    texts: dict[str, str]


def pack(package: Package, target: Path) -> None:
    """Write the package: members sorted by name, without owner, with their modes. Faults: ArchiveError."""
    with (
        target.open("wb") as file,
        gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.USTAR_FORMAT) as tar,
    ):
        for path in sorted({*package.files, *package.texts}):
            if path in package.texts:
                _add_text(tar, f"{package.top}/{path}", package.texts[path])
            else:
                _add_file(tar, f"{package.top}/{path}", inner_file(package.folder, path))


def inner_file(folder: Path, path: str) -> Path:
    """Return the regular file at a path of the folder. Links may not lead outside. Faults: ArchiveError."""
    found = inner_path(folder, path)
    if not found.is_file():
        raise ArchiveError(f"'{path}' is no regular file")
    return found


def inner_path(folder: Path, path: str) -> Path:
    """Return a path of the folder, resolved; it need not exist. Links may not lead outside. Faults: ArchiveError."""
    found = (folder / path).resolve()
    if not found.is_relative_to(folder.resolve()):
        raise ArchiveError(f"'{path}' leaves the package")
    return found


def place_of(folder: Path, path: str) -> Path:
    """Return where a file of the folder may be written, resolved, and make its parent.

    Links may not lead outside. What stands there is a regular file: to write to a pipe would take for ever. Faults:
    ArchiveError, OSError.
    """
    found = inner_path(folder, path)
    if found.exists() and not found.is_file():
        raise ArchiveError(f"'{path}' is no regular file")
    found.parent.mkdir(parents=True, exist_ok=True)
    return found


def unpack(archive: Path, into: Path, *, top: str | None = None, limits: Limits | None = None) -> None:
    """Unpack an archive into a new folder, without the common folder `top`.

    Faults: ArchiveError, for anything but regular files with plain names within the limits; then nothing is left.
    """
    into.mkdir(parents=True)
    try:
        with _named(archive):
            for tar, member, name in _members(archive, top, limits or Limits.of(archive)):
                _extract_member(tar, member, into / name)
    except ArchiveError:
        shutil.rmtree(into, ignore_errors=True)
        raise


def text_in(archive: Path, name: str, *, top: str) -> str:
    """Return the text of a file in an archive that could be unpacked; writes nothing. Faults: ArchiveError."""
    found, names = None, set()
    with _named(archive):
        for tar, member, inner in _members(archive, top, Limits.of(archive)):
            if inner in names:
                raise ArchiveError(f"'{member.name}' is there twice")
            names.add(inner)
            if inner == name:
                found = _text(tar, member)
        if found is None:
            raise ArchiveError(f"no {name} in {top}")
    return found


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    content = text.encode()
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o644
    tar.addfile(member, io.BytesIO(content))


def _add_file(tar: tarfile.TarFile, name: str, path: Path) -> None:
    status = path.stat()
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = status.st_size, status.st_mode & 0o777, int(status.st_mtime)
    with path.open("rb") as file:
        tar.addfile(member, file)


@contextmanager
def _named(archive: Path) -> Iterator[None]:
    try:
        yield
    except (ArchiveError, tarfile.TarError, OSError, EOFError, ValueError, zlib.error) as error:
        raise ArchiveError(f"{archive.name}: {error}") from error


Found = tuple[tarfile.TarFile, tarfile.TarInfo, str]


def _members(archive: Path, top: str | None, limits: Limits) -> Iterator[Found]:
    """Yield the files in order, each with its name below `top`."""
    count = 0
    with (
        gzip.open(archive) as zipped,
        _Counted(zipped, limits.total) as counted,
        tarfile.open(fileobj=counted, mode="r|", errorlevel=1) as tar,
    ):
        for member in tar:
            count += 1
            if count > limits.files:
                raise ArchiveError(f"more than {limits.files} files")
            name = _plain_name(member, top)
            if member.size > limits.file:
                raise ArchiveError(f"'{member.name}' is larger than {limits.file} bytes")
            yield tar, member, name


def _plain_name(member: tarfile.TarInfo, top: str | None) -> str:
    name = member.name
    if not member.isreg() or member.issparse():
        raise ArchiveError(f"'{name}' is no regular file")
    if not is_inside(name) or "" in name.split("/") or "." in name.split("/"):
        raise ArchiveError(f"'{name}' leaves the package")
    if top is None:
        return name
    folder, _, rest = name.partition("/")
    if folder != top or not rest:
        raise ArchiveError(f"'{name}' is not in '{top}/'")
    return rest


def _text(tar: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    if member.size > _LONGEST_TEXT:
        raise ArchiveError(f"'{member.name}' is larger than {_LONGEST_TEXT} bytes")
    return _content(tar, member).read().decode(errors="replace")


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    source = tar.extractfile(member)
    if source is None:
        raise ArchiveError(f"'{member.name}' is no regular file")
    return source


def _extract_member(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    source = _content(tar, member)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as file:
        shutil.copyfileobj(source, file, _CHUNK)
    target.chmod(member.mode & 0o755 | 0o600)


class _Counted(io.RawIOBase):
    """A stream that raises after a number of bytes, headers included."""

    def __init__(self, inner: IO[bytes] | gzip.GzipFile, limit: int) -> None:
        self._inner, self._left = inner, limit

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._inner.read(_CHUNK if size < 0 else size)
        self._left -= len(data)
        if self._left < 0:
            raise ArchiveError("unpacks to more than is allowed")
        return data
