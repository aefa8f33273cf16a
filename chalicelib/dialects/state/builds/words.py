"""Read definitions and triggers of builds, and show builds. Their executions: executions/words.py."""

from collections.abc import Mapping, Sequence
from dataclasses import fields

from chalicelib.dialects.state.builds import shapes
from chalicelib.dialects.state.words import other_name, status_of
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.definitions.definition import BuildDefinition, BuildSettings
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.partial_read import UnreadableFields
from chalicelib.kernel.secret_inputs import shown
from chalicelib.use_cases.definitions.builds import BuildNamed, SaveBuild, TriggerBuild
from chalicelib.use_cases.definitions.lists import DefinitionsIn, Listed
from slipway_formats.build_step import BuildStep

PLAN = "escape.yml"


def read_build(request: Request) -> BuildNamed:
    """Read which build is requested."""
    return BuildNamed(
        origin=request.origin,
        project=request.parameters["project"],
        environment=request.parameters["environment"],
        name=request.parameters["build"],
    )


def read_new_build(request: Request) -> SaveBuild:
    """Read a build to define. Faults: Invalid."""
    body, unreadable = request.body_in_part(shapes.BuildBody)
    return _save(request, body, body.name, private_key=body.private_key, unreadable=unreadable)


def read_save_build(request: Request) -> SaveBuild:
    """Read the new settings of a build. The private key changes only with `update_private_key`. Faults: Invalid."""
    name = request.parameters["build"]
    body, unreadable = request.body_in_part(shapes.BuildBody)
    key = (body.private_key or "") if body.update_private_key else None
    return _save(request, body, name, private_key=key, unreadable=other_name(unreadable, body.name, name))


def read_trigger(request: Request) -> TriggerBuild:
    """Read a command to run a build. Faults: Invalid."""
    body = request.optional_body(shapes.TriggerBuildBody)
    return TriggerBuild(
        origin=request.origin,
        project=request.parameters["project"],
        environment=request.parameters["environment"],
        name=request.parameters["build"],
        branch=body.branch,
        commit=body.commit,
    )


def read_builds(request: Request) -> DefinitionsIn:
    """Read where to list builds: in an environment, in a project, or everywhere the caller may read."""
    return DefinitionsIn(
        by=request.asker,
        project=request.parameters.get("project", ""),
        environment=request.parameters.get("environment", ""),
    )


def show_build(listed: Listed[BuildDefinition]) -> Reply:
    """Show a build."""
    return json_reply(shown_build(listed.definition, listed.by, listed.phase))


def show_builds(listed: Sequence[Listed[BuildDefinition]]) -> Reply:
    """Show the builds of an environment by name."""
    return json_reply(_by_name(listed))


def show_builds_of_project(listed: Sequence[Listed[BuildDefinition]]) -> Reply:
    """Show the builds of a project by environment and name."""
    return json_reply(_by_environment(listed))


def show_all_builds(listed: Sequence[Listed[BuildDefinition]]) -> Reply:
    """Show builds by project, environment and name."""
    projects = dict.fromkeys(one.definition.project for one in listed)
    return json_reply(
        {name: _by_environment([one for one in listed if one.definition.project == name]) for name in projects}
    )


def shown_build(build: BuildDefinition, by: Principal, phase: Phase | None) -> dict[str, Json]:
    """Return a build as JSON. Only writers see the token of its webhook; nobody sees its secrets."""
    token: dict[str, Json] = {"webhook_token": build.webhook_token} if may(by, Level.WRITE, build.project) else {}
    return {
        "id": build.id,
        "project": build.project,
        "environment": build.environment,
        "name": build.name,
        "repo": build.repo,
        "branch": build.branch,
        "disabled": build.disabled,
        "steps": _shown_steps(build),
        "steps_from_yml": build.steps_from_yml,
        "remote_escape_worker_url": build.remote_escape_worker_url,
        "service_account_name": build.service_account_name,
        "service_account_team": build.service_account_team,
        "status": status_of(phase),
        **({} if build.skip_ci else {"skip_ci": False}),
        **token,
    }


def _save(
    request: Request, body: shapes.BuildBody, name: str, *, private_key: str | None, unreadable: UnreadableFields
) -> SaveBuild:
    settings = BuildSettings(
        repo=body.repo,
        branch=body.branch,
        disabled=body.disabled,
        steps=tuple(_step(step) for step in body.steps or ()),
        steps_from_yml=body.steps_from_yml,
        remote_escape_worker_url=body.remote_escape_worker_url,
        service_account_name=body.service_account_name,
        service_account_team=body.service_account_team,
        skip_ci=body.skip_ci,
    )
    return SaveBuild(
        origin=request.origin,
        project=request.parameters["project"],
        environment=request.parameters["environment"],
        name=name,
        settings=settings,
        private_key=private_key,
        escape_auth_token=body.escape_auth_token,
        unreadable=unreadable,
    )


def _step(body: shapes.BuildStepShape) -> BuildStep:
    flags = {field.name: getattr(body, field.name) for field in fields(BuildStep) if field.type is bool}
    return BuildStep(
        plan_location=body.plan_location or PLAN,
        override_namespace=body.override_namespace,
        build_on_file_changes=tuple(body.build_on_file_changes or ()),
        ignore_file_changes=tuple(body.ignore_file_changes or ()),
        variables=body.variables or {},
        providers=body.providers or {},
        **flags,
    )


def _shown_steps(build: BuildDefinition) -> list[Json]:
    secrets = build.step_secrets or tuple({} for _ in build.steps)
    return [_shown_step(step, references) for step, references in zip(build.steps, secrets, strict=True)]


def _shown_step(step: BuildStep, secrets: Mapping[str, str]) -> Json:
    values = {field.name: getattr(step, field.name) for field in fields(step)}
    values["variables"] = shown(step.variables, secrets)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in sorted(values.items())}


def _by_name(listed: Sequence[Listed[BuildDefinition]]) -> dict[str, Json]:
    return {one.definition.name: shown_build(one.definition, one.by, one.phase) for one in listed}


def _by_environment(listed: Sequence[Listed[BuildDefinition]]) -> Mapping[str, Json]:
    names = dict.fromkeys(one.definition.environment for one in listed)
    return {name: _by_name([one for one in listed if one.definition.environment == name]) for name in names}
