"""Read which deploy is meant, and show what it would change."""

from chalicelib.dialects.console.deploys.page import DeployByForm, DeployPage, DeployQuery
from chalicelib.dialects.console.frame.headers import leave_for, page_reply
from chalicelib.dialects.console.frame.templates import render
from chalicelib.dialects.console.frame.words import read_frame
from chalicelib.http.reply import Reply
from chalicelib.http.request import Request
from chalicelib.kernel.engine.run import Run
from chalicelib.use_cases.deploys.deploy_as_shown import DeployAsShown
from chalicelib.use_cases.deploys.preview import PreviewDeploy


def read_deploy(request: Request) -> DeployQuery:
    """Read which deploy is looked at."""
    named = request.parameters
    preview = PreviewDeploy(
        by=request.asker,
        project=named["project"],
        environment=named["environment"],
        deployment=named["deployment"],
        version=named["version"],
    )
    return DeployQuery(frame=read_frame(request), preview=preview)


def show_deploy(page: DeployPage) -> Reply:
    """Show what it would change."""
    return page_reply(render("deploys/deploy.html", page.asked.frame, page=page))


def read_act(request: Request) -> DeployByForm:
    """Read which deploy is begun, and what of it was shown. Faults: Invalid, TooLarge."""
    named = request.parameters
    command = DeployAsShown(
        origin=request.origin,
        project=named["project"],
        environment=named["environment"],
        deployment=named["deployment"],
        version=named["version"],
        digest=dict(request.form()).get("changes", ""),
    )
    return DeployByForm(command=command, is_by_session=request.is_ambient)


def show_begun(run: Run) -> Reply:
    """Lead to the run that began."""
    return leave_for(f"../../../../../../../../runs/{run.id}")
