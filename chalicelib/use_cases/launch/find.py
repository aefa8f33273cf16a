"""Find definitions by name, each as its own type."""

from chalicelib.kernel.definitions.definition import (
    BuildDefinition,
    DeploymentJob,
    build_ref,
    job_ref,
    pipeline_ref,
    title,
)
from chalicelib.kernel.definitions.pipeline import PipelineDefinition
from chalicelib.kernel.faults import Conflict, NotFound
from chalicelib.kernel.plans.plan import DefinitionRef
from chalicelib.use_cases.ports.bundle import Ports


def build_named(ports: Ports, project: str, environment: str, name: str) -> BuildDefinition:
    """Return the build. Faults: NotFound."""
    ref = build_ref(project, environment, name)
    found = ports.definitions.definition(ref)
    if not isinstance(found, BuildDefinition):
        raise _missing(ref)
    return found


def job_named(ports: Ports, project: str, environment: str, deployment: str) -> DeploymentJob:
    """Return the deployment job. Faults: NotFound."""
    ref = job_ref(project, environment, deployment)
    found = ports.definitions.definition(ref)
    if not isinstance(found, DeploymentJob):
        raise _missing(ref)
    return found


def pipeline_named(ports: Ports, project: str, name: str) -> PipelineDefinition:
    """Return the pipeline. Faults: NotFound."""
    ref = pipeline_ref(project, name)
    found = ports.definitions.definition(ref)
    if not isinstance(found, PipelineDefinition):
        raise _missing(ref)
    return found


def refuse_disabled(ref: DefinitionRef, *, disabled: bool) -> None:
    """Refuse to run a disabled definition. Faults: Conflict."""
    if disabled:
        raise Conflict(f"{title(ref)} is disabled")


def _missing(ref: DefinitionRef) -> NotFound:
    return NotFound(f"no {title(ref)}")
