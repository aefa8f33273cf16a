"""Shapes of loads of configurations."""

from chalicelib.http.shape import LenientShape, Shape


class LoadForm(LenientShape):
    """A load of a directory's configuration."""

    branch: str = "master"


class LoadBegunShape(Shape):
    """A load that was accepted."""

    work_id: str
    status: str


class LoadErrorShape(Shape):
    """Why there is no configuration."""

    code: str
    message: str


class LoadShape(Shape):
    """A load, and what it has come to."""

    work_id: str
    kind: str
    status: str
    commit: str | None
    configuration: dict[str, object] | None
    error: LoadErrorShape | None
    expires_at: str
