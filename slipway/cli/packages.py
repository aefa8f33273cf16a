"""Packages on this machine: what one holds, where one goes, and the bar while it moves."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from slipway.cli import desk
from slipway.cli.exit_codes import ExitCode, code_of_status
from slipway.cli.trouble import Trouble
from slipway.client_error import ApiError, Problem
from slipway.inventory import HttpInventory
from slipway.plan import archive
from slipway.plan.defects import PlanError
from slipway.plan.fetch import release_in
from slipway.plan.files import sha256
from slipway.plan.names import ReleaseId
from slipway.plan.ports import InventoryError, MissingReleaseError
from slipway.transfer import Progress

SUFFIX = ".tgz"


def metadata_in(package: Path) -> dict[str, Any]:
    """The release that a package holds, as it stands in it. Faults: Trouble with every defect."""
    with tempfile.TemporaryDirectory(prefix="slipway-") as scratch:
        folder = Path(scratch) / "package"
        try:
            archive.unpack(package, folder, top=package.name.removesuffix(SUFFIX))
            release_in(folder)
            metadata: dict[str, Any] = json.loads((folder / "release.json").read_text())
        except PlanError as error:
            problems = [Problem(path=one.path, message=one.message) for one in error.defects]
            raise Trouble(f"the release in {package} has defects", code=ExitCode.USAGE, problems=problems) from error
        except archive.ArchiveError as error:
            raise Trouble(f"no package: {error}", "a package is NAME-vVERSION.tgz", code=ExitCode.USAGE) from error
    return metadata


def download(inventory: HttpInventory, release: ReleaseId, target: Path) -> str:
    """Write the package, whole or not at all; its SHA-256. Faults: InventoryError, Trouble when it is another."""
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        known = inventory.download(release.project, release.name, release.version or "", beside)
        digest = sha256(beside)
        if known is not None and digest != known.lower():
            raise Trouble(f"the package of {release} is not what was uploaded: its SHA-256 differs", "try again")
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    return digest


def target_of(output: Path | None, name: str) -> Path:
    """The file that a download goes to. Faults: Trouble."""
    target = Path(name) if output is None else output / name if output.is_dir() else output
    if not target.absolute().parent.is_dir():
        raise Trouble(f"there is no folder {target.parent}", code=ExitCode.USAGE)
    return target


@contextmanager
def told_faults() -> Iterator[None]:
    """Faults of the inventory become trouble that says what to do next."""
    try:
        yield
    except MissingReleaseError as error:
        raise Trouble(str(error), "see what there is with `slipway release list`", code=ExitCode.NOT_FOUND) from error
    except InventoryError as error:
        refused = error.__cause__ if isinstance(error.__cause__, ApiError) else None
        code = code_of_status(refused.status) if refused is not None else ExitCode.FAILED
        raise Trouble(str(error), refused.hint if refused is not None else "try again", code=code) from error


@contextmanager
def bar(title: str) -> Iterator[Progress]:
    """A bar on a terminal while bytes are moved; nothing elsewhere."""
    from rich import progress

    console = desk.side_console()
    columns = (
        progress.TextColumn("{task.description}", markup=False),
        progress.BarColumn(),
        progress.DownloadColumn(),
        progress.TransferSpeedColumn(),
        progress.TimeRemainingColumn(),
    )
    hidden = not console.is_terminal or desk.wants_json()
    with progress.Progress(*columns, console=console, transient=True, disable=hidden) as bars:
        task = bars.add_task(title, total=None)
        yield lambda moved, whole: bars.update(task, completed=moved, total=whole)
