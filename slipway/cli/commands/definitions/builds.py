"""`slipway build …`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from slipway.cli import output as desk
from slipway.cli.exit_codes import ExitCode
from slipway.cli.options import (
    able_option,
    body_of,
    document,
    file_option,
    json_option,
    key_option,
    replace_option,
    said,
    secret_text,
    wait_option,
)
from slipway.cli.paths import build_path, builds_path, project_path
from slipway.cli.removal import confirm, remove, told, yes_option
from slipway.cli.runs.executions import executions, limit_option, table
from slipway.cli.runs.started import started
from slipway.cli.saved import Place, change, done, save

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import RenderableType


@click.group()
@json_option
def build() -> None:
    """Builds: what makes releases from a repository."""


@build.command()
@click.argument("project")
@click.argument("environment")
@click.argument("name")
@click.option("--repo", default="", help="A repository of the project, or an address.")
@click.option("--branch", default="")
@click.option("--plan", "plans", multiple=True, help="Where an Escape plan is, such as escape.yml; may be given again.")
@click.option("--steps-from-yml", is_flag=True, help="The repository itself says what is built.")
@key_option
@file_option
@replace_option
@json_option
def add(  # noqa: PLR0913, PLR0917 - click's signature
    project: str,
    environment: str,
    name: str,
    repo: str,
    branch: str,
    plans: tuple[str, ...],
    steps_from_yml: bool,  # noqa: FBT001 - click's signature
    key: Path | None,
    file: str | None,
    replace: bool,  # noqa: FBT001 - click's signature
) -> None:
    """Add the build NAME to ENVIRONMENT of PROJECT, from options, a file, or both."""
    given = body_of(
        file, name=name, repo=repo, branch=branch, steps=_steps(plans), steps_from_yml=steps_from_yml or None
    )
    body = {**given, **_with_key(key)}
    place = _place(project, environment, name)
    with desk.the_client() as api:
        is_new = save(api, place, body, replace=replace)
        found = api.get(place.path)
        shown = {**found, "webhook_url": _webhook(api.address, found)}
    desk.show(shown, lambda: f"{done(is_new, place.title)}\nwebhook: {shown['webhook_url']}")


@build.command()
@click.argument("project")
@click.argument("environment")
@click.argument("name")
@click.option("--repo")
@click.option("--branch")
@click.option("--plan", "plans", multiple=True, help="In place of all steps that there are; may be given again.")
@click.option("--steps-from-yml/--own-steps", "steps_from_yml", default=None, help="Who says what is built.")
@click.option("--service-account", metavar="NAME", help="As whom it runs; an empty one for nobody.")
@key_option
@able_option
@file_option
@json_option
def edit(  # noqa: PLR0913, PLR0917 - click's signature
    project: str,
    environment: str,
    name: str,
    repo: str | None,
    branch: str | None,
    plans: tuple[str, ...],
    steps_from_yml: bool | None,  # noqa: FBT001 - click's signature
    service_account: str | None,
    key: Path | None,
    disabled: bool | None,  # noqa: FBT001 - click's signature
    file: str | None,
) -> None:
    """Change a build: what is not said stays as it is, its webhook and its secrets too."""
    given = said(
        repo=repo,
        branch=branch,
        steps=_steps(plans) or None,
        steps_from_yml=steps_from_yml,
        service_account_name=service_account,
        disabled=disabled,
    )
    place = _place(project, environment, name)
    with desk.the_client() as api:
        found = change(api, place, {**(document(file) if file else {}), **given, **_with_key(key)})
        shown = {**found, "webhook_url": _webhook(api.address, found)}
    desk.show(shown, lambda: _record(shown))


@build.command("remove")
@click.argument("project")
@click.argument("environment")
@click.argument("name")
@yes_option
@json_option
def remove_(project: str, environment: str, name: str, yes: bool) -> None:  # noqa: FBT001 - click's signature
    """Remove a build, its webhook and its secrets; what it built and its runs stay."""
    place = _place(project, environment, name)
    with desk.the_client() as api:
        confirm(place.title, yes=yes)
        gone = remove(api, place.path)
    desk.show({"removed": name, **gone}, lambda: told(place.title, gone))


@build.command()
@click.argument("project")
@click.argument("environment")
@click.argument("name")
@limit_option
@json_option
def history(project: str, environment: str, name: str, limit: int) -> None:
    """The runs of a build, newest first: what each was made from, and which release it made."""
    with desk.the_client() as api:
        found = executions(api, build_path(project, environment, name), limit)
    desk.show(found, lambda: table(found))


@build.command("list")
@click.argument("project")
@json_option
def list_(project: str) -> None:
    """The builds of PROJECT by environment."""
    with desk.the_client() as api:
        found = api.get(f"{project_path(project)}builds/")
    desk.show(found, lambda: _table(found))


@build.command()
@click.argument("project")
@click.argument("environment")
@click.argument("name")
@json_option
def show(project: str, environment: str, name: str) -> None:
    """A build, with the address of its webhook for those who may write."""
    with desk.the_client() as api:
        found = api.get(build_path(project, environment, name))
        shown = {**found, "webhook_url": _webhook(api.address, found)}
    desk.show(shown, lambda: _record(shown))


@build.command()
@click.argument("project")
@click.argument("environment")
@click.argument("name")
@click.option("--branch", default="")
@click.option("--commit", default="")
@wait_option
@json_option
def trigger(project: str, environment: str, name: str, branch: str, commit: str, wait: bool) -> ExitCode:  # noqa: FBT001, PLR0917 - click's signature
    """Build now: the build's own branch, or another branch or commit."""
    with desk.the_client() as api:
        body = body_of(None, branch=branch, commit=commit)
        run = api.post(f"{build_path(project, environment, name)}trigger-build", body)["id"]
        return started(api, str(run), f"building {name} of {project}/{environment}", wait=wait)


def _place(project: str, environment: str, name: str) -> Place:
    return Place(
        added_at=builds_path(project, environment),
        path=build_path(project, environment, name),
        title=f"build {name} in {project}/{environment}",
    )


def _steps(plans: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"plan_location": plan} for plan in plans]


def _with_key(key: Path | None) -> dict[str, object]:
    text = secret_text(key)
    return {} if text is None else {"private_key": text, "update_private_key": True}


def _webhook(address: str, found: dict[str, Any]) -> str:
    token = found.get("webhook_token")
    base = builds_path(str(found["project"]), str(found["environment"]))
    return f"{address}{base}webhook/{token}" if token else ""


def _table(found: dict[str, Any]) -> RenderableType:
    from slipway.cli.tables import listing

    rows = [
        (environment, name, str(one.get("repo", "")), str(one.get("branch", "")), str(one.get("status", "")))
        for environment, builds in found.items()
        for name, one in builds.items()
    ]
    return listing(("environment", "build", "repository", "branch", "status"), rows, none="no builds")


def _record(shown: dict[str, Any]) -> RenderableType:
    from slipway.cli.tables import listed, record

    return record(
        {
            "build": str(shown["name"]),
            "environment": f"{shown['project']}/{shown['environment']}",
            "repository": str(shown.get("repo", "")),
            "branch": str(shown.get("branch", "")),
            "plans": listed([step.get("plan_location", "") for step in shown.get("steps") or ()]),
            "from": "escapekit.yml in the repository" if shown.get("steps_from_yml") else "",
            "as": str(shown.get("service_account_name", "")),
            "status": str(shown.get("status", "")),
            "disabled": "yes" if shown.get("disabled") else "",
            "webhook": str(shown["webhook_url"]),
        }
    )
