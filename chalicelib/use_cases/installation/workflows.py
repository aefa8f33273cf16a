"""Workflows: ways to build, deploy or test projects. Owners of every project make them, all who are known read them."""

from collections.abc import Iterator, Sequence

from chalicelib.kernel.faults import Invalid, NotFound
from chalicelib.kernel.installation.portfolio import Workflow, WorkflowType, WorkflowVersion
from chalicelib.kernel.trains.numbering import folded, number_defects
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.installation.access import require_owner_everywhere
from chalicelib.use_cases.installation.saving import checked_title, create_entry
from chalicelib.use_cases.installation.searching import matching
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen

KIND = "workflow"
FIRST_VERSION = "1.0"
MOST_VERSIONS = 99
"""They take their ids from the block of their workflow."""

LONGEST_SCRIPT = 250_000
"""Characters."""


@frozen
class CreateWorkflow:
    """Create a workflow. versions: their numbers; none for a first one."""

    origin: Origin
    title: str
    type: WorkflowType
    versions: tuple[str, ...] = ()
    script: str = ""


@frozen
class WorkflowQuery:
    """Query: workflows. id: that one. title: a part of it."""

    origin: Origin
    id: int | None = None
    title: str = ""


def create_workflow(ports: Ports, command: CreateWorkflow) -> Workflow:
    """Create a workflow. Faults: Invalid with every defect, Forbidden, Conflict if its title is taken."""
    require_owner_everywhere(command.origin.by)
    numbers = command.versions or (FIRST_VERSION,)
    if defects := (*number_defects(command.title, "workflowName"), *_defects(command, numbers)):
        raise Invalid(defects)
    first = ports.numbers.following_id(KIND)
    versions = (WorkflowVersion(id=first + place, number=number) for place, number in enumerate(numbers, start=1))
    workflow = Workflow(
        id=first,
        title=checked_title(command.title, "workflowName"),
        type=command.type,
        versions=tuple(versions),
        script=command.script,
    )
    return create_entry(ports, command.origin, workflow)


def list_workflows(ports: Ports, query: WorkflowQuery) -> Sequence[Workflow]:
    """List workflows by a part of their titles, exact ones first."""
    return matching(ports.installation.every(Workflow), query.title, lambda one: one.title)


def get_workflow(ports: Ports, query: WorkflowQuery) -> Workflow:
    """Return the workflow of an id. Faults: NotFound."""
    found = ports.installation.find(Workflow, query.id or 0)
    if found is None:
        raise NotFound(f"no workflow {query.id}")
    return found


def _defects(command: CreateWorkflow, numbers: Sequence[str]) -> Iterator[Defect]:
    if len(numbers) > MOST_VERSIONS:
        yield Defect("workflowVersions", f"are over {MOST_VERSIONS}")
    known = [folded(number) for number in numbers]
    for place, number in enumerate(numbers):
        path = f"workflowVersions[{place}].workflowVersion"
        yield from number_defects(number, path)
        if known[place] in known[:place]:
            yield Defect(path, "is there twice")
    if len(command.script) > LONGEST_SCRIPT:
        yield Defect("script", f"is over {LONGEST_SCRIPT} characters")
