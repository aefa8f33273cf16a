"""Commands on a terminal, as a person sees them."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.slipway.cli.recorded_api import RecordedApi


def in_terminal(words: list[str], environment: dict[str, str], typed: str = "") -> tuple[int, str]:
    """The exit code and all that a terminal was sent. typed: what a person types."""
    leader, follower = os.openpty()
    command = [sys.executable, "-m", "slipway.cli.main", *words]
    process = subprocess.Popen(command, stdin=follower, stdout=follower, stderr=follower, env=environment)
    os.close(follower)
    os.write(leader, typed.encode())
    sent = b""
    while True:
        try:
            sent += os.read(leader, 65_536)
        except OSError:
            break
    os.close(leader)
    return process.wait(), sent.decode()


def a_terminal(api: RecordedApi, **more: str) -> dict[str, str]:
    known = {"SLIPWAY_API": api.address, "SLIPWAY_TOKEN": "slp_1", "TERM": "xterm-256color", "COLUMNS": "100"}
    return {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "PYTHONIOENCODING": "utf-8", **known, **more}
