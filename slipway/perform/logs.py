"""Log of a job: lines with secrets masked, up to a limit. The sink decides where they go."""

from __future__ import annotations

import codecs
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from slipway.perform.masks import Masks, masks_of
from slipway_formats.warning import is_warning

DEFAULT_LIMIT = 16 << 20
TAIL = 1 << 20
_MAX_LINE = 16 << 10


class Stream(StrEnum):
    """Source of a line: the script's two streams, or ourselves."""

    OUT = "out"
    ERR = "err"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One line, without its newline."""

    stream: Stream
    text: str


Sink = Callable[[LogLine], None]


class Log:
    """The log of one job. limit: characters of its beginning; of the rest only the end is passed on, when it closes.

    tail: characters of that end.
    """

    def __init__(
        self, sink: Sink, *, limit: int = DEFAULT_LIMIT, secrets: Iterable[str] = (), tail: int = TAIL
    ) -> None:
        self._sink = sink
        self._limit, self._left = limit, limit
        self._end, self._end_size, self._most = deque[LogLine](), 0, tail
        self._left_out = 0
        self._lock = threading.Lock()
        self.has_warned = False
        self._secrets: frozenset[str] = frozenset()
        self._made_masks: Masks | None = None
        self.hide(secrets)

    def hide(self, secrets: Iterable[str]) -> None:
        """Mask these secrets too, from now on."""
        known = self._secrets | frozenset(secrets)
        if known != self._secrets:
            self._secrets, self._made_masks = known, None

    @property
    def _masks(self) -> Masks:
        # Made at the first line: many jobs log nothing, and a tenth of the runner's time went into it.
        if self._made_masks is None:
            self._made_masks = masks_of(self._secrets)
        return self._made_masks

    def masked(self, text: str) -> str:
        """Mask the secrets in a text that others wrote, line by line."""
        return "\n".join(map(self._masks.masked, text.split("\n")))

    def note(self, text: str) -> None:
        """Log a message of our own."""
        for line in text.splitlines() or [""]:
            self._pass_on(Stream.NOTE, line)

    def line(self, stream: Stream, text: str) -> None:
        """Pass one line to the sink, masked, unless the limit is reached; note whether it is a warning."""
        self.has_warned = self.has_warned or is_warning(text)
        self._pass_on(stream, self._masks.masked(text))

    def safe_cut(self, text: str) -> int:
        """Return where to split a long line without splitting a secret; 0 when it is not too long yet."""
        return self._masks.cut(text, _MAX_LINE) if len(text) > _MAX_LINE + self._masks.longest else 0

    def close(self) -> None:
        """Pass on the end of a log that became too long, behind a note of what is left out before it."""
        with self._lock:
            if self._left_out:
                text = f"{self._left_out} characters of the log are left out here: its last {self._end_size} follow"
                self._sink(LogLine(stream=Stream.NOTE, text=text))
            for line in self._end:
                self._sink(line)
            self._end.clear()
            self._left_out = self._end_size = 0

    def _pass_on(self, stream: Stream, text: str) -> None:
        with self._lock:
            line = LogLine(stream=stream, text=text)
            if self._left < 0:
                self._keep(line)
                return
            self._left -= len(text) + 1
            if self._left < 0:
                notice = f"the log is longer than {self._limit} characters: its end follows when it is over"
                self._sink(LogLine(stream=Stream.NOTE, text=notice))
                self._keep(line)
                return
            self._sink(line)

    def _keep(self, line: LogLine) -> None:
        """Keep a line of the end, and drop those before it that are too many."""
        self._end.append(line)
        self._end_size += len(line.text) + 1
        while self._end_size > self._most and len(self._end) > 1:
            dropped = len(self._end.popleft().text) + 1
            self._end_size -= dropped
            self._left_out += dropped


class LineWriter:
    """Convert the bytes of a stream into lines of a log. Lines over 16 KB are split."""

    def __init__(self, log: Log, stream: Stream) -> None:
        self._log, self._stream = log, stream
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._rest = ""

    def feed(self, data: bytes) -> None:
        """Process the next bytes."""
        self._rest += self._decoder.decode(data)
        *lines, self._rest = self._rest.split("\n")
        for line in lines:
            self._log.line(self._stream, line.removesuffix("\r"))
        while cut := self._log.safe_cut(self._rest):
            self._log.line(self._stream, self._rest[:cut])
            self._rest = self._rest[cut:]

    def close(self) -> None:
        """Log the rest."""
        self._rest += self._decoder.decode(b"", final=True)
        if self._rest:
            self._log.line(self._stream, self._rest)
        self._rest = ""
