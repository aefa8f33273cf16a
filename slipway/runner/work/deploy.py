"""Perform jobs on deployments: deploy, smoke, destroy and errand."""

from __future__ import annotations

from slipway.perform import deployment
from slipway.perform.deployment import DeploymentRequest, DeploymentResult
from slipway.runner import job_fields as ask_fields
from slipway.runner.job_records import Ending
from slipway.runner.verdict import JobFieldsError
from slipway.runner.work import outputs
from slipway.runner.work.toolbox import JobTools, job_tools
from slipway.runner.workspace import Workspace

_ERRAND = "errand"


def perform(workspace: Workspace) -> Ending:
    """Deploy, smoke test, destroy or run an errand, as the job says. Faults: those that `verdict.judge` translates."""
    ask = _ask(workspace)
    with job_tools(workspace, workspace.job.access_token) as tools:
        result = _done(ask, workspace, tools)
    written = outputs.fitting(result.outputs, result.release_id, workspace.log)
    return Ending(outcome="succeeded", outputs=written, release=result.release_id)


def _ask(workspace: Workspace) -> DeploymentRequest:
    raw = workspace.job.ask
    inputs = "errand_inputs" if workspace.job.kind == _ERRAND else "inputs"
    return DeploymentRequest(
        release=ask_fields.text(raw, "release"), deployment=ask_fields.some_text(raw, "deployment"),
        inputs=ask_fields.mapping(raw, inputs), providers=ask_fields.texts(raw, "providers"),
    )  # fmt: skip


def _done(ask: DeploymentRequest, workspace: Workspace, tools: JobTools) -> DeploymentResult:
    folder, site, toolbox = workspace.folder / "package", tools.site, tools.toolbox
    match workspace.job.kind:
        case "deploy":
            return deployment.deploy(ask, folder, site, toolbox)
        case "smoke":
            return deployment.smoke(ask, folder, site, toolbox)
        case "destroy":
            return deployment.destroy(ask, folder, site, toolbox)
        case "errand":
            name = ask_fields.text(workspace.job.ask, "errand_name")
            return deployment.errand(ask, name, folder, site=site, toolbox=toolbox)
        case kind:
            raise JobFieldsError(f"{kind} is nothing that is done to a deployment")
