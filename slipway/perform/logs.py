"""What a job says while it runs: lines with secrets masked, up to a limit. Where they go, the sink decides."""

from __future__ import annotations

import codecs
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

DEFAULT_LIMIT = 16 << 20
MASK = "***"
_MAX_LINE = 16 << 10
# A line of a secret of many lines is masked alone too, unless it is so short that it says nothing.
_MIN_LINE = 4


class Stream(StrEnum):
    """Who speaks: the script's two streams, or we."""

    OUT = "out"
    ERR = "err"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One line, without its end."""

    stream: Stream
    text: str


Sink = Callable[[LogLine], None]


def mask(text: str, secrets: Iterable[str]) -> str:
    """The text without the secrets; of a secret of many lines every line counts."""
    pattern = _pattern(secrets)
    return pattern.sub(MASK, text) if pattern is not None else text


class Log:
    """The log of one job. limit: characters, after which one notice stands for the rest."""

    def __init__(self, sink: Sink, *, limit: int = DEFAULT_LIMIT, secrets: Iterable[str] = ()) -> None:
        self._sink = sink
        self._limit, self._left = limit, limit
        self._lock = threading.Lock()
        self._secrets: frozenset[str] = frozenset()
        self.hide(secrets)

    def hide(self, secrets: Iterable[str]) -> None:
        """Mask these from now on as well."""
        self._secrets |= frozenset(secrets)
        self._pattern = _pattern(self._secrets)
        self._longest = max((len(word) for word in _words(self._secrets) if "\n" not in word), default=0)

    def note(self, text: str) -> None:
        """Say something ourselves."""
        for line in text.splitlines() or [""]:
            self.line(Stream.NOTE, line)

    def line(self, stream: Stream, text: str) -> None:
        """Pass one line on, masked, while there is room."""
        clean = self._pattern.sub(MASK, text) if self._pattern is not None else text
        with self._lock:
            if self._left < 0:
                return
            self._left -= len(clean) + 1
            if self._left < 0:
                notice = f"the log is longer than {self._limit} characters: the rest is left out"
                self._sink(LogLine(stream=Stream.NOTE, text=notice))
                return
            self._sink(LogLine(stream=stream, text=clean))

    def safe_cut(self, text: str) -> int:
        """Where a line that grows too long may be parted so that no secret is; 0 when it need not be yet."""
        if len(text) <= _MAX_LINE + self._longest:
            return 0
        for found in self._pattern.finditer(text) if self._pattern is not None else ():
            if found.start() < _MAX_LINE < found.end():
                return found.end()
        return _MAX_LINE


class LineWriter:
    """Turns the bytes of one stream into lines of a log; a line over 16 KB is parted."""

    def __init__(self, log: Log, stream: Stream) -> None:
        self._log, self._stream = log, stream
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._rest = ""

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self._rest += self._decoder.decode(data)
        *lines, self._rest = self._rest.split("\n")
        for line in lines:
            self._log.line(self._stream, line.removesuffix("\r"))
        while cut := self._log.safe_cut(self._rest):
            self._log.line(self._stream, self._rest[:cut])
            self._rest = self._rest[cut:]

    def close(self) -> None:
        """Say what is left."""
        self._rest += self._decoder.decode(b"", final=True)
        if self._rest:
            self._log.line(self._stream, self._rest)
        self._rest = ""


def _pattern(secrets: Iterable[str]) -> re.Pattern[str] | None:
    parts = sorted(_words(secrets), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, parts))) if parts else None


def _words(secrets: Iterable[str]) -> set[str]:
    words: set[str] = set()
    for secret in secrets:
        lines = secret.splitlines()
        words.update(line for line in lines if len(line) >= _MIN_LINE or len(lines) == 1)
        words.add(secret)
    return {word for word in words if word.strip()}
