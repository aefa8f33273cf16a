"""Shapes of removals and execution ids, and query parameters that several rows have."""

from chalicelib.http.shape import LenientShape, Shape


class RemovedShape(Shape):
    """What was removed, by kind. stopping: executions that are still ending. complete: if false, repeat the request."""

    removed: dict[str, int]
    stopping: int
    complete: bool


class ExecutionID(Shape):
    """The id of an execution."""

    id: str


class AtQuery(LenientShape):
    """at: as it was at this instant, RFC 3339."""

    at: str = ""


class OneQuery(LenientShape):
    """deployment: the name of one, with those around it before it."""

    deployment: str
