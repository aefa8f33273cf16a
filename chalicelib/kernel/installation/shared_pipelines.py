"""Pipelines of gates that the installation has: any train may travel them. They are changed by versions.

What a version says is kernel/definitions/gated/pipeline.py, encoded.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from slipway_formats.frozen import frozen


class VersionStatus(StrEnum):
    """Whether a version may be changed, is travelled, or was."""

    DRAFT = "draft"
    ACTIVE = "active"
    INACTIVE = "inactive"


@frozen
class SharedPipeline:
    """A pipeline of gates. active: the number of the version that is travelled; 0 for none yet."""

    id: int
    title: str
    active: int = 0
    created_by: str
    created_at: datetime
    version: int = 0

    @property
    def handles(self) -> tuple[str, ...]:
        """Return the lookup handles of the entry, besides its id."""
        return (pipeline_handle(self.title),)


@frozen
class PipelineVersion:
    """A version of a pipeline. number: from 1. seed: of the request that made it. locked: it was active once.

    title: of the pipeline with the number, for display.
    """

    id: int
    pipeline: int
    number: int
    seed: str
    title: str
    content: Mapping[str, object] = field(default_factory=dict)
    locked: bool = False
    changed_by: str
    changed_at: datetime
    version: int = 0

    @property
    def handles(self) -> tuple[str, ...]:
        """Return the lookup handles of the entry, besides its id. The first is what a repeated request finds it by."""
        return (f"seed/{self.pipeline}/{self.seed}", number_handle(self.pipeline, self.number))


def status_of_version(pipeline: SharedPipeline, version: PipelineVersion) -> VersionStatus:
    """Return the status of a version, which also depends on its pipeline."""
    if pipeline.active == version.number:
        return VersionStatus.ACTIVE
    return VersionStatus.INACTIVE if version.locked else VersionStatus.DRAFT


def pipeline_handle(title: str) -> str:
    """Return the lookup handle of a pipeline."""
    return f"title/{title.casefold()}"


def number_handle(pipeline: int, number: int) -> str:
    """Return the lookup handle of a version."""
    return f"{numbers_prefix(pipeline)}{number:06d}"


def numbers_prefix(pipeline: int) -> str:
    """Return the prefix of the handles of a pipeline's versions, in their order."""
    return f"version/{pipeline}/"
