"""Doing jobs on deployments: deploy, smoke, destroy and errand."""

from __future__ import annotations

from slipway.perform import deployment
from slipway.perform.deployment import DeploymentAsk, DeploymentResult
from slipway.runner import ask_fields as asking
from slipway.runner.jobs import Ending
from slipway.runner.verdict import AskError
from slipway.runner.work import outputs
from slipway.runner.work.toolbox import Outfit, outfit
from slipway.runner.workspace import Bay

_ERRAND = "errand"


def perform(bay: Bay) -> Ending:
    """Do what the job's kind says, on the deployment that its ask names. Faults: as verdict.judge."""
    ask = _ask(bay)
    with outfit(bay, bay.job.access_token) as tools:
        result = _done(ask, bay, tools)
    written = outputs.fitting(result.outputs, result.release_id, bay.log)
    return Ending(outcome="succeeded", outputs=written, release=result.release_id)


def _ask(bay: Bay) -> DeploymentAsk:
    raw = bay.job.ask
    inputs = "errand_inputs" if bay.job.kind == _ERRAND else "inputs"
    return DeploymentAsk(
        release=asking.text(raw, "release"), deployment=asking.some_text(raw, "deployment"),
        inputs=asking.mapping(raw, inputs), providers=asking.texts(raw, "providers"),
    )  # fmt: skip


def _done(ask: DeploymentAsk, bay: Bay, tools: Outfit) -> DeploymentResult:
    folder, site, bench = bay.folder / "package", tools.site, tools.bench
    match bay.job.kind:
        case "deploy":
            return deployment.deploy(ask, folder, site, bench)
        case "smoke":
            return deployment.smoke(ask, folder, site, bench)
        case "destroy":
            return deployment.destroy(ask, folder, site, bench)
        case "errand":
            name = asking.text(bay.job.ask, "errand_name")
            return deployment.errand(ask, name, folder, site=site, bench=bench)
        case kind:
            raise AskError(f"{kind} is nothing that is done to a deployment")
