"""Cells of the matrix of applications and environments: small records of what is deployed where."""

from datetime import datetime
from enum import StrEnum

from chalicelib.kernel.projects.deployment import Change, Deployment, DeploymentState, StateCode, deployed
from slipway_formats.frozen import frozen


class CellPhase(StrEnum):
    """How what is deployed is. CHANGING: something is being done to it."""

    OK = "ok"
    FAILED = "failed"
    CHANGING = "changing"
    EMPTY = "empty"


PHASES = {
    StateCode.OK: CellPhase.OK,
    StateCode.EMPTY: CellPhase.EMPTY,
    StateCode.FAILURE: CellPhase.FAILED,
    StateCode.TEST_FAILURE: CellPhase.FAILED,
    StateCode.DESTROY_FAILURE: CellPhase.FAILED,
}
"""Of all other codes something is under way."""


@frozen
class Cell:
    """What is deployed in an environment under a name. application: `namespace/application`. version: empty for none.

    since, by: of the change that made it what it is.
    """

    environment: str
    deployment: str
    application: str
    version: str
    phase: CellPhase
    since: datetime
    by: str = ""


def cell_of(deployment: Deployment, by: str = "") -> Cell:
    """Return the cell of a deployment as it is."""
    application, version, phase = _look(deployment.state)
    return Cell(
        environment=deployment.environment,
        deployment=deployment.name,
        application=application,
        version=version,
        phase=phase,
        since=deployment.changed_at,
        by=by,
    )


def changed_cell(before: Deployment, after: Deployment, change: Change) -> Cell | None:
    """Return the new cell of a deployment that has changed; None if its cell stays as it is."""
    if before.version and _look(before.state) == _look(after.state):
        return None
    return cell_of(after, change.by)


def _look(state: DeploymentState | None) -> tuple[str, str, CellPhase]:
    """Return what a cell shows of a state: few of its changes."""
    stage = deployed(state)
    if state is None or stage is None:
        return "", "", CellPhase.EMPTY
    return state.release, stage.version, PHASES.get(stage.code, CellPhase.CHANGING)
