"""Packages on this machine: what one holds, where one goes, and the bar while it moves."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from slipway.cli import output as desk
from slipway.cli.error import Trouble
from slipway.cli.exit_codes import ExitCode, code_of_status
from slipway.client_error import ApiError, Problem
from slipway.inventory import HttpInventory
from slipway.package_upload import OtherPackageError
from slipway.plan import archive
from slipway.plan.defects import PlanError
from slipway.plan.files import sha256
from slipway.plan.names import ReleaseId
from slipway.plan.ports import InventoryError, MissingReleaseError
from slipway.plan.release_reading import read_text
from slipway.transfer import Progress, TransferError

SUFFIX = ".tgz"
RELEASE = "release.json"


def metadata_in(package: Path) -> dict[str, Any]:
    """The release that a package holds, as it stands in it. Faults: Trouble with every defect."""
    try:
        text = archive.text_in(package, RELEASE, top=package.name.removesuffix(SUFFIX))
        read_text(text, RELEASE)
        metadata: dict[str, Any] = json.loads(text)
    except PlanError as error:
        problems = [Problem(path=one.path, message=one.message) for one in error.defects]
        raise Trouble(f"the release in {package} has defects", code=ExitCode.USAGE, problems=problems) from error
    except archive.ArchiveError as error:
        raise Trouble(f"no package: {error}", "a package is NAME-vVERSION.tgz", code=ExitCode.USAGE) from error
    return metadata


def download(inventory: HttpInventory, release: ReleaseId, target: Path) -> str:
    """Write the package, whole or not at all, going on with what broke off; its SHA-256.

    Faults: InventoryError, Trouble when it is not what was recorded.
    """
    package = inventory.package(release.project, release.name, release.version or "")
    with _partial(target, package.sha256) as partial:
        inventory.fetch(package, partial)
        digest = sha256(partial)
        if package.sha256 is not None and digest != package.sha256.lower():
            partial.unlink()
            raise Trouble(f"the package of {release} is not what was uploaded: its SHA-256 differs", "try again")
        partial.replace(target)
    return digest


@contextmanager
def _partial(target: Path, digest: str | None) -> Iterator[Path]:
    """The file beside the target in which a package grows; it stays if that breaks off and it is known which it is.

    Two who download at once do not share it.
    """
    own = target.with_name(f".{target.name}.{os.getpid()}.part")
    shared = own if digest is None else target.with_name(f".{target.name}.{digest[:16].lower()}.part")
    with shared.open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            shared = own
        try:
            yield shared
        finally:
            own.unlink(missing_ok=True)
            if shared.exists() and not shared.stat().st_size:
                shared.unlink()


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
        raise _trouble(error, error.__cause__) from error


def _trouble(error: InventoryError, cause: BaseException | None) -> Trouble:
    match cause:
        case ApiError():
            return Trouble(str(error), cause.hint, code=code_of_status(cause.status))
        case OtherPackageError():
            return Trouble(
                str(error), "give the change a new version; `slipway release yank` takes this one out of use"
            )
        case TransferError():
            return Trouble(str(error), "do it again: it goes on where it broke off")
        case _:
            return Trouble(str(error), "try again")


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
