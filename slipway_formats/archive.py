"""Read packages: gzip tars of regular files below `name-v1.0/`, from whoever made them, up to the end of the stream.

Platform and runner read alike: what is refused at upload could not be unpacked, and the other way round. Writing to
disk, and packing, is the runner's.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast

from slipway_formats import strict_json
from slipway_formats.frozen import frozen
from slipway_formats.override import override
from slipway_formats.readable import Readable

METADATA = "release.json"
"""The file of a package that says what release it is."""

HOW_TO_PACK = "pack one with `tar --format=ustar -czf NAME-vVERSION.tgz NAME-vVERSION/release.json …`, files alone"

_CHUNK = 1 << 20
_LONGEST_TEXT = 16 << 20
_LONGEST_HEADER = 1 << 20
"""Bytes of a record of names; tarfile holds one in memory."""

_LONGEST_NAME, _LONGEST_PATH = 255, 3_000
"""Bytes that Linux takes; the longer has to leave room for the folder into which it is unpacked."""

_PAX_RECORDS = frozenset({tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE})

_FAIR_RATIO = 8
"""Bytes that one byte of an archive may unpack to, however large the archive is."""


class ArchiveError(Exception):
    """An archive that may not be unpacked, or a file that may not be packed."""


@frozen
class Limits:
    """How much an archive may unpack to. total, file: bytes."""

    files: int = 20_000
    file: int = 1 << 30
    total: int = 4 << 30

    @classmethod
    def of_size(cls, size: int) -> Limits:
        """Return the limits of an archive of `size` bytes, with which they grow."""
        fair, least = _FAIR_RATIO * size, cls()
        return cls(files=least.files, file=max(least.file, fair), total=max(least.total, fair))


class WholeTarInfo(tarfile.TarInfo):
    """A member of a tar that is refused where a header is damaged; tarfile takes such a header for the end."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> WholeTarInfo:
        """Return the member whose header the block is. Faults: tarfile.ReadError; HeaderError at the end."""
        try:
            found = super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as error:
            if bytes(buf) == bytes(tarfile.BLOCKSIZE):
                raise
            raise tarfile.ReadError("is cut off" if len(buf) < tarfile.BLOCKSIZE else "has a damaged header") from error
        if found.size < 0 or (found.size > _LONGEST_HEADER and _is_record(found)):
            raise tarfile.ReadError("has a header of an impossible size")
        return found


class Content(Readable):
    """The content of a member. It reads like a file, and raises ArchiveError where the archive is damaged."""

    def __init__(self, inner: IO[bytes]) -> None:
        self._inner = inner

    @override
    def read(self, size: int = -1, /) -> bytes:
        with _translated():
            return self._inner.read(size)


@frozen
class Member:
    """A regular file of a package. name: below its only folder. content: to be read before the next member."""

    name: str
    mode: int
    size: int
    content: Content


def members(source: Readable, top: str | None, limits: Limits) -> Iterator[Member]:
    """Yield the files in order, and then read on to the end of the stream.

    top: the common folder, which names lose; None for none. Faults: ArchiveError, for anything but whole regular files
    with plain names within the limits; what was yielded before is then void.
    """
    names = _Names(limits.files)
    with (
        _translated(),
        gzip.GzipFile(fileobj=cast("IO[bytes]", source), mode="rb") as zipped,
        _Counted(zipped, limits.total) as counted,
        tarfile.open(fileobj=counted, mode="r|", errorlevel=1, tarinfo=WholeTarInfo) as tar,
    ):
        for info in tar:
            name = _plain_name(info, top)
            names.add(name)
            if info.size > limits.file:
                raise ArchiveError(f"'{info.name}' is larger than {limits.file} bytes")
            yield Member(name=name, mode=info.mode, size=info.size, content=_content(tar, info))
        read_to_end(tar)


def read_to_end(tar: tarfile.TarFile) -> None:
    """Read what follows the last member: nothing but zeros, up to the checksum of the stream. Faults: ArchiveError."""
    rest = tar.fileobj
    while rest is not None and (found := rest.read(_CHUNK)):
        if found.count(0) < len(found):
            raise ArchiveError("something stands behind its end")


