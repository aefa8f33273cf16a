"""Shapes of logs."""

from pydantic import Field

from chalicelib.http.shape import LenientShape, Shape


class TaskChunkShape(Shape):
    """A piece of a log. stream: out, err or note."""

    seq: int
    at: str
    stream: str
    text: str


class TaskLogShape(Shape):
    """A log from a chunk on. next: `?after=` of what follows."""

    chunks: list[TaskChunkShape]
    next: int


class TaskLogQuery(LenientShape):
    """after: number of the last chunk that one has. pod: of this one alone."""

    after: int = Field(default=0, ge=0)
    pod: str = ""
