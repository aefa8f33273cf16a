"""Read which deploy is meant, and show what it would change."""

from chalicelib.dialects.platform.changes.words import shown_changes
from chalicelib.dialects.platform.deploys import shapes
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.engine.run import Run
from chalicelib.use_cases.deploys.preview import DeployPreview, PreviewDeploy
from chalicelib.use_cases.deploys.rollback import PreviewRollback, RollBack, RollbackPreview


def read_plan(request: Request) -> PreviewDeploy:
    """Read what would be deployed. Faults: Invalid."""
    body = request.optional_body(shapes.PlannedDeployBody)
    return PreviewDeploy(
        by=request.asker,
        project=request.parameters["project"],
        environment=request.parameters["environment"],
        deployment=request.parameters["deployment"],
        version=body.version,
        inputs=body.inputs,
    )


def read_rollback_plan(request: Request) -> PreviewRollback:
    """Read what would be rolled back."""
    return PreviewRollback(
        by=request.asker,
        project=request.parameters["project"],
        environment=request.parameters["environment"],
        deployment=request.parameters["deployment"],
    )


def read_rollback(request: Request) -> RollBack:
    """Read what is rolled back. Faults: Invalid."""
    body = request.optional_body(shapes.RollbackBody)
    return RollBack(
        origin=request.origin,
        project=request.parameters["project"],
        environment=request.parameters["environment"],
        deployment=request.parameters["deployment"],
        digest=body.digest,
    )


def show_plan(preview: DeployPreview) -> Reply:
    """Show what a deploy would change."""
    return json_reply(_shown(preview))


def show_rollback_plan(preview: RollbackPreview) -> Reply:
    """Show what a rollback would change, and what it does not undo."""
    to = preview.to
    earlier = {"release": to.release, "at": to.at.isoformat(), "by": to.by, "run": to.run}
    return json_reply({**_shown(preview.deploy), "to": earlier, "kept": list(preview.kept)})


def show_started(run: Run) -> Reply:
    """Show the run that was started."""
    return json_reply({"run": run.id})


def _shown(preview: DeployPreview) -> dict[str, Json]:
    return {
        "release": preview.release,
        "changes": shown_changes(preview.changes, preview.digest),
        "effects": [{"kind": one.kind, "what": one.what} for one in preview.effects],
    }
