"""Shapes of templates."""

from chalicelib.http.shape import LenientShape, Shape


class TemplateForm(LenientShape):
    """Which template is requested."""

    template_path: str


class TemplateShape(Shape):
    """A template: a manifest or a pipeline, to be edited."""

    template_path: str
    template: dict[str, object]


class TemplateNamesShape(Shape):
    """File names of templates."""

    template_filenames: list[str]
