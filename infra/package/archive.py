"""Write zips: reproducible files from several folders."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can hold; used for every file."""

READABLE = 0o100644 << 16
UNIX = 3


Holds = Callable[[str], bool]
"""Whether an archive holds a name."""


def write(archives: Mapping[Path, Holds], folders: Iterable[Path]) -> None:
    """Write the files of the folders, side by side, to each of the archives that holds their names.

    What all of them hold comes first and is compressed once; then comes what not all hold; each sorted by name.
    """
    found = sorted(file for folder in folders for file in _files(folder))
    common = {name for name, _ in found if all(holds(name) for holds in archives.values())}
    first, *others = archives
    _add(first, "w", (file for file in found if file[0] in common))
    for archive in others:
        shutil.copyfile(first, archive)
    for archive, holds in archives.items():
        _add(archive, "a", (file for file in found if file[0] not in common and holds(file[0])))


def _add(archive: Path, mode: Literal["a", "w"], files: Iterable[tuple[str, Path]]) -> None:
    with ZipFile(archive, mode, ZIP_DEFLATED, compresslevel=9) as made:
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
