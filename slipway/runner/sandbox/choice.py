"""Which sandbox works on this machine: found by running one, not by looking for programs."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from slipway.runner.sandbox.walls import Kind, Sandbox, View, scratch_of

_SECONDS = 20.0
# What it must keep, is tried: own folder, own /tmp and own processes; and what it must hide.
_TRIAL = """
cd "$1" && echo x > written && echo x > /tmp/written && [ ! -e "$1.tmp" ] || { echo "no folder of its own"; exit 1; }
[ ! -e "$2" ] || { echo "hides nothing"; exit 1; }
(echo x > "$3/.slipway-trial") 2>/dev/null && { echo "writes everywhere"; exit 1; }
[ "$(ls -d /proc/[0-9]* | wc -l)" -lt 20 ] || { echo "sees other processes"; exit 1; }
"""


class Wanted(StrEnum):
    """The sandbox that the settings request."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class NoSandboxError(Exception):
    """A sandbox is asked for, and none works here."""


def chosen(wanted: Wanted, view: View, work: Path) -> Sandbox:
    """Return a sandbox that works here. work: a folder to try it in. Faults: NoSandboxError if one is required."""
    if wanted is Wanted.NEVER:
        return Sandbox()
    kinds = (*((Kind.BUBBLEWRAP,) if shutil.which("bwrap") else ()), Kind.UNSHARE)
    defects = []
    for kind in kinds:
        defect = defect_of(kind, view, work)
        if not defect:
            return Sandbox(kind=kind, view=view)
        defects.append(f"{kind}: {defect}")
    why = "; ".join(defects)
    if wanted is Wanted.ALWAYS:
        raise NoSandboxError(f"no sandbox works here: {why}")
    return Sandbox(why=why)


def defect_of(kind: Kind, view: View, work: Path) -> str:
    """Return why a kind of sandbox does not work here; blank if it does. Runs a program in one to find out."""
    work.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix=".trial-", dir=work) as base:
        folder, secret = Path(base).resolve() / "own", Path(base).resolve() / "secret"
        for path in (folder, scratch_of(folder)):
            path.mkdir()
        secret.write_text("x")
        tried = replace(view, hidden=(*view.hidden, str(Path(base).resolve())))
        words = ("sh", "-c", _TRIAL, "sh", str(folder), str(secret), "/etc")
        try:
            done = subprocess.run(
                Sandbox(kind=kind, view=tried).command(folder, words), stdin=subprocess.DEVNULL, capture_output=True,
                text=True, timeout=_SECONDS, check=False, cwd=folder,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
    lines = (done.stdout + done.stderr).strip().splitlines()
    return "" if done.returncode == 0 else (lines or [f"exit code {done.returncode}"])[-1]
