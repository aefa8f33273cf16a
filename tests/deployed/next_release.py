"""The release after the one that was built: the same but for the version that it says."""

import py_compile
import shutil
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from tests.deployed.stack import ROOT

SAYS = Path("chalicelib/dialects/platform/pages/words.py")
NEXT = "9.9.9"


def next_release(folder: Path) -> Path:
    """The folder, with what `make package` would write for the next release."""
    folder.mkdir()
    with (
        ZipFile(ROOT / "build" / "slipway.zip") as old,
        ZipFile(folder / "slipway.zip", "w", ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for one in old.infolist():
            new.writestr(one, _compiled(folder) if one.filename == str(SAYS.with_suffix(".pyc")) else old.read(one))
    for same in ("slipway-pages.zip", "template.json"):
        shutil.copy(ROOT / "build" / same, folder)
    return folder


def _compiled(folder: Path) -> bytes:
    """The bytecode of the file that says the version, made in a folder."""
    said = (ROOT / SAYS).read_text().replace('VERSION = "0.1.0"', f'VERSION = "{NEXT}"')
    assert NEXT in said
    source = folder / SAYS.name
    source.write_text(said)
    made = source.with_suffix(".pyc")
    py_compile.compile(str(source), str(made), doraise=True)
    return made.read_bytes()
