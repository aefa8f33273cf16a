"""Shapes of environments."""

from chalicelib.dialects.flexdeploy.shapes import CamelShape, LenientCamelShape


class NewCodedEnvironmentBody(LenientCamelShape):
    """An environment to create."""

    environment_code: str
    environment_name: str


class CodedEnvironmentBody(LenientCamelShape):
    """What is said anew of an environment; what is left out stays."""

    environment_code: str | None = None
    environment_name: str | None = None
    is_active: bool | None = None


class EnvironmentQueryShape(CamelShape):
    """By what environments are found: exactly by code, or by a part of the name."""

    environment_code: str = ""
    environment_name: str = ""


class EnvironmentShape(CamelShape):
    """An environment of the installation."""

    environment_id: int
    environment_code: str
    environment_name: str
    is_active: bool


class EnvironmentItems(CamelShape):
    """A list of environments."""

    items: list[EnvironmentShape]
