"""Removes the folders of jobs that are over while the jobs that follow them begin."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from pathlib import Path

from slipway.runner.sandbox.walls import scratch_of
from slipway.runner.workspace import remove_folder

# A file system may take longer to remove two folders than to do all the rest of a short job: 6 ms on ext4 under load.
_LONGEST_CLOSE = 10.0


class Cleaner:
    """One thread that removes folders of leases. most: folders that may wait, so that they are not made faster."""

    def __init__(self, work: Path, say: Callable[[str], None], *, most: int) -> None:
        self._work, self._say = work, say
        self._waiting: queue.Queue[str] = queue.Queue(maxsize=most)
        self._thread = threading.Thread(target=self._run, name="cleaner", daemon=True)
        self._thread.start()

    def remove(self, name: str) -> None:
        """Remove the folder of a lease now."""
        folder = self._work / name
        try:
            remove_folder(folder)
            remove_folder(scratch_of(folder))
        except OSError as error:
            self._say(f"{name}: its folder stays: {error}")

    def remove_soon(self, name: str) -> None:
        """Have the folder of a lease removed by the thread; wait while too many are to be removed."""
        self._waiting.put(name)

    def close(self) -> None:
        """Remove what waits, as far as that takes no more than some seconds."""
        self._waiting.put("")
        self._thread.join(_LONGEST_CLOSE)

    def _run(self) -> None:
        while name := self._waiting.get():
            self.remove(name)
