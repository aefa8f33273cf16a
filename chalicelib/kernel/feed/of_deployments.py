"""What occurred to a deployment: work that was done on it, well or not, and what a client wrote of it."""

from chalicelib.kernel.feed.occurrence import Occurrence, OccurrenceType
from chalicelib.kernel.projects.cell import cell_of, changed_cell
from chalicelib.kernel.projects.deployment import Change, Deployment


def occurrences_of_deployment(before: Deployment, after: Deployment, change: Change) -> tuple[Occurrence, ...]:
    """Return what a change of a deployment is to others: nothing, where a client wrote details alone."""
    if change.action is None and changed_cell(before, after, change) is None:
        return ()
    cell, was = cell_of(after, change.by), cell_of(before)
    facts = {
        "environment": after.environment,
        "deployment": after.name,
        "application": cell.application or was.application,
        "version": cell.version,
        "before": was.version,
        "phase": cell.phase.value,
        "action": change.action.value if change.action is not None else "",
        "went_well": change.went_well,
        "run": change.run,
        "release": change.release,
        "by": change.by,
    }
    subject = f"{after.environment}/{after.name}"
    kind = OccurrenceType.DEPLOYMENT_CHANGED
    return (Occurrence(type=kind, project=after.project, subject=subject, at=after.changed_at, facts=facts),)
