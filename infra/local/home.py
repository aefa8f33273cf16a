"""The data folder: its lock, and the two files by which others find the platform."""

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

LOCK = "lock"
CHILDREN = "children.lock"
READY = "ready.json"
TOKEN = "admin-token"  # noqa: S105 - a file's name
RUNNER_TOKEN = "runner-token"  # noqa: S105 - a file's name
LONGEST_GOODBYE = 15.0


class Taken(Exception):  # noqa: N818 - says what the folder is, as the faults do
    """Another platform uses the folder."""


@contextlib.contextmanager
def owned(folder: Path) -> Iterator[int]:
    """Lock the folder, so that no other platform starts in it. Faults: Taken.

    Yields a descriptor for children to inherit: while one of them lives, the next owner waits.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _open(folder / LOCK) as own, _open(folder / CHILDREN) as children:
        if not _locked(own, fcntl.LOCK_EX):
            raise Taken(f"{folder} is in use by process {_text(own) or 'unknown'}")
        _put(own, str(os.getpid()))
        _wait_for_goodbyes(folder, children)
        yield children


def write_ready(folder: Path, told: dict[str, str]) -> None:
    """Write the ready file, complete and readable only by its owner."""
    _write_private(folder / READY, json.dumps(told, indent=2) + "\n")


def remove_ready(folder: Path) -> None:
    """Delete the ready file, if it exists."""
    (folder / READY).unlink(missing_ok=True)


def admin_token(folder: Path) -> str | None:
    """Return the stored admin token, or None."""
    return _kept(folder / TOKEN)


def keep_admin_token(folder: Path, token: str) -> None:
    """Store the admin token, readable only by its owner."""
    if admin_token(folder) != token:
        _write_private(folder / TOKEN, token + "\n")


def runner_token(folder: Path) -> str | None:
    """Return the token of this machine's runner, if there is one."""
    return _kept(folder / RUNNER_TOKEN)


def keep_runner_token(folder: Path, token: str) -> None:
    """Store the runner's token in the folder, readable by its owner only."""
    if runner_token(folder) != token:
        _write_private(folder / RUNNER_TOKEN, token + "\n")


@contextlib.contextmanager
def _open(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _locked(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait_for_goodbyes(folder: Path, children: int) -> None:
    """Wait for children of a killed platform, which may still be saving their state."""
    deadline = time.monotonic() + LONGEST_GOODBYE
    while not _locked(children, fcntl.LOCK_EX):
        if time.monotonic() > deadline:
            raise Taken(f"{folder} is in use by what an earlier platform left behind; end it and try again")
        time.sleep(0.05)


def _kept(path: Path) -> str | None:
    try:
        return path.read_text().strip() or None
    except FileNotFoundError:
        return None


def _text(descriptor: int) -> str:
    return os.pread(descriptor, 100, 0).decode(errors="replace").strip()


def _put(descriptor: int, text: str) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, text.encode(), 0)


def _write_private(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    beside.replace(path)
