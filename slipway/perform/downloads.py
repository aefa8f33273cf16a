"""Download the files that a release needs before its pre step."""

from __future__ import annotations

import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from urllib3 import Timeout
from urllib3.exceptions import HTTPError

from slipway.connections import Connections, HttpRequest, content_of, is_success, named
from slipway.perform.faults import StageFailedError
from slipway.perform.scripts import architecture, platform_name
from slipway.perform.unit import Toolbox, Unit
from slipway.plan.archive import inner_path, place_of
from slipway.transfer import Progress, silent
from slipway_formats.archive import ArchiveError, WholeTarInfo, read_to_end
from slipway_formats.release import Download

_MAX_BYTES = 2 << 30
_MAX_FILES = 50_000
_TIMEOUT = Timeout(connect=60.0, read=60.0)
_CHUNK = 1 << 20


def download_all(unit: Unit, toolbox: Toolbox) -> None:
    """Download the files for this scope and machine. Faults: StageFailedError."""
    for download in unit.release.downloads:
        if download.is_in(unit.scope) and _fits(download):
            _download(download, unit, toolbox)


def fetch_url(url: str, target: Path, progress: Progress = silent) -> None:
    """Download a URL to a file. Faults: StageFailedError, and what `progress` raises."""
    request = HttpRequest(method="GET", url=url, timeout=_TIMEOUT)
    try:
        with Connections() as web, web.follow(request) as answer, target.open("wb") as file:
            if not is_success(answer):
                raise StageFailedError(f"download of {url}: the server answers {answer.status}")
            size = 0
            for chunk in content_of(answer, decoded=True):
                size += len(chunk)
                progress(size, 0)
                if size > _MAX_BYTES:
                    raise StageFailedError(f"download of {url}: more than {_MAX_BYTES} bytes")
                file.write(chunk)
    except HTTPError as error:
        raise StageFailedError(f"download of {url}: {named(error)}") from error


def _fits(download: Download) -> bool:
    return download.platform in {"", platform_name()} and download.arch in {"", architecture()}


def _download(download: Download, unit: Unit, toolbox: Toolbox) -> None:
    try:
        target = place_of(unit.folder, download.dest)
    except ArchiveError as error:
        raise StageFailedError(f"download of {download.url}: {error}") from error
    present = [path for path in download.if_not_exists or () if (unit.folder / path).exists()]
    if present or (target.exists() and not download.overwrite):
        toolbox.log.note(f"{download.url} is not downloaded: {(present or [download.dest])[0]} is there")
        return
    part = target.with_name(f"{target.name}.part")
    # It may be a link, which would be written through.
    part.unlink(missing_ok=True)
    toolbox.log.note(f"downloading {download.url}")
    toolbox.fetch_url(download.url, part)
    part.replace(target)
    if download.unpack:
        _unpack(target, target.parent)


def _unpack(archive: Path, into: Path) -> None:
    """Unpack what was read to its end before: of a damaged archive nothing is written."""
    with _named(archive):
        if _is_zip(archive):
            _unzip(archive, into)
        else:
            _untar(archive, into)


@contextmanager
def _named(archive: Path) -> Iterator[None]:
    broken = (tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError)
    try:
        yield
    except (*broken, ArchiveError, OSError, EOFError, ValueError) as error:
        raise StageFailedError(f"cannot unpack {archive.name}: {error}") from error


def _is_zip(archive: Path) -> bool:
    """Whether it is a zip: not a tar that ends in one, but a program that does."""
    with archive.open("rb") as file:
        starts_as_zip = file.read(2) == b"PK"
    return zipfile.is_zipfile(archive) and (starts_as_zip or not tarfile.is_tarfile(archive))


def _untar(archive: Path, into: Path) -> None:
    size = count = 0
    with tarfile.open(archive, tarinfo=WholeTarInfo) as tar:
        for member in tar:
            size, count = size + member.size, count + 1
            _require_room(size, count)
        read_to_end(tar)
        for member in tar:
            _require_place(into, member.name, is_folder=member.isdir())
            tar.extract(member, into, filter="data")


def _unzip(archive: Path, into: Path) -> None:
    size = count = 0
    with zipfile.ZipFile(archive) as zipped:
        for member in zipped.infolist():
            size, count = size + member.file_size, count + 1
            _require_room(size, count)
            _require_readable(zipped, member)
        for member in zipped.infolist():
            _require_place(into, member.filename, is_folder=member.is_dir())
            target = Path(zipped.extract(member, into))
            mode = member.external_attr >> 16 & 0o755
            if mode and target.is_file():
                target.chmod(mode | 0o600)


def _require_readable(zipped: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Read a member to its checksum. Faults: ArchiveError."""
    if ".." in member.filename.split("/"):
        raise ArchiveError(f"'{member.filename}' leaves the folder")
    try:
        with zipped.open(member) as content:
            while content.read(_CHUNK):
                pass
    except RuntimeError as error:  # encrypted, or a compression that zipfile does not know
        raise ArchiveError(f"'{member.filename}': {error}") from error


def _require_place(into: Path, name: str, *, is_folder: bool) -> None:
    """Refuse what would be written through links or pipes that stand there already."""
    inner = str(PurePosixPath(*(part for part in name.split("/") if part)))
    if is_folder:
        inner_path(into, inner)
    else:
        place_of(into, inner)


def _require_room(size: int, count: int) -> None:
    if size > _MAX_BYTES or count > _MAX_FILES:
        raise ArchiveError("it holds more than is allowed")
