"""`slipway job …`: deployment jobs. They are triggered by `slipway deploy`."""

from __future__ import annotations

from collections.abc import Mapping
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
    pairs,
    replace_option,
    said,
    values,
    wait_option,
)
from slipway.cli.paths import job_path, jobs_path
from slipway.cli.removal import confirm, remove, told, yes_option
from slipway.cli.runs.started import started
from slipway.cli.saved import Place, change, done, save

if TYPE_CHECKING:
    from rich.console import RenderableType


@click.group()
@json_option
def job() -> None:
    """Deployment jobs: which release is deployed under a name in an environment."""


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
    place = _place(project, environment, deployment)
    with desk.the_client() as api:
        is_new = save(api, place, body, replace=replace)
        found = api.get(place.path)
    desk.show(found, lambda: done(is_new, place.title))


@job.command()
@click.argument("project")
@click.argument("environment")
@click.argument("deployment")
@click.option("--release", metavar="NAMESPACE/APP")
@click.option("--version", metavar="V", help="A version, 1.@, latest or a tag; an empty one for the latest.")
@click.option("-i", "--input", "inputs", multiple=True, metavar="NAME=VALUE", help="In place of the one of its name.")
@click.option("--without-input", "gone", multiple=True, metavar="NAME", help="Has this input no more.")
@click.option("--provider", "providers", multiple=True, metavar="INTERFACE=DEPLOYMENT")
@click.option("--service-account", metavar="NAME", help="As whom it runs; an empty one for nobody.")
@able_option
@file_option
@json_option
def edit(  # noqa: PLR0913, PLR0917 - click's signature
    project: str,
    environment: str,
    deployment: str,
    release: str | None,
    version: str | None,
    inputs: tuple[str, ...],
    gone: tuple[str, ...],
    providers: tuple[str, ...],
    service_account: str | None,
    disabled: bool | None,  # noqa: FBT001 - click's signature
    file: str | None,
) -> None:
    """Change a deployment job: what is not said stays as it is."""
    given = said(release=release, version=version, service_account_name=service_account, disabled=disabled)
    place = _place(project, environment, deployment)
    more: dict[str, Mapping[str, object]] = {
        "inputs": values(inputs, "--input"),
        "providers": pairs(providers, "--provider"),
    }
    with desk.the_client() as api:
        merged = _merged(api.get(place.path), more, gone)
        found = change(api, place, {**(document(file) if file else {}), **given, **merged})
    desk.show(found, lambda: _record(found))


@job.command("remove")
@click.argument("project")
@click.argument("environment")
@click.argument("deployment")
@yes_option
@json_option
def remove_(project: str, environment: str, deployment: str, yes: bool) -> None:  # noqa: FBT001 - click's signature
    """Remove a deployment job. What it deployed stays, with its state: see `slipway job destroy`."""
    place = _place(project, environment, deployment)
    with desk.the_client() as api:
        confirm(place.title, yes=yes)
        gone = remove(api, place.path)
    desk.show({"removed": deployment, **gone}, lambda: told(place.title, gone))


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


def _place(project: str, environment: str, deployment: str) -> Place:
    return Place(
        added_at=f"{jobs_path(project)}add",
        path=job_path(project, environment, deployment),
        title=f"deployment job {deployment} in {project}/{environment}",
    )


def _merged(
    before: dict[str, Any], more: Mapping[str, Mapping[str, object]], gone: tuple[str, ...]
) -> dict[str, dict[str, object]]:
    """Inputs and providers with what is said of some of them."""
    merged = {name: {**(before.get(name) or {}), **given} for name, given in more.items() if given}
    if gone:
        inputs = merged.get("inputs", before.get("inputs") or {})
        merged["inputs"] = {name: value for name, value in inputs.items() if name not in gone}
    return merged


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
            "as": str(found.get("service_account_name", "")),
            "disabled": "yes" if found.get("disabled") else "",
            **{f"input {name}": str(value) for name, value in (found.get("inputs") or {}).items()},
            **{f"provider {name}": str(value) for name, value in (found.get("providers") or {}).items()},
        }
    )
