"""End a child process when its parent dies, however the parent dies.

Linux sends the child a signal. Elsewhere a process between the two reads a pipe that only the parent holds open: its
end of file means that the parent died (`python -m infra.local.die_with_parent <descriptor> <command>`).
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
    """A preexec_fn for Linux: the child gets SIGTERM when this process dies."""
    parent, prctl = os.getpid(), ctypes.CDLL(None).prctl

    def prepare() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def command(descriptor: int, words: Sequence[str]) -> list[str]:
    """The command that runs `words` and ends them when the pipe closes. descriptor: its reading end."""
    return [sys.executable, "-m", "infra.local.die_with_parent", str(descriptor), *words]


def main(descriptor: int, words: Sequence[str]) -> int:
    """Run the command until it ends or the pipe closes; return its exit code."""
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
