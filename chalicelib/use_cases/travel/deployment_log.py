"""The log of a deployment as one text: of its job, or of all jobs of the run that it began."""

from collections.abc import Iterator

from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import NotFound
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.train_addresses.train_views import SnapshotFilter, TrainFilter
from chalicelib.use_cases.travel.deployments import Deployment, DeploymentFilter, list_deployments
from slipway_formats.frozen import frozen

PAGE = 1000
LARGEST = 4 * 1024 * 1024
"""Characters: what a Lambda function may answer, with some room."""


@frozen
class ReadDeploymentLog:
    """Query: the log of the deployment with this id."""

    origin: Origin
    id: int


def read_deployment_log(ports: Ports, query: ReadDeploymentLog) -> str:
    """Return the log of a deployment, which begins with what it is; its end is cut where it is too long.

    Faults: NotFound.
    """
    snapshots = SnapshotFilter(trains=TrainFilter(origin=query.origin))
    found = list_deployments(ports, DeploymentFilter(snapshots=snapshots, id=query.id))
    if not found:
        raise NotFound(f"no deployment {query.id}")
    return _text(ports, query.origin.by, found[0])


def _text(ports: Ports, by: Principal, deployment: Deployment) -> str:
    lines = [f"{deployment.plan or 'nothing'} to {deployment.stage}: {deployment.status}"]
    length = 0
    for log in _logs(ports, by, deployment.reference):
        for text in _texts(ports, log):
            length += len(text) + 1
            if length > LARGEST:
                return "\n".join((*lines, "(cut here)"))
            lines.append(text)
    return "\n".join(lines)


def _logs(ports: Ports, by: Principal, reference: str) -> Iterator[str]:
    """Yield the logs of a job, or of the jobs of a run; of a run in a project that the caller may not read, none."""
    run = ports.runs.find_run(reference) if reference else None
    if run is None:
        yield from (reference,) if reference else ()
        return
    if not may(by, Level.READ, ports.runs.plan(run.plan).definition.project):
        return
    for execution in run.stages:
        yield from (state.reference for state in execution.nodes.values() if state.reference)


def _texts(ports: Ports, log: str) -> Iterator[str]:
    after = 0
    while found := ports.logs.read(log, after, PAGE):
        yield from (chunk.text.removesuffix("\n") for chunk in found)
        after = found[-1].seq
