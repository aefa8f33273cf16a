"""Shapes of removals and execution ids."""

from chalicelib.http.shape import Shape


class RemovedShape(Shape):
    """What an ask removed, by kind. stopping: executions that still end. complete: else asking again goes on."""

    removed: dict[str, int]
    stopping: int
    complete: bool


class ExecutionID(Shape):
    """Which execution it is."""

    id: str
