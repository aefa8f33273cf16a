"""Lists of definitions that the caller may see: of an environment, of a project, or of all projects."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Generic, TypeVar, cast

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.definitions.definition import BuildDefinition, Definition, DeploymentJob, ref_of
from chalicelib.kernel.definitions.pipeline import PipelineDefinition
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.use_cases.definitions.builds import BuildNamed, SaveBuild, create_build, get_build, update_build
from chalicelib.use_cases.definitions.deployment_jobs import (
    JobNamed,
    SaveJob,
    create_deployment_job,
    get_deployment_job,
    update_deployment_job,
)
from chalicelib.use_cases.definitions.executions import last_phase
from chalicelib.use_cases.definitions.gate_warnings import gate_warnings
from chalicelib.use_cases.definitions.pipelines import (
    PipelineNamed,
    SavePipeline,
    check_pipeline,
    create_pipeline,
    get_pipeline,
    update_pipeline,
)
from chalicelib.use_cases.definitions.redacted import redacted_definition
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.projects import visible_projects
from chalicelib.use_cases.rafts.raft_pipelines import own_raft_pipelines
from chalicelib.use_cases.trains.pipelines import find_pipeline
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen

Kind = TypeVar("Kind", BuildDefinition, DeploymentJob, PipelineDefinition)


@frozen
class Listed(Generic[Kind]):
    """A definition as the caller may see it, with its last run's phase. warnings: about one that was just saved."""

    by: Principal
    definition: Kind
    phase: Phase | None
    warnings: tuple[Defect, ...] = ()


@frozen
class DefinitionsIn:
    """Query: definitions of an environment, of a project, or of all projects that the caller may read."""

    by: Principal
    project: str = ""
    environment: str = ""


def list_builds(ports: Ports, query: DefinitionsIn) -> Sequence[Listed[BuildDefinition]]:
    """List builds by project, environment and name. Faults: NotFound."""
    found = _found(ports, query, DefinitionKind.BUILD)
    return [_listed(ports, query.by, one) for one in found if isinstance(one, BuildDefinition)]


def list_jobs(ports: Ports, query: DefinitionsIn) -> Sequence[Listed[DeploymentJob]]:
    """List deployment jobs by project, environment and deployment. Faults: NotFound."""
    found = _found(ports, query, DefinitionKind.DEPLOYMENT_JOB)
    return [_listed(ports, query.by, one) for one in found if isinstance(one, DeploymentJob)]


def list_pipelines(ports: Ports, query: DefinitionsIn) -> Sequence[Listed[PipelineDefinition]]:
    """List pipelines by project and name, also those that its application has in rafts. Faults: NotFound."""
    projects = _projects(ports, query)
    defined = _defined(ports, query, DefinitionKind.PIPELINE, projects)
    found = [one for one in defined if isinstance(one, PipelineDefinition)]
    known = {(one.project, one.name) for one in found}
    rafts = own_raft_pipelines(ports, projects)
    found.extend(one for one in rafts if (one.project, one.name) not in known)
    return [_listed(ports, query.by, one) for one in sorted(found, key=lambda one: (one.project, one.name))]


def build_added(ports: Ports, command: SaveBuild) -> Listed[BuildDefinition]:
    """Create a build and return it as listed. Faults: as create_build."""
    return _listed(ports, command.origin.by, create_build(ports, command))


def build_saved(ports: Ports, command: SaveBuild) -> Listed[BuildDefinition]:
    """Update a build and return it as listed. Faults: as update_build."""
    return _listed(ports, command.origin.by, update_build(ports, command))


def get_listed_build(ports: Ports, query: BuildNamed) -> Listed[BuildDefinition]:
    """Return the build as listed. Faults: NotFound."""
    return _listed(ports, query.origin.by, get_build(ports, query))


def job_added(ports: Ports, command: SaveJob) -> Listed[DeploymentJob]:
    """Create a deployment job and return it as listed. Faults: as create_deployment_job."""
    return _listed(ports, command.origin.by, create_deployment_job(ports, command))


def job_saved(ports: Ports, command: SaveJob) -> Listed[DeploymentJob]:
    """Update a deployment job and return it as listed. Faults: as update_deployment_job."""
    return _listed(ports, command.origin.by, update_deployment_job(ports, command))


def get_listed_job(ports: Ports, query: JobNamed) -> Listed[DeploymentJob]:
    """Return the deployment job as listed. Faults: NotFound."""
    return _listed(ports, query.origin.by, get_deployment_job(ports, query))


def pipeline_added(ports: Ports, command: SavePipeline) -> Listed[PipelineDefinition]:
    """Create a pipeline and return it as listed. Faults: as create_pipeline."""
    return _with_warnings(ports, _listed(ports, command.origin.by, create_pipeline(ports, command)))


def pipeline_saved(ports: Ports, command: SavePipeline) -> Listed[PipelineDefinition]:
    """Update a pipeline and return it as listed. Faults: as update_pipeline."""
    return _with_warnings(ports, _listed(ports, command.origin.by, update_pipeline(ports, command)))


def pipeline_checked(ports: Ports, command: SavePipeline) -> Listed[PipelineDefinition]:
    """Return a pipeline as it would be listed if it were saved. Faults: as check_pipeline."""
    listed = Listed(by=command.origin.by, definition=check_pipeline(ports, command), phase=None)
    return _with_warnings(ports, listed)


def _with_warnings(ports: Ports, listed: Listed[PipelineDefinition]) -> Listed[PipelineDefinition]:
    return replace(listed, warnings=gate_warnings(ports, listed.definition))


def get_listed_pipeline(ports: Ports, query: PipelineNamed) -> Listed[PipelineDefinition]:
    """Return the pipeline as listed, also one of a raft that the project means by the name. Faults: NotFound."""
    found = find_pipeline(ports, query.project, query.name) or get_pipeline(ports, query)
    return _listed(ports, query.origin.by, found)


def _found(ports: Ports, query: DefinitionsIn, kind: DefinitionKind) -> Sequence[Definition]:
    return _defined(ports, query, kind, _projects(ports, query))


def _defined(ports: Ports, query: DefinitionsIn, kind: DefinitionKind, projects: Sequence[str]) -> Sequence[Definition]:
    return [one for name in projects for one in ports.definitions.of_project(name, kind, query.environment)]


def _projects(ports: Ports, query: DefinitionsIn) -> Sequence[str]:
    """Return the projects of which definitions are listed. Faults: NotFound."""
    if not query.project:
        return [one.name for one in visible_projects(ports, query.by)]
    if query.environment:
        ports.projects.environment(query.project, query.environment)
    else:
        ports.projects.project(query.project)
    return [query.project]


def _listed(ports: Ports, by: Principal, definition: Kind) -> Listed[Kind]:
    seen = cast("Kind", redacted_definition(ports, by, definition))
    return Listed(by=by, definition=seen, phase=last_phase(ports, ref_of(definition)))
