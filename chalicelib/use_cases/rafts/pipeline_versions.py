"""Find pipelines of gates, and their versions. Changing them: shared_pipelines.py."""

from chalicelib.kernel.codec import decode
from chalicelib.kernel.definitions.gated.pipeline import GatedPipeline
from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.installation.shared_pipelines import (
    PipelineVersion,
    SharedPipeline,
    VersionStatus,
    number_handle,
    status_of_version,
)
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen


@frozen
class VersionView:
    """A version of a pipeline with what it says."""

    pipeline: SharedPipeline
    version: PipelineVersion
    definition: GatedPipeline

    @property
    def status(self) -> VersionStatus:
        """Return the status of the version."""
        return status_of_version(self.pipeline, self.version)


def version_view(pipeline: SharedPipeline, version: PipelineVersion) -> VersionView:
    """Return a version with what it says."""
    return VersionView(pipeline=pipeline, version=version, definition=decode(GatedPipeline, version.content))


def active_version(ports: Ports, pipeline: int) -> VersionView | None:
    """Return the active version of a pipeline; None if it has none, or is gone."""
    found = ports.installation.find(SharedPipeline, pipeline)
    if found is None or not found.active:
        return None
    return version_view(found, version_numbered(ports, found, found.active))


def shared_pipeline(ports: Ports, number: int) -> SharedPipeline:
    """Return the pipeline of an id. Faults: NotFound."""
    found = ports.installation.find(SharedPipeline, number)
    if found is None:
        raise NotFound(f"no pipeline {number}")
    return found


def version_numbered(ports: Ports, pipeline: SharedPipeline, number: int) -> PipelineVersion:
    """Return a version of a pipeline. Faults: NotFound."""
    found = ports.installation.find_by(PipelineVersion, number_handle(pipeline.id, number))
    if found is None:
        raise NotFound(f"no version {number} of pipeline {pipeline.title}")
    return found
