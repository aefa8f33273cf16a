"""Shapes of templates of tasks."""

from chalicelib.http.shape import Shape


class TaskTemplateShape(Shape):
    """A template that was uploaded."""

    name: str
    template: dict[str, object]
