"""Shape of a local state file of Escape's CLI, for import. Anything else, such as another tool's file, is refused."""

from typing import Annotated

from pydantic import AfterValidator, JsonValue

from chalicelib.dialects.state.deployments.shapes import DeploymentBody
from chalicelib.http.shape import LenientShape, Shape
from chalicelib.kernel import names
from slipway_formats.defect import Defect


def _environment(name: str) -> str:
    return _named(name, names.environment(name))


def _deployment(name: str) -> str:
    return _named(name, names.deployment(name))


def _named(name: str, defects: tuple[Defect, ...]) -> str:
    if defects:
        raise ValueError("; ".join(defect.message for defect in defects))
    return name


EnvironmentName = Annotated[str, AfterValidator(_environment)]
DeploymentName = Annotated[str, AfterValidator(_deployment)]


class LocalEnvironmentBody(LenientShape):
    """An environment and its root deployments by name."""

    name: str = ""
    inputs: dict[str, JsonValue] | None = None
    deployments: dict[DeploymentName, DeploymentBody] | None = None


class StateFile(Shape):
    """A project's environments by name. name: of the local project, which may differ from the importing one."""

    name: str = ""
    environments: dict[EnvironmentName, LocalEnvironmentBody]


class ImportedShape(Shape):
    """The environments that were imported."""

    imported: list[str]


class ImportQuery(LenientShape):
    """overwrite: also what is there already."""

    overwrite: bool = False