def text_in(source: Readable, name: str, *, top: str, limits: Limits) -> bytes:
    """Return a file of a package that could be unpacked, all of which is read. Faults: ArchiveError."""
    found = None
    for member in members(source, top, limits):
        if member.name != name:
            continue
        if member.size > _LONGEST_TEXT:
            raise ArchiveError(f"'{member.name}' is larger than {_LONGEST_TEXT} bytes")
        found = member.content.read()
    if found is None:
        raise ArchiveError(f"no {name} in {top}")
    return found


def metadata_in(source: Readable, *, top: str, limits: Limits) -> dict[str, object]:
    """Return the release.json of a package, which says the release that its folder does. Faults: ArchiveError."""
    try:
        metadata = strict_json.parse(text_in(source, METADATA, top=top, limits=limits))
    except ValueError as error:
        raise ArchiveError(f"{METADATA} has {error}") from error
    if not isinstance(metadata, dict):
        raise ArchiveError(f"{METADATA} is no JSON object")
    name, version = metadata.get("name"), metadata.get("version")
    if not isinstance(name, str) or not isinstance(version, str) or f"{name}-v{version}" != top:
        raise ArchiveError(f"{METADATA} is of {name}-v{version}, not of {top}"[:300])
    return metadata


def is_inside(path: str) -> bool:
    """True when a relative path stays in its folder and is a valid name in an archive."""
    parts = path.split("/")
    return not (path.startswith(("/", "~")) or "\\" in path or "\0" in path or ".." in parts) and any(parts)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, OSError, EOFError, ValueError, zlib.error) as error:
        raise ArchiveError(str(error) or "is cut off") from error


class _Names:
    """The names of the members so far, all of which one folder can hold."""

    def __init__(self, most: int) -> None:
        self._most, self._files, self._folders = most, set[str](), set[str]()

    def add(self, name: str) -> None:
        """Add the name of a file. Faults: ArchiveError."""
        parts = name.split("/")
        if len(self._files) >= self._most:
            raise ArchiveError(f"more than {self._most} files")
        if len(_bytes(name)) > _LONGEST_PATH or any(len(_bytes(part)) > _LONGEST_NAME for part in parts):
            raise ArchiveError(f"'{name[:100]}…' is longer than a name may be")
        above = {"/".join(parts[:count]) for count in range(1, len(parts))}
        if name in self._files:
            raise ArchiveError(f"'{name}' is there twice")
        if name in self._folders or above & self._files:
            raise ArchiveError(f"'{name}' is a file where a folder is, or the other way round")
        self._files.add(name)
        self._folders |= above


def _bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def _is_record(info: tarfile.TarInfo) -> bool:
    return info.type in {*_PAX_RECORDS, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK}


def _plain_name(info: tarfile.TarInfo, top: str | None) -> str:
    name = info.name
    if not info.isreg() or info.issparse():
        raise ArchiveError(f"'{name[:300]}' is no regular file")
    if not is_inside(name) or "" in name.split("/") or "." in name.split("/"):
        raise ArchiveError(f"'{name[:300]}' leaves the package")
    if top is None:
        return name
    folder, _, rest = name.partition("/")
    if folder != top or not rest:
        raise ArchiveError(f"'{name[:300]}' is not in '{top}/'")
    return rest


def _content(tar: tarfile.TarFile, info: tarfile.TarInfo) -> Content:
    source = tar.extractfile(info)
    if source is None:
        raise ArchiveError(f"'{info.name}' is no regular file")
    return Content(source)


class _Counted(io.RawIOBase, Readable):
    """A stream that raises after a number of bytes, headers included."""

    def __init__(self, inner: gzip.GzipFile, limit: int) -> None:
        self._inner, self._left = inner, limit

    def readable(self) -> bool:
        return True

    @override
    def read(self, size: int = -1, /) -> bytes:
        data = self._inner.read(_CHUNK if size < 0 else size)
        self._left -= len(data)
        if self._left < 0:
            raise ArchiveError("unpacks to more than is allowed")
        return data
