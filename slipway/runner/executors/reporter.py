"""Report the pods of a job: the newest state of all, soon after it has changed, and now and then without a change."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from slipway.client_error import ApiError
from slipway.runner.executors.port import PodState
from slipway.runner.job_records import Lease
from slipway.runner.jobs import JobsApi, LeaseLostError

_GATHER = 0.05
# An unclean stop of a stand-in may have forgotten the last report.
_AGAIN = 30.0
_PAUSES = (0.2, 5.0)


class PodReporter:
    """Reports the pods of one lease by a thread of its own, until it is closed."""

    def __init__(self, api: JobsApi, lease: Lease, say: Callable[[str], None]) -> None:
        self._api, self._lease, self._say = api, lease, say
        self._pods: tuple[PodState, ...] = ()
        self._number = 0
        self._changed = threading.Event()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pods", daemon=True)
        self._thread.start()

    def notify(self, pods: Sequence[PodState]) -> None:
        """Report these pods soon."""
        self._pods = tuple(pods)
        self._changed.set()

    def close(self) -> None:
        """Report what is new, once, and end."""
        self._closed.set()
        self._changed.set()
        self._thread.join()

    def _run(self) -> None:
        pause = _PAUSES[0]
        while not self._closed.is_set():
            self._changed.wait(_AGAIN)
            self._closed.wait(_GATHER)
            self._changed.clear()
            if self._send():
                pause = _PAUSES[0]
            elif not self._closed.wait(pause):
                pause = min(pause * 2, _PAUSES[1])
                self._changed.set()

    def _send(self) -> bool:
        """Whether nothing is left to report."""
        self._number += 1
        pods = self._pods
        try:
            self._api.report_pods(self._lease, self._number, pods)
        except LeaseLostError:
            return True
        except ApiError as error:
            if 400 <= error.status < 500 and error.status != 429:
                self._say(f"{self._lease.name}: its pods are not noted: {error}")
                return True
            return False
        return True
