"""Packages on disk: packs ours, and unpacks untrusted ones safely. Reading them: slipway_formats/archive.py."""

from __future__ import annotations

import gzip
import io
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from slipway_formats.archive import ArchiveError, Limits, is_inside, members, metadata_in
from slipway_formats.override import override

_CHUNK = 1 << 20


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
            require_packable(path)
            if path in package.texts:
                _add_text(tar, f"{package.top}/{path}", package.texts[path])
            else:
                _add_file(tar, f"{package.top}/{path}", inner_file(package.folder, path))


def require_packable(path: str) -> None:
    """Refuse the name of a file that no package may hold. Faults: ArchiveError."""
    is_text = path.encode("utf-8", "replace").decode() == path
    if not is_text or not is_inside(f"folder/{path}"):
        raise ArchiveError(f"{path!a} cannot be packed: a name is UTF-8, without backslashes")


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

    Faults: ArchiveError, for anything but whole regular files with plain names within the limits; then nothing is left.
    """
    into.mkdir(parents=True)
    try:
        with _named(archive), archive.open("rb") as file:
            for member in members(file, top, limits or limits_of(archive)):
                target = into / member.name
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("xb") as unpacked:
                    shutil.copyfileobj(member.content, unpacked, _CHUNK)
                target.chmod(member.mode & 0o755 | 0o600)
    except ArchiveError:
        shutil.rmtree(into, ignore_errors=True)
        raise


def metadata_of(archive: Path, *, top: str) -> dict[str, object]:
    """Return the release.json of a package that could be unpacked; writes nothing. Faults: ArchiveError."""
    with _named(archive), archive.open("rb") as file:
        return metadata_in(file, top=top, limits=limits_of(archive))


def limits_of(archive: Path) -> Limits:
    """Return the limits of an archive. Faults: OSError."""
    return Limits.of_size(archive.stat().st_size)


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    content = text.encode()
    member = PackedTarInfo(name)
    member.size, member.mode = len(content), 0o644
    tar.addfile(member, io.BytesIO(content))


def _add_file(tar: tarfile.TarFile, name: str, path: Path) -> None:
    status = path.stat()
    member = PackedTarInfo(name)
    member.size, member.mode, member.mtime = status.st_size, status.st_mode & 0o777, int(status.st_mtime)
    with path.open("rb") as file:
        tar.addfile(member, file)


@contextmanager
def _named(archive: Path) -> Iterator[None]:
    try:
        yield
    except (ArchiveError, OSError) as error:
        raise ArchiveError(f"{archive.name}: {error}") from error


class PackedTarInfo(tarfile.TarInfo):
    """A member in ustar, or with a PAX record of its own where ustar cannot hold it.

    Escape's own unpacker takes no global records, and none of GNU's.
    """

    @override
    def tobuf(
        self, format: int | None = tarfile.USTAR_FORMAT, encoding: str | None = "utf-8", errors: str = "surrogateescape"
    ) -> bytes:
        try:
            return super().tobuf(tarfile.USTAR_FORMAT, encoding, errors)
        except ValueError:
            return super().tobuf(tarfile.PAX_FORMAT, encoding, errors)
