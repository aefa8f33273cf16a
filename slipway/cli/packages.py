"""Package files: read their metadata, download them, show progress."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from slipway.cli.error import CommandError
from slipway.cli.exit_codes import ExitCode, code_of_status
from slipway.cli.show import output
from slipway.client_error import ApiError, Problem
from slipway.inventory import HttpInventory
from slipway.package_upload import OtherPackageError, RefusedPackageError
from slipway.plan import archive
from slipway.plan.defects import PlanError
from slipway.plan.files import sha256
from slipway.plan.names import ReleaseId
from slipway.plan.ports import InventoryError, MissingReleaseError
from slipway.plan.release_reading import read
from slipway.transfer import Progress, TransferError
from slipway_formats.archive import HOW_TO_PACK, METADATA, ArchiveError

SUFFIX = ".tgz"


def metadata_in(package: Path) -> dict[str, Any]:
    """The release.json inside a package. Faults: CommandError with every defect."""
    try:
        metadata = archive.metadata_of(package, top=package.name.removesuffix(SUFFIX))
        read(metadata, METADATA)
    except PlanError as error:
        problems = [Problem(path=one.path, message=one.message) for one in error.defects]
        raise CommandError(f"the release in {package} has defects", code=ExitCode.USAGE, problems=problems) from error
    except ArchiveError as error:
        raise CommandError(f"no package: {error}", HOW_TO_PACK, code=ExitCode.USAGE) from error
    return metadata


def download(inventory: HttpInventory, release: ReleaseId, target: Path) -> str:
    """Download the package atomically, resuming an interrupted download; return its SHA-256.

    Faults: InventoryError, CommandError when it is not what was recorded.
    """
    package = inventory.package(release.project, release.name, release.version or "")
    with _partial(target, package.sha256) as partial:
        inventory.fetch(package, partial)
        digest = sha256(partial)
        if package.sha256 is not None and digest != package.sha256.lower():
            partial.unlink()
            raise CommandError(f"the package of {release} is not what was uploaded: its SHA-256 differs", "try again")
        partial.replace(target)
    return digest


@contextmanager
def _partial(target: Path, digest: str | None) -> Iterator[Path]:
    """The partial file beside the target. It is kept for a resume if the digest is known.

    Concurrent downloads do not share it: the second one gets a file of its own.
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
    """The file to download to. Faults: CommandError."""
    target = Path(name) if output is None else output / name if output.is_dir() else output
    if not target.absolute().parent.is_dir():
        raise CommandError(f"there is no folder {target.parent}", code=ExitCode.USAGE)
    return target


@contextmanager
def translated_errors() -> Iterator[None]:
    """Translate errors of the inventory to CommandError with a hint."""
    try:
        yield
    except MissingReleaseError as error:
        raise CommandError(
            str(error), "see what there is with `slipway release list`", code=ExitCode.NOT_FOUND
        ) from error
    except InventoryError as error:
        raise _command_error(error, error.__cause__) from error


def _command_error(error: InventoryError, cause: BaseException | None) -> CommandError:
    match cause:
        case ApiError():
            return CommandError(str(error), cause.hint, code=code_of_status(cause.status))
        case OtherPackageError():
            return CommandError(
                str(error), "give the change a new version; `slipway release yank` takes this one out of use"
            )
        case RefusedPackageError():
            return CommandError(str(error), "make the package anew, and upload it again")
        case TransferError():
            return CommandError(str(error), "do it again: it goes on where it broke off")
        case _:
            return CommandError(str(error), "try again")


@contextmanager
def bar(title: str) -> Iterator[Progress]:
    """A progress bar, on terminals only."""
    from rich import progress

    console = output.side_console()
    columns = (
        progress.TextColumn("{task.description}", markup=False),
        progress.BarColumn(),
        progress.DownloadColumn(),
        progress.TransferSpeedColumn(),
        progress.TimeRemainingColumn(),
    )
    hidden = not console.is_terminal or output.wants_json()
    with progress.Progress(*columns, console=console, transient=True, disable=hidden) as bars:
        task = bars.add_task(title, total=None)
        yield lambda moved, whole: bars.update(task, completed=moved, total=whole)
