"""Where one lease is worked on: its fresh folder, its shell, its log and its environment."""

from __future__ import annotations

import re
import shutil
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from slipway.perform.logs import Log
from slipway.perform.shell import Shell
from slipway.runner.jobs import Job, Lease
from slipway.runner.leases.held import Held
from slipway.runner.settings import Settings

_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,200}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bay:
    """What a job is done with. api: the platform's address. secrets: values that nobody may read."""

    held: Held
    folder: Path
    environment: Mapping[str, str]
    shell: Shell
    log: Log
    api: str
    settings: Settings

    @property
    def job(self) -> Job:
        """The one to do."""
        return self.held.lease.job


def make_folder(work: Path, lease: Lease) -> Path:
    """A fresh folder of the lease's own. Faults: OSError."""
    if not _PLAIN.fullmatch(lease.name):
        raise OSError(f"no folder can be called {lease.name!r}")
    folder = work / lease.name
    try:
        folder.mkdir(mode=0o700)
    except FileNotFoundError:
        work.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.mkdir(mode=0o700)
    except FileExistsError:
        # The platform's data was wiped, and it counts anew: nobody works there.
        remove(folder)
        folder.mkdir(mode=0o700)
    return folder


def remove(folder: Path) -> None:
    """The folder is gone, also if something in it was not to be written. Faults: OSError."""
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except OSError:
        _allow_everything(folder)
        shutil.rmtree(folder)


def remove_old(work: Path, is_old: Callable[[float], bool]) -> None:
    """Folders that runners left behind when they died are gone; those with a dot are no lease's. is_old: by change."""
    for folder in work.iterdir() if work.is_dir() else ():
        if (
            not folder.name.startswith(".")
            and folder.is_dir()
            and not folder.is_symlink()
            and is_old(folder.stat().st_mtime)
        ):
            shutil.rmtree(folder, ignore_errors=True)


def _allow_everything(folder: Path) -> None:
    for inner in [folder, *folder.rglob("*")]:
        if inner.is_dir() and not inner.is_symlink():
            inner.chmod(inner.stat().st_mode | stat.S_IRWXU)
