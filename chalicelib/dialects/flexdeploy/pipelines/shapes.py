"""Shapes of pipelines and their versions. What a version says is read and written elsewhere: its own document."""

from typing import Literal

from chalicelib.dialects.flexdeploy.shapes import CamelShape, LenientCamelShape


class NewPipelineBody(LenientCamelShape):
    """A pipeline to create. definition: of its first version."""

    pipeline_name: str
    definition: dict[str, object] | None = None


class VersionActBody(LenientCamelShape):
    """What is done to a version."""

    action: Literal["activate"]


class PipelineQueryShape(CamelShape):
    """By what pipelines are found."""

    pipeline_name: str = ""


class SharedPipelineShape(CamelShape):
    """A pipeline. activeVersion: null before one was activated."""

    pipeline_id: int
    pipeline_name: str
    active_version: int | None


class PipelineVersionShape(CamelShape):
    """A version of a pipeline."""

    pipeline_id: int
    pipeline_version_id: int
    version: int
    status: str
    definition: dict[str, object]
