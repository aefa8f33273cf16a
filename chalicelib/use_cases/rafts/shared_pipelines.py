"""Pipelines of gates and their versions: create, change drafts, activate.

Owners of every project change them, everybody who is known may read them. A version that was active once is locked for
ever: a change needs another one.
"""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.kernel.codec import encode
from chalicelib.kernel.definitions.gated.check import reference_defects
from chalicelib.kernel.definitions.gated.pipeline import GatedPipeline
from chalicelib.kernel.definitions.gated.read import read_gated_pipeline
from chalicelib.kernel.faults import Conflict, Invalid, Stale
from chalicelib.kernel.installation.entries import Application, SharedEnvironment
from chalicelib.kernel.installation.shared_pipelines import (
    PipelineVersion,
    SharedPipeline,
    numbers_prefix,
)
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.installation.access import require_owner_everywhere
from chalicelib.use_cases.installation.saving import checked_title, create_entry, update_entry
from chalicelib.use_cases.installation.searching import matching
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.rafts.pipeline_versions import (
    VersionView,
    shared_pipeline,
    version_numbered,
    version_view,
)
from chalicelib.use_cases.retry import retry_on_conflict
from slipway_formats.frozen import frozen


@frozen
class CreatePipeline:
    """Create a pipeline. definition: of its first version, a document; None for none yet."""

    origin: Origin
    title: str
    definition: object | None = None


@frozen
class PipelineQuery:
    """Query: pipelines. id: that one. title: a part of it. number: of the version that is asked for."""

    origin: Origin
    id: int = 0
    title: str = ""
    number: int = 0


@frozen
class SaveVersion:
    """Give a pipeline another version, or change a draft. number: of the draft; 0 for another one."""

    origin: Origin
    pipeline: int
    number: int = 0
    definition: object


@frozen
class ActivateVersion:
    """Let trains travel a version from now on."""

    origin: Origin
    pipeline: int
    number: int


def create_pipeline(ports: Ports, command: CreatePipeline) -> SharedPipeline:
    """Create a pipeline, with a draft if it is defined. Faults: Invalid with every defect, Forbidden, Conflict."""
    origin = command.origin
    require_owner_everywhere(origin.by)
    title = checked_title(command.title, "pipelineName")
    definition = _checked(ports, origin, command.definition) if command.definition is not None else None
    fresh = SharedPipeline(
        id=ports.numbers.following_id("pipeline"), title=title, created_by=origin.by.name, created_at=origin.at
    )
    pipeline = create_entry(ports, origin, fresh)
    if definition is not None:
        retry_on_conflict(ports, lambda: _create_version(ports, origin, pipeline, definition), since=origin.at)
    return pipeline


def list_pipelines(ports: Ports, query: PipelineQuery) -> Sequence[SharedPipeline]:
    """List pipelines by a part of their titles, exact ones first."""
    return matching(ports.installation.every(SharedPipeline), query.title, lambda one: one.title)


def get_pipeline(ports: Ports, query: PipelineQuery) -> SharedPipeline:
    """Return the pipeline of an id. Faults: NotFound."""
    return shared_pipeline(ports, query.id)


def list_pipeline_versions(ports: Ports, query: PipelineQuery) -> Sequence[VersionView]:
    """List the versions of a pipeline, oldest first. Faults: NotFound."""
    pipeline = shared_pipeline(ports, query.id)
    return [version_view(pipeline, one) for one in _versions(ports, pipeline.id)]


def get_pipeline_version(ports: Ports, query: PipelineQuery) -> VersionView:
    """Return a version of a pipeline. Faults: NotFound."""
    pipeline = shared_pipeline(ports, query.id)
    return version_view(pipeline, version_numbered(ports, pipeline, query.number))


def create_or_update_version(ports: Ports, command: SaveVersion) -> VersionView:
    """Store another version as a draft, or change one. Faults: Invalid, NotFound, Forbidden, Conflict if locked."""
    origin = command.origin
    require_owner_everywhere(origin.by)
    pipeline = shared_pipeline(ports, command.pipeline)
    definition = _checked(ports, origin, command.definition)
    if not command.number:
        made = retry_on_conflict(ports, lambda: _create_version(ports, origin, pipeline, definition), since=origin.at)
        return version_view(pipeline, made)

    def changed(version: PipelineVersion) -> PipelineVersion:
        if version.locked:
            raise Conflict(f"version {version.number} of pipeline {pipeline.title} was active: it is locked for ever")
        content = encode(GatedPipeline, definition)
        return replace(version, content=content, changed_by=origin.by.name, changed_at=origin.at)

    draft = version_numbered(ports, pipeline, command.number)
    return version_view(pipeline, update_entry(ports, origin, draft, changed))


def activate_version(ports: Ports, command: ActivateVersion) -> VersionView:
    """Lock a version and let it be travelled from now on, also by what is under way. Faults: NotFound, Forbidden."""
    origin = command.origin
    require_owner_everywhere(origin.by)
    pipeline = shared_pipeline(ports, command.pipeline)
    version = version_numbered(ports, pipeline, command.number)
    # Locked before it is travelled: what a run does never changes under it unseen.
    locked = update_entry(ports, origin, version, lambda one: replace(one, locked=True))
    active = update_entry(ports, origin, pipeline, lambda one: replace(one, active=command.number))
    return version_view(active, locked)


def _create_version(
    ports: Ports, origin: Origin, pipeline: SharedPipeline, definition: GatedPipeline
) -> PipelineVersion:
    number = max((one.number for one in _versions(ports, pipeline.id)), default=0) + 1
    version = PipelineVersion(
        id=ports.numbers.following_id("pipeline-version"),
        pipeline=pipeline.id,
        number=number,
        seed=origin.seed[:64],
        title=f"{pipeline.title} {number}",
        content=encode(GatedPipeline, definition),
        changed_by=origin.by.name,
        changed_at=origin.at,
    )
    try:
        return create_entry(ports, origin, version)
    except Conflict as taken:
        raise Stale(f"pipeline {pipeline.title} has another version since") from taken


def _checked(ports: Ports, origin: Origin, document: object) -> GatedPipeline:
    """Return what a document says. Faults: Invalid with every defect."""
    pipeline = read_gated_pipeline(document, origin.at)

    def has_environment(number: int) -> bool:
        return ports.installation.find(SharedEnvironment, number) is not None

    def has_project(number: int) -> bool:
        return ports.installation.find(Application, number) is not None

    if defects := tuple(reference_defects(pipeline, has_environment, has_project)):
        raise Invalid(defects)
    return pipeline


def _versions(ports: Ports, pipeline: int) -> Sequence[PipelineVersion]:
    return ports.installation.with_handles(PipelineVersion, numbers_prefix(pipeline))
