"""What keeps a runner's tokens from the jobs beside it: they are in no environment, and its memory is its own."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Mapping
from pathlib import Path

TOKEN = "SLIPWAY_TOKEN"  # noqa: S105 - a variable's name
TOKEN_FILE = "SLIPWAY_TOKEN_FILE"  # noqa: S105 - a variable's name
STDIN = "-"
_PR_SET_DUMPABLE = 4
_LONGEST = 4096


def begin_again_without_token(environment: Mapping[str, str]) -> None:
    """Become the same program with SLIPWAY_TOKEN in a pipe; nothing to do where it is not set.

    What a process was started with stays in /proc/<pid>/environ, whatever it removes from its environment.
    """
    token = environment.get(TOKEN)
    if token is None:
        return
    kept = {name: value for name, value in environment.items() if name != TOKEN}
    if token and not kept.get(TOKEN_FILE):
        reading, writing = os.pipe()
        os.write(writing, token.encode()[:_LONGEST])
        os.close(writing)
        os.set_inheritable(reading, True)  # noqa: FBT003 - so os has it
        kept[TOKEN_FILE] = f"/dev/fd/{reading}"
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], kept)  # noqa: S606 - no shell is wanted


def hide_memory() -> None:
    """Keep other processes of the same user from reading this one's memory and environment, where the system can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def token_in(file: str) -> str:
    """Return the token in a file, or on standard input; blank if there is none. Faults: OSError, ValueError."""
    if file == STDIN:
        return sys.stdin.readline(_LONGEST).strip()
    try:
        return Path(file).read_text(encoding="utf-8").strip() if file else ""
    except FileNotFoundError:
        return ""


def is_read_once(file: str) -> bool:
    """Return True if the token can be read only once, from a pipe; other files may be rewritten with a new token."""
    return file == STDIN or file.startswith("/dev/fd/")
