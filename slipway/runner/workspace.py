"""The workspace of a lease: a fresh folder, a shell, a log and an environment."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from slipway.perform.logs import Log
from slipway.perform.shell import Shell
from slipway.runner.job_records import Job, Lease
from slipway.runner.jobs import JobsApi
from slipway.runner.leases.held import Held
from slipway.runner.sandbox.walls import Sandbox
from slipway.runner.settings import Settings

_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,200}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """Everything that performing a job needs. api: the platform's address.

    shell: of the job's programs, in its sandbox. own_shell: of ours, which have what the job must not see.
    step_aside: gives the job's slot to others, for work that lasts.
    """

    held: Held
    folder: Path
    environment: Mapping[str, str]
    shell: Shell
    own_shell: Shell
    log: Log
    api: str
    settings: Settings
    sandbox: Sandbox
    jobs: JobsApi
    step_aside: Callable[[], None]

    @property
    def job(self) -> Job:
        """The leased job."""
        return self.held.lease.job


def make_folder(work: Path, lease: Lease) -> Path:
    """Create an empty folder for the lease. Faults: OSError."""
    if not _PLAIN.fullmatch(lease.name):
        raise OSError(f"no folder can be called {lease.name!r}")
    folder = work / lease.name
    try:
        folder.mkdir(mode=0o700)
    except FileNotFoundError:
        work.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.mkdir(mode=0o700)
    except FileExistsError:
        # Names repeat after the platform's data was wiped; the old folder is unused.
        remove_folder(folder)
        folder.mkdir(mode=0o700)
    return folder


def remove_folder(folder: Path) -> None:
    """Remove the folder, including read-only content. Faults: OSError."""
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except (OSError, RecursionError):
        # A job may nest folders too deep for `rmtree`, and forbid their owner to enter them.
        _run("chmod", "-R", "u+rwx", "--", str(folder))
        _run("rm", "-rf", "--", str(folder))
        if os.path.lexists(folder):
            raise OSError(f"{folder} cannot be removed") from None


def remove_old(work: Path, is_old: Callable[[float], bool]) -> None:
    """Remove folders left by dead runners. Names with a dot belong to no lease. is_old: of the modification time."""
    for folder in work.iterdir() if work.is_dir() else ():
        if (
            not folder.name.startswith(".")
            and folder.is_dir()
            and not folder.is_symlink()
            and is_old(folder.stat().st_mtime)
        ):
            with contextlib.suppress(OSError):
                remove_folder(folder)


def _run(*words: str) -> None:
    subprocess.run(words, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
