"""Install the dependencies of the functions: fetched for Lambda's platform, trimmed, compiled, and cached in build/.

The result is cached for the same pins, so a build needs the package index only when the lock changes.
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
"""Wheel platform of each Lambda architecture."""

RUNTIME = (3, 11)
TASK = "/var/task"
"""Where Lambda unpacks the zip: tracebacks name files there."""


class Unfetched(Exception):  # noqa: N818 - says what the dependencies are, as the faults do
    """The dependencies could not be fetched."""


def installed(requirements: str, architecture: str, kept: Path) -> Path:
    """Return the folder with the dependencies as they go into the zip. kept: cache folder. Faults: Unfetched."""
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
    """Compile every module in the folder to bytecode that Python loads without checking the source.

    One process with a fixed hash seed, so that the same sources give the same bytes.
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
    """Move the folder in one step, so that an existing folder is always complete."""
    try:
        fresh.rename(folder)
    except OSError:
        # A concurrent build was faster.
        if not folder.exists():
            raise
        shutil.rmtree(fresh)
