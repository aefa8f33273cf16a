"""The thread that sends batches of the logs of all leases, at the pace that the platform asks for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from slipway.client_error import ApiError
from slipway.runner.jobs import JobsApi
from slipway.runner.leases.held import instant
from slipway.runner.log_uploader import LogUploader, Uploads
from slipway_formats.override import override

FIRST, PAUSE = 0.1, 0.2
"""Seconds after the first line of a log, and of each further batch if the platform asks for no more."""

_LONGEST_PACE = 10.0
_MOST_TOGETHER = 16


class UploadThread(Uploads):
    """Flushes all uploaders, a moment after a line was buffered; those that are due at once, by one call."""

    def __init__(self, api: JobsApi, say: Callable[[str], None]) -> None:
        self._say = say
        self._api = api
        self._due: dict[LogUploader, float] = {}
        self._changed = threading.Condition()
        self._closed = False
        threading.Thread(target=self._run, name="uploads", daemon=True).start()

    @override
    def expect(self, uploader: LogUploader) -> None:
        if uploader in self._due and not uploader.is_full:
            return
        with self._changed:
            now = time.monotonic()
            self._due[uploader] = now if uploader.is_full else due_at(now, uploader.pace)
            self._changed.notify()

    @override
    def report(self, text: str) -> None:
        self._say(text)

    def close(self) -> None:
        """Stop the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _run(self) -> None:
        while uploaders := self._next():
            for start in range(0, len(uploaders), _MOST_TOGETHER):
                self._flush(uploaders[start : start + _MOST_TOGETHER])

    def _next(self) -> Sequence[LogUploader]:
        """Wait for uploaders that are due, and take them out; none once the thread is to stop."""
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                if found := [one for one, at in self._due.items() if at <= now]:
                    for one in found:
                        del self._due[one]
                    return found
                self._changed.wait(min(self._due.values()) - now if self._due else None)
        return ()

    def _flush(self, uploaders: Sequence[LogUploader]) -> None:
        if len(uploaders) == 1:
            uploaders[0].flush_some()
        else:
            self._flush_together(uploaders)
        for one in uploaders:
            if one.has_lines:
                self.expect(one)

    def _flush_together(self, uploaders: Sequence[LogUploader]) -> None:
        drawn = [(one, batch) for one in uploaders if (batch := one.draw()) is not None]
        asked_at = instant()
        try:
            grown = self._api.append_all([batch for _, batch in drawn]) if drawn else ()
        except ApiError:
            # Also a platform that is older than this runner: each alone tries as long as its lease is held.
            grown = [None] * len(drawn)
        for (one, batch), how in zip(drawn, grown, strict=True):
            one.settle(batch, asked_at, how)


def due_at(now: float, pace: float | None) -> float:
    """Return when to send what is buffered from now on: at a multiple of the pace, so that several logs go together.

    pace: None for the first word of a log, which somebody may wait for.
    """
    if pace is None:
        return now + FIRST
    pace = min(pace, _LONGEST_PACE)
    return now + PAUSE if pace <= PAUSE else max(now + PAUSE, (now // pace + 1) * pace)
