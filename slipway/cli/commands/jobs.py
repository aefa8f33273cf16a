"""`slipway job …`: deployment jobs. They are triggered by `slipway deploy`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from slipway.cli import desk
from slipway.cli.exit_codes import ExitCode
from slipway.cli.options import body_of, file_option, json_option, pairs, replace_option, values, wait_option
from slipway.cli.paths import job_path, jobs_path
from slipway.cli.saved import Place, done, save
from slipway.cli.started import started

if TYPE_CHECKING:
    from rich.console import RenderableType


@click.group()
@json_option
def job() -> None:
    """Add, list and show deployment jobs: which release is deployed under a name in an environment."""


@job.command()
@click.argument("project")
@click.argument("environment")
@click.argument("deployment")
@click.option("--release", default="", metavar="NAMESPACE/APP")
@click.option("--version", default="", metavar="V", help="A version, 1.@, latest or a tag; latest if left out.")
@click.option("-i", "--input", "inputs", multiple=True, metavar="NAME=VALUE")
@click.option("--provider", "providers", multiple=True, metavar="INTERFACE=DEPLOYMENT")
@file_option
@replace_option
@json_option
def add(  # noqa: PLR0913, PLR0917 - click's signature
    project: str,
    environment: str,
    deployment: str,
    release: str,
    version: str,
    inputs: tuple[str, ...],
    providers: tuple[str, ...],
    file: str | None,
    replace: bool,  # noqa: FBT001 - click's signature
) -> None:
    """Add the job of DEPLOYMENT to ENVIRONMENT of PROJECT, from options, a file, or both."""
    body = body_of(
        file,
        environment=environment,
        deployment=deployment,
        release=release,
        version=version,
        inputs=values(inputs, "--input"),
        providers=pairs(providers, "--provider"),
    )
    path = job_path(project, environment, deployment)
    title = f"deployment job {deployment} in {project}/{environment}"
    with desk.the_client() as api:
        place = Place(added_at=f"{jobs_path(project)}add", path=path, title=title)
        is_new = save(api, place, body, replace=replace)
        found = api.get(path)
    desk.show(found, lambda: done(is_new, title))


@job.command("list")
@click.argument("project")
@json_option
def list_(project: str) -> None:
    """The deployment jobs of PROJECT by environment."""
    with desk.the_client() as api:
        found = api.get(jobs_path(project))
    desk.show(found, lambda: _table(found))


@job.command()
@click.argument("project")
@click.argument("environment")
@click.argument("deployment")
@json_option
def show(project: str, environment: str, deployment: str) -> None:
    """A deployment job."""
    with desk.the_client() as api:
        found = api.get(job_path(project, environment, deployment))
    desk.show(found, lambda: _record(found))


@job.command()
@click.argument("project")
@click.argument("environment")
@click.argument("deployment")
@wait_option
@json_option
def smoke(project: str, environment: str, deployment: str, wait: bool) -> ExitCode:  # noqa: FBT001 - click's signature
    """Run the smoke tests of what is deployed."""
    return _trigger((project, environment, deployment), "smoke", {}, wait=wait)


@job.command()
@click.argument("project")
@click.argument("environment")
@click.argument("deployment")
@wait_option
@json_option
def destroy(project: str, environment: str, deployment: str, wait: bool) -> ExitCode:  # noqa: FBT001 - click's signature
    """Destroy what is deployed."""
    return _trigger((project, environment, deployment), "destroy", {}, wait=wait)


@job.command()
@click.argument("project")
@click.argument("environment")
@click.argument("deployment")
@click.argument("name")
@click.option("-i", "--input", "inputs", multiple=True, metavar="NAME=VALUE")
@wait_option
@json_option
def errand(  # noqa: PLR0917 - click's signature
    project: str,
    environment: str,
    deployment: str,
    name: str,
    inputs: tuple[str, ...],
    wait: bool,  # noqa: FBT001 - click's signature
) -> ExitCode:
    """Run the errand NAME of what is deployed."""
    body = body_of(None, errand_name=name, errand_inputs=values(inputs, "--input"))
    return _trigger((project, environment, deployment), "errand", body, wait=wait)


def _trigger(place: tuple[str, str, str], action: str, body: dict[str, object], *, wait: bool) -> ExitCode:
    project, environment, deployment = place
    with desk.the_client() as api:
        run = api.post(f"{job_path(project, environment, deployment)}trigger/{action}", body)["id"]
        return started(api, str(run), f"{action} of {deployment} in {project}/{environment}", wait=wait)


def _table(found: dict[str, Any]) -> RenderableType:
    from slipway.cli.tables import listing

    rows = [
        (environment, name, str(one.get("release", "")), str(one.get("version", "")), str(one.get("status", "")))
        for environment, jobs in found.items()
        for name, one in jobs.items()
    ]
    return listing(("environment", "deployment", "release", "version", "status"), rows, none="no deployment jobs")


def _record(found: dict[str, Any]) -> RenderableType:
    from slipway.cli.tables import record

    return record(
        {
            "deployment": str(found["deployment"]),
            "environment": f"{found['project']}/{found['environment']}",
            "release": str(found.get("release", "")),
            "version": str(found.get("version", "")),
            "status": str(found.get("status", "")),
            "disabled": "yes" if found.get("disabled") else "",
            **{f"input {name}": str(value) for name, value in (found.get("inputs") or {}).items()},
            **{f"provider {name}": str(value) for name, value in (found.get("providers") or {}).items()},
        }
    )
