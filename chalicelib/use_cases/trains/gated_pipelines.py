"""The pipeline of gates that a train travels, as one of its snapshots finds it: ids and names looked up."""

from collections.abc import Iterator, Mapping
from dataclasses import field

from chalicelib.kernel.definitions.definition import with_settings
from chalicelib.kernel.definitions.gated.labels import kept
from chalicelib.kernel.definitions.gated.pipeline import GatedPipeline
from chalicelib.kernel.definitions.gated.settings import settings_of
from chalicelib.kernel.definitions.gated.surroundings import Carried, StageEnvironment, Surroundings
from chalicelib.kernel.definitions.pipeline import PipelineDefinition
from chalicelib.kernel.faults import Conflict
from chalicelib.kernel.installation.entries import Application, SharedEnvironment, place_handle
from chalicelib.kernel.installation.portfolio import Workflow, WorkflowType
from chalicelib.kernel.trains.gated import GatedTravel
from chalicelib.kernel.trains.gated_version import INFORMED, VERSION
from chalicelib.kernel.trains.numbering import as_version
from chalicelib.kernel.trains.snapshot import CarriedVersion, Snapshot
from chalicelib.kernel.trains.train import Member, Train
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.rafts.pipeline_versions import VersionView, active_version
from slipway_formats.frozen import frozen


@frozen
class TravelledPipeline:
    """A pipeline as the engine runs it for a snapshot. inputs: what preconditions may name. snapshot: a plan keeps it.

    Both are empty for one that is not of gates.
    """

    definition: PipelineDefinition
    inputs: Mapping[str, object] = field(default_factory=dict)
    snapshot: Mapping[str, object] = field(default_factory=dict)


def gated_definition(ports: Ports, train: Train, gated: GatedTravel, snapshot: Snapshot | None) -> TravelledPipeline:
    """Return the active version of a train's pipeline, for one of its snapshots. Faults: Conflict if it has none."""
    view = active_version(ports, gated.pipeline)
    if view is None:
        raise Conflict(f"pipeline {train.pipeline} of train {train.number} has no active version")
    around = Surroundings(
        environments=_environments(ports, view.definition),
        carried=tuple(_carried(ports, train, snapshot)) if snapshot is not None else (),
        roles=gated.roles,
        timezone=gated.timezone,
        information=snapshot.information if snapshot is not None else (),
    )
    return TravelledPipeline(
        definition=with_settings(_fresh(train, view), settings_of(view.definition, around)),
        inputs={**view.definition.properties, **gated.properties, **_facts(train, snapshot)},
        snapshot={
            **kept(view.definition),
            VERSION: [view.pipeline.id, view.version.number],
            INFORMED: snapshot.informed if snapshot is not None else 0,
        },
    )


def _fresh(train: Train, view: VersionView) -> PipelineDefinition:
    return PipelineDefinition(
        id=f"shared-pipeline/{view.pipeline.id}",
        project=train.project,
        name=train.pipeline,
        created_at=view.pipeline.created_at,
        acts_for=train.acts_for,
        version=view.version.number,
    )


def _facts(train: Train, snapshot: Snapshot | None) -> Mapping[str, object]:
    known = {"ReleaseName": train.name}
    return {**known, "SnapshotId": snapshot.id, "SnapshotName": snapshot.title} if snapshot is not None else known


def _environments(ports: Ports, pipeline: GatedPipeline) -> Mapping[int, StageEnvironment]:
    found = {one.environment: ports.installation.find(SharedEnvironment, one.environment) for one in pipeline.stages}
    return {
        number: StageEnvironment(name=one.name, code=one.code, title=one.title)
        for number, one in found.items()
        if one is not None
    }


def _carried(ports: Ports, train: Train, snapshot: Snapshot) -> Iterator[Carried]:
    """Yield what a snapshot carries; a train that was planned without versions carries its members."""
    versions = {one.application: one for one in snapshot.carries}
    for member in train.members:
        application = ports.installation.find_by(Application, place_handle(member.project, member.application))
        if application is not None and (not versions or application.id in versions):
            known = CarriedVersion(application=application.id, version=snapshot.id, number=snapshot.number)
            yield _of_member(ports, member, application, versions.get(application.id, known))


def _of_member(ports: Ports, member: Member, application: Application, version: CarriedVersion) -> Carried:
    scripts = dict(_scripts(ports, application))
    return Carried(
        id=application.id,
        project=member.project,
        application=member.application,
        title=application.title,
        priority=member.priority,
        version=version.number,
        state_version=as_version(version.number, version.version),
        groups=member.groups,
        build=scripts.get(WorkflowType.BUILD) if version.builds else None,
        deploy=scripts.get(WorkflowType.DEPLOY),
        utility=scripts.get(WorkflowType.UTILITY),
        test=scripts.get(WorkflowType.TEST),
    )


def _scripts(ports: Ports, application: Application) -> Iterator[tuple[WorkflowType, str]]:
    for one in application.workflows:
        found = ports.installation.find(Workflow, one.workflow)
        if found is not None and found.script:
            yield one.type, found.script
