"""Deploy what was told before: the preview is what is done, or nothing is."""

from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import Conflict
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.definitions.deployment_jobs import TriggerJob, trigger_job
from chalicelib.use_cases.deploys.preview import PreviewDeploy, preview_deploy
from chalicelib.use_cases.launch.run_ids import run_id_for
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen


@frozen
class DeployAsShown:
    """Deploy a version by the job of a deployment. digest: of the change set that was shown."""

    origin: Origin
    project: str
    environment: str
    deployment: str
    version: str
    digest: str


def deploy_as_shown(ports: Ports, command: DeployAsShown) -> Run:
    """Start a run that deploys the version.

    Faults: as of the preview; Conflict if it would change something else than was shown.
    """
    # A repeated request finds its own run under way, and what that has deployed by now.
    if ports.runs.find_run(run_id_for(ports, command.origin)) is None:
        _refuse_other_change(ports, command)
    trigger = TriggerJob(
        origin=command.origin,
        project=command.project,
        environment=command.environment,
        deployment=command.deployment,
        query=command.version,
    )
    return trigger_job(ports, trigger)


def _refuse_other_change(ports: Ports, command: DeployAsShown) -> None:
    query = PreviewDeploy(
        by=command.origin.by,
        project=command.project,
        environment=command.environment,
        deployment=command.deployment,
        version=command.version,
    )
    seen = preview_deploy(ports, query)
    if seen.digest != command.digest:
        raise Conflict(f"what this deploy changes is no longer what was shown: it deploys {seen.release} now")
