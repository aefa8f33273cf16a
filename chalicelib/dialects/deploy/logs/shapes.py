"""Shapes of logs."""

from chalicelib.http.shape import Shape


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
