"""Shapes of logs of jobs."""

from pydantic import Field

from chalicelib.http.shape import LenientShape, Shape


class JobLogQuery(LenientShape):
    """Which part of a log. after: number of the last chunk that one has. limit: chunks at most.

    before: number of the first chunk that one has: those before it, up to the limit; empty for those at the end.
    """

    after: int = Field(default=0, ge=0)
    before: str = ""
    limit: int = Field(default=1000, ge=1, le=1000)


class JobChunkShape(Shape):
    """A piece of a log. seq: from 1, without gaps. stream: out, err or note."""

    seq: int
    at: str
    stream: str
    text: str
