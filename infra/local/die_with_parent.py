"""Ensures that a child does not outlive its parent, however the parent dies.

Linux sends the child a signal. Elsewhere a process between the two reads a pipe whose other end the parent alone holds:
its end is the parent's (`python -m infra.local.die_with_parent <descriptor> <command>`).
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence

PR_SET_PDEATHSIG = 1
GRACE = 10.0
IS_LINUX = sys.platform == "linux"


def before_exec() -> Callable[[], None]:
    """What a child on Linux does between fork and exec: asks to be told to stop when this process dies."""
    parent, prctl = os.getpid(), ctypes.CDLL(None).prctl

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return ask


def command(descriptor: int, words: Sequence[str]) -> list[str]:
    """The command that keeps `words` on a leash by a pipe. descriptor: its reading end."""
    return [sys.executable, "-m", "infra.local.die_with_parent", str(descriptor), *words]


def main(descriptor: int, words: Sequence[str]) -> int:
    """Runs the command until it ends or the pipe does; the answer is its exit code."""
    child = subprocess.Popen(words)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: child.send_signal(number))
    threading.Thread(target=_end_with, args=(descriptor, child), daemon=True).start()
    return child.wait()


def _end_with(descriptor: int, child: subprocess.Popen[bytes]) -> None:
    while os.read(descriptor, 1):
        pass
    child.terminate()
    try:
        child.wait(GRACE)
    except subprocess.TimeoutExpired:
        child.kill()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
