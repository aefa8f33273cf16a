"""The runner's side of the process guard: reports which leases are held and which process groups belong to them."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from slipway.runner.leases import process_guard

# Seconds. A short job is held and begins in one: its guard, which is a process, need not wake twice.
_MOMENT = 1.0


class ProcessGuard:
    """Starts the guard process, and restarts it if it dies. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._groups: dict[str, set[int]] = {}
        self._told: dict[str, float] = {}
        # Leases of another platform, whose runner is on this machine too, may be called the same.
        self._own = secrets.token_hex(8)
        self._process = _started()

    def marking(self, name: str, environment: Mapping[str, str]) -> dict[str, str]:
        """Return the environment with the mark of the lease, by which the guard finds processes outside its groups."""
        return {**environment, process_guard.MARK: self._marked(name)}

    def hold(self, name: str, ago: float = 0.0) -> None:
        """Report that the lease was renewed, so many seconds ago, unless that was reported a moment ago."""
        now = time.monotonic()
        with self._lock:
            if now - self._told.get(name, -_MOMENT) < _MOMENT:
                return
            self._told[name] = now
            self._groups.setdefault(name, set())
            self._send(f"hold {self._marked(name)} {ago:.3f}\n")

    def joins(self, name: str) -> Callable[[int], None]:
        """A callback that assigns a process group to the lease."""

        def join(group: int) -> None:
            with self._lock:
                self._groups.setdefault(name, set()).add(group)
                self._send(f"group {self._marked(name)} {group}\n")

        return join

    def free(self, name: str) -> None:
        """Report that the lease is over; its remaining processes may run on."""
        with self._lock:
            self._groups.pop(name, None)
            self._told.pop(name, None)
            self._send(f"free {self._marked(name)}\n")

    def kill(self, name: str) -> None:
        """Kill all processes of the lease."""
        with self._lock:
            groups = set(self._groups.get(name, ()))
        process_guard.kill(groups, (self._marked(name),))

    def kill_groups(self, name: str) -> None:
        """Kill the process groups of the lease, but not marked processes outside them."""
        with self._lock:
            groups = set(self._groups.get(name, ()))
        for group in groups:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(group, signal.SIGKILL)

    def close(self) -> None:
        """End the guard, which kills all leases still held."""
        with self._lock:
            _end(self._process)

    def _marked(self, name: str) -> str:
        return f"{name}@{self._own}"

    def _send(self, line: str) -> None:
        if not _wrote(self._process, line):
            _end(self._process)
            self._process = _started()
            held = {self._marked(name): groups for name, groups in self._groups.items()}
            known = "".join(
                f"hold {mark} 0\n" + "".join(f"group {mark} {group}\n" for group in groups)
                for mark, groups in held.items()
            )
            _wrote(self._process, known)


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-S", str(Path(process_guard.__file__))], stdin=subprocess.PIPE, bufsize=0, cwd="/",
        env={}, start_new_session=True,
    )  # fmt: skip


def _wrote(process: subprocess.Popen[bytes], text: str) -> bool:
    try:
        os.write(process.stdin.fileno() if process.stdin else -1, text.encode())
    except OSError:
        return False
    return True


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()
    process.wait()
