"""Write a zip: one reproducible file from several folders."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can hold; used for every file."""

READABLE = 0o100644 << 16
UNIX = 3


def write(archive: Path, folders: Iterable[Path], holds: Callable[[str], bool] = bool) -> None:
    """Write the files of the folders to the archive, side by side, sorted by name. holds: whether a name is wanted."""
    found = (file for folder in folders for file in _files(folder) if holds(file[0]))
    files = sorted(found, key=lambda file: file[0])
    with ZipFile(archive, "w", ZIP_DEFLATED, compresslevel=9) as made:
        for name, path in files:
            made.writestr(_entry(name), path.read_bytes(), ZIP_DEFLATED, 9)


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, BEGINNING)
    entry.create_system = UNIX
    entry.external_attr = READABLE
    return entry
