"""`slipway build …`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from slipway.cli import desk
from slipway.cli.exit_codes import ExitCode
from slipway.cli.options import body_of, file_option, json_option, replace_option, wait_option
from slipway.cli.paths import build_path, builds_path, project_path
from slipway.cli.saved import Place, done, save
from slipway.cli.started import started

if TYPE_CHECKING:
    from rich.console import RenderableType


@click.group()
@json_option
def build() -> None:
    """Add, list, show and trigger builds: what makes releases from a repository."""


@build.command()
@click.argument("project")
@click.argument("environment")
@click.argument("name")
@click.option("--repo", default="", help="A repository of the project, or an address.")
@click.option("--branch", default="")
@click.option("--plan", "plans", multiple=True, help="Where an Escape plan is, such as escape.yml; may be given again.")
@click.option("--steps-from-yml", is_flag=True, help="The repository itself says what is built.")
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
    file: str | None,
    replace: bool,  # noqa: FBT001 - click's signature
) -> None:
    """Add the build NAME to ENVIRONMENT of PROJECT, from options, a file, or both."""
    steps = [{"plan_location": plan} for plan in plans]
    body = body_of(file, name=name, repo=repo, branch=branch, steps=steps, steps_from_yml=steps_from_yml or None)
    path = build_path(project, environment, name)
    place = Place(
        added_at=builds_path(project, environment), path=path, title=f"build {name} in {project}/{environment}"
    )
    with desk.the_client() as api:
        is_new = save(api, place, body, replace=replace)
        found = api.get(path)
        told = {**found, "webhook_url": _webhook(api.address, found)}
    desk.show(told, lambda: f"{done(is_new, place.title)}\nwebhook: {told['webhook_url']}")


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
        told = {**found, "webhook_url": _webhook(api.address, found)}
    desk.show(told, lambda: _record(told))


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


def _record(told: dict[str, Any]) -> RenderableType:
    from slipway.cli.tables import listed, record

    return record(
        {
            "build": str(told["name"]),
            "environment": f"{told['project']}/{told['environment']}",
            "repository": str(told.get("repo", "")),
            "branch": str(told.get("branch", "")),
            "plans": listed([step.get("plan_location", "") for step in told.get("steps") or ()]),
            "status": str(told.get("status", "")),
            "disabled": "yes" if told.get("disabled") else "",
            "webhook": str(told["webhook_url"]),
        }
    )
