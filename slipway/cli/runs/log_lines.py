"""Read the log of a job from the API: onward or from its end, and by lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from slipway.client import ApiRequest, Client, segment

PAGE = 1000
"""The most chunks of an answer."""

BACK = 200
"""Chunks that are read at once from the end."""

BEHIND = "1000000000"
"""A number that no chunk has: what is before it ends with the last one."""

Chunk = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a log, without its newline. seq, at, stream: of the chunk in which it ends."""

    seq: int
    at: str
    stream: str
    text: str


@dataclass(slots=True, kw_only=True)
class Reading:
    """The position in a log. rest: a last line whose newline is still missing."""

    log: str
    after: int = 0
    rest: Line | None = None

    def since(self, api: Client) -> Iterator[Chunk]:
        """Yield the chunks that have come since. Faults: ApiError."""
        while True:
            page, head = _page(api, self.log, after=str(self.after))
            for chunk in page:
                self.after = int(chunk["seq"])
                yield chunk
            # A platform that does not say how long the log is fills its pages.
            if not page or (self.after >= head if head else len(page) < PAGE):
                return

    def lines(self, chunks: Iterable[Chunk]) -> Iterator[Line]:
        """Yield the lines that end in these chunks, which follow those before."""
        for chunk in chunks:
            begun = self.rest.text if self.rest is not None else ""
            *whole, last = (begun + str(chunk["text"])).split("\n")
            yield from (_line(chunk, text) for text in whole)
            self.rest = _line(chunk, last) if last else None

    def end(self) -> Iterator[Line]:
        """Yield the last line, if it has no newline."""
        if self.rest is not None:
            yield self.rest
            self.rest = None

    def last(self, api: Client, count: int) -> list[Chunk]:
        """Return chunks from the end in which so many lines end, or all; go on behind them. Faults: ApiError."""
        found: list[Chunk] = []
        before = BEHIND
        while True:
            page, _ = _page(api, self.log, before=before, limit=str(BACK))
            found = [*page, *found]
            if not page or int(page[0]["seq"]) == 1 or sum(str(one["text"]).count("\n") for one in found) > count:
                break
            before = str(page[0]["seq"])
        self.after = int(found[-1]["seq"]) if found else 0
        return found


def _line(chunk: Chunk, text: str) -> Line:
    return Line(seq=int(chunk["seq"]), at=str(chunk["at"]), stream=str(chunk["stream"]), text=text)


def _page(api: Client, log: str, **query: str) -> tuple[list[Chunk], int]:
    """Return a page, and the number of the log's last chunk; 0 where the platform does not say it."""
    request = ApiRequest(method="GET", path=f"/api/v1/job-logs/{segment(log)}", query=query)
    page, headers = api.json_and_headers(request)
    return page, int(headers.get("X-Head") or 0)
