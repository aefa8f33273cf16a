"""Shapes of removals and execution ids."""

from chalicelib.http.shape import Shape


class RemovedShape(Shape):
    """What was removed, by kind. stopping: executions that are still ending. complete: if false, repeat the request."""

    removed: dict[str, int]
    stopping: int
    complete: bool


class ExecutionID(Shape):
    """The id of an execution."""

    id: str
