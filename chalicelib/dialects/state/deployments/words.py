"""Read and show deployments (remote state). Source: recorded traffic of the real Escape CLI."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chalicelib.dialects.state.deployments import shapes
from chalicelib.dialects.state.words import present, read_at, read_page, shown_instant
from chalicelib.http.instant import read_instant, utc
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.projects.deployment import (
    Change,
    DeploymentStage,
    DeploymentState,
    NodePath,
    StageState,
    StageStatus,
    summary,
)
from chalicelib.kernel.secret_inputs import shown
from chalicelib.use_cases.ports.projects import place_of_change
from chalicelib.use_cases.projects.deployments import DeleteDeployment, DeploymentNamed, HistoryOf, UpdateState
from chalicelib.use_cases.projects.environment_views import EnvironmentView

NAME = "deployment"


def read_deployment(request: Request) -> DeploymentNamed:
    """Read which deployment is requested, and as of when. Faults: Invalid."""
    return DeploymentNamed(
        by=request.asker,
        project=request.parameters["project"],
        environment=request.parameters["environment"],
        name=request.query.needed(NAME),
        at=read_at(request),
    )


def read_history(request: Request) -> HistoryOf:
    """Read which page of a deployment's history is requested. Faults: Invalid."""
    page = read_page(request)
    return HistoryOf(
        project=request.parameters["project"],
        environment=request.parameters["environment"],
        name=request.query.needed(NAME),
        page=replace(page, after=page.after.replace(".", "#") if page.after else None),
    )


def read_new_state(request: Request) -> UpdateState:
    """Read the state of a deployment to create. Faults: Invalid."""
    return _read_state(request, new=True)


def read_state(request: Request) -> UpdateState:
    """Read the state of a deployment, or of one nested in it. Faults: Invalid."""
    return _read_state(request, new=False)


def read_delete(request: Request) -> DeleteDeployment:
    """Read which deployment to delete. Faults: Invalid."""
    return DeleteDeployment(
        origin=request.origin,
        project=request.parameters["project"],
        environment=request.parameters["environment"],
        name=request.query.needed(NAME),
    )


def state_of(body: shapes.DeploymentBody, name: str) -> DeploymentState:
    """Return the state of a deployment, with nested ones, from a body."""
    stages = {kind.value: _stage(stage) for kind, stage in (body.stages or {}).items() if stage is not None}
    return DeploymentState(
        name=name, release=body.release, inputs=body.inputs or {}, stages=stages, unknown=body.unknown
    )


def show_deployment(state: DeploymentState) -> Reply:
    """Show a deployment with its nested ones."""
    return json_reply(shown_state(state))


def show_history(changes: Sequence[Change]) -> Reply:
    """Show a deployment's changes, newest first, each with a summary of the state after it.

    `?at=` gives the full state.
    """
    return json_reply([_shown_change(change) for change in changes])


def show_environment_state(view: EnvironmentView) -> Reply:
    """Show an environment as the CLI loads it, without empty fields."""
    deployments = {state.name: shown_state(state) for state in view.deployments}
    inputs = shown(view.environment.inputs, view.environment.secrets)
    return json_reply({"name": view.environment.name, **present(_json({"inputs": inputs, "deployments": deployments}))})


def shown_state(state: DeploymentState) -> dict[str, Json]:
    """Return a deployment as JSON, without empty fields except its name."""
    stages = {name: _shown_stage(stage) for name, stage in state.stages.items()}
    values = {"release": state.release, "inputs": dict(state.inputs), "stages": stages}
    return {**_json(state.unknown), "name": state.name, **present(_json(values))}


def shown_summary(state: DeploymentState) -> dict[str, Json]:
    """Return a summary of a deployment as JSON."""
    short = summary(state)
    stages: dict[str, Json] = {
        name: {"version": stage.version, "status": _shown_status(stage.status)}
        for name, stage in short.stages.items()
        if stage.status is not None
    }
    return {"name": short.name, "release": short.release, "stages": stages}


def _shown_change(change: Change) -> Json:
    return {
        "id": place_of_change(change).replace("#", "."),
        "at": shown_instant(change.at),
        "by": change.by,
        "action": change.action.value if change.action is not None else "",
        "went_well": change.went_well,
        "execution_id": change.run,
        "release_id": change.release,
        "deployment": shown_summary(change.state) if change.state is not None else None,
    }


def _read_state(request: Request, *, new: bool) -> UpdateState:
    body = request.body(shapes.StateBody)
    root = request.query.needed(NAME)
    if body.root_stage not in ("", *DeploymentStage):
        raise Invalid.single("root_stage", "should be blank, build or deploy")
    path = NodePath(
        names=tuple((body.path or root).split(":")),
        root_stage=DeploymentStage(body.root_stage) if body.root_stage else None,
    )
    return UpdateState(
        origin=request.origin,
        project=request.parameters["project"],
        environment=request.parameters["environment"],
        root=root,
        path=path,
        state=state_of(body.state, body.state.name),
        new=new,
    )


def _stage(body: shapes.StageBody) -> StageState:
    below = {name: state_of(inner, inner.name or name) for name, inner in (body.deployments or {}).items()}
    return StageState(
        version=body.version,
        status=_status(body.status) if body.status is not None else None,
        inputs=body.inputs or {},
        calculated_inputs=body.calculated_inputs or {},
        calculated_outputs=body.calculated_outputs or {},
        deployments=below,
        providers=body.providers or {},
        provides=tuple(body.provides or ()),
        sensitive=tuple(body.sensitive) if body.sensitive is not None else None,
        unknown=body.unknown,
    )


def _status(body: shapes.StatusBody) -> StageStatus:
    texts = {"updated_at": body.updated_at, "try_again_at": body.try_again_at}
    instants = {name: text for name, text in texts.items() if text}
    at = {name: utc(read_instant(text)) for name, text in instants.items()}
    return StageStatus(
        code=body.status,
        updated_at=at.get("updated_at"),
        updated_by=body.updated_by,
        data=body.data if body.data is not None else "",
        try_again_at=at.get("try_again_at"),
        tried=body.tried,
        instants=instants,
        unknown=body.unknown,
    )


def _shown_stage(stage: StageState) -> Json:
    below = {name: shown_state(inner) for name, inner in stage.deployments.items()}
    values = {
        "inputs": dict(stage.inputs),
        "calculated_inputs": dict(stage.calculated_inputs),
        "calculated_outputs": dict(stage.calculated_outputs),
        "deployments": below,
        "providers": dict(stage.providers),
        "provides": list(stage.provides),
        "version": stage.version,
        "status": _shown_status(stage.status) if stage.status is not None else None,
    }
    return {**_json(stage.unknown), **present(_json(values))}


def _shown_status(status: StageStatus | None) -> dict[str, Json]:
    if status is None:
        return {}
    values = {
        "updated_at": status.instants.get("updated_at") or shown_instant(status.updated_at),
        "updated_by": status.updated_by,
        "data": status.data,
        "try_again_at": status.instants.get("try_again_at") or shown_instant(status.try_again_at),
        "tried": status.tried,
    }
    return {**_json(status.unknown), "status": status.code.value, **present(_json(values))}


def _json(values: Mapping[str, object]) -> dict[str, Json]:
    """Type values that were parsed from JSON as JSON."""
    plain: dict[str, Json] = dict(values)  # type: ignore[arg-type]  # inputs were parsed from JSON
    return plain
