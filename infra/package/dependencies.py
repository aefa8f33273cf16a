"""The installed dependencies of a function: fetched for Lambda's platform, trimmed, compiled, and kept in build/.

What was fetched once for the same pins is not fetched again, so that a build needs the index only when the lock moves.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

from infra.package import trim

PLATFORMS = {"x86_64": "manylinux2014_x86_64", "arm64": "manylinux2014_aarch64"}
"""What Lambda calls an architecture, and for which wheels it stands."""

RUNTIME = (3, 11)
TASK = "/var/task"
"""Where Lambda puts the zip: traces name files there."""


class Unfetched(Exception):  # noqa: N818 - says what the dependencies are, as the faults do
    """The dependencies could not be had."""


def installed(requirements: str, architecture: str, kept: Path) -> Path:
    """The folder that holds the dependencies as they go into the zip. kept: where it stays. Faults: Unfetched."""
    marks = (requirements, architecture, sys.version, Path(trim.__file__).read_text(), Path(__file__).read_text())
    folder = kept / sha256("\n".join(marks).encode()).hexdigest()[:16]
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as work:
            fresh = Path(work) / "fresh"
            _fetch(requirements, PLATFORMS[architecture], fresh)
            trim.trim(fresh)
            compiled(fresh, "-b")
            trim.remove_sources(fresh)
            _put(fresh, folder)
    return folder


def compiled(folder: Path, *more: str) -> None:
    """Every module in the folder has its bytecode beside it, which Python takes without looking at the source.

    One process, with a fixed seed: the same sources give the same bytes.
    """
    ways = ["-q", "-f", "--invalidation-mode", "unchecked-hash", "-s", str(folder), "-p", TASK, *more]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    subprocess.run([sys.executable, "-m", "compileall", *ways, str(folder)], check=True, env=environment)


def _fetch(requirements: str, platform: str, folder: Path) -> None:
    listed = folder.with_suffix(".txt")
    listed.write_text(requirements)
    version = ".".join(map(str, RUNTIME))
    kinds = ["--only-binary=:all:", "--implementation", "cp", "--platform", platform, "--python-version", version]
    ways = ["--require-hashes", "--no-deps", "--no-compile", "--disable-pip-version-check", "--quiet"]
    command = [sys.executable, "-m", "pip", "install", *ways, *kinds, "--target", str(folder), "-r", str(listed)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Unfetched(
            f"pip could not fetch what runs on Lambda ({platform}); it needs the package index, or wheels by "
            f"PIP_FIND_LINKS, whenever requirements.lock has moved:\n{_errors(done.stderr)}"
        )


def _errors(text: str) -> str:
    lines = [line for line in text.splitlines() if line.startswith("ERROR")]
    return "\n".join(lines or text.splitlines()[-5:])


def _put(fresh: Path, folder: Path) -> None:
    """In one step, so that a folder that is there is whole."""
    try:
        fresh.rename(folder)
    except OSError:
        # Somebody else was faster.
        if not folder.exists():
            raise
        shutil.rmtree(fresh)
