"""`slipway job …`: deployment jobs. `slipway deploy` triggers them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from slipway.cli.exit_codes import ExitCode
from slipway.cli.input.options import (
    arguments,
    body_of,
    disable_option,
    document,
    file_option,
    input_option,
    json_option,
    pairs,
    place_arguments,
    replace_option,
    said,
    service_account_option,
    values,
    wait_option,
    without_input_option,
    yes_option,
)
from slipway.cli.places.paths import job_path, jobs_path
from slipway.cli.places.removal import remove_at
from slipway.cli.places.saved import Place, change, save
from slipway.cli.runs.started import started
from slipway.cli.show import output
from slipway.cli.show.columns import KEY, Column, Columns, by_environment, prefixed, yes

TABLE = Columns(
    (Column("environment"), Column("deployment", KEY), Column("release"), Column("version"), Column("status")),
    none="no deployment jobs",
)
RECORD = Columns(
    (
        Column("deployment"),
        Column("environment", lambda one: f"{one['project']}/{one['environment']}"),
        Column("release"),
        Column("version"),
        Column("status"),
        Column("as", "service_account_name"),
        Column("disabled", show=yes),
    )
)
_provider_option = click.option("--provider", "providers", multiple=True, metavar="INTERFACE=DEPLOYMENT")


def _place(project: str, environment: str, deployment: str) -> Place:
    return Place(
        added_at=f"{jobs_path(project)}add",
        path=job_path(project, environment, deployment),
        title=f"deployment job {deployment} in {project}/{environment}",
        name=deployment,
        environment=environment,
    )


@click.group()
@json_option
def job() -> None:
    """Deployment jobs: which release is deployed under a name in an environment.

    Example: slipway job list shop
    """


@job.command()
@place_arguments(_place)
@click.option("--release", default="", metavar="NAMESPACE/APP")
@click.option("--version", default="", metavar="V", help="A version, 1.@, latest or a tag; latest if left out.")
@input_option()
@_provider_option
@file_option
@replace_option
@json_option
def add(
    *,
    place: Place,
    inputs: tuple[str, ...],
    providers: tuple[str, ...],
    file: str | None,
    replace: bool,
    **given: object,
) -> None:
    """Add the job of DEPLOYMENT to ENVIRONMENT of PROJECT, from options, a file, or both.

    Example: slipway job add shop staging demo/app --release demo/app -i size=3
    """
    given |= {"environment": place.environment, "deployment": place.name, **_inputs_and_providers(inputs, providers)}
    body = body_of(file, **given)
    with output.the_client() as api:
        outcome = save(api, place, body, replace=replace)
        found = api.get(place.path)
    output.show(found, lambda: outcome)


@job.command()
@place_arguments(_place)
@click.option("--release", metavar="NAMESPACE/APP")
@click.option("--version", metavar="V", help="A version, 1.@, latest or a tag; an empty one for the latest.")
@input_option("In place of the one of its name.")
@without_input_option
@_provider_option
@service_account_option
@disable_option
@file_option
@json_option
def edit(
    *,
    place: Place,
    inputs: tuple[str, ...],
    gone: tuple[str, ...],
    providers: tuple[str, ...],
    file: str | None,
    **given: object,
) -> None:
    """Change a deployment job: what is not said stays as it is.

    Example: slipway job edit shop staging demo/app -i size=5
    """
    more = _inputs_and_providers(inputs, providers)
    with output.the_client() as api:
        merged = _merged(api.get(place.path), more, gone)
        found = change(api, place, {**document(file), **said(**given), **merged})
    _show(found)


@job.command("remove")
@place_arguments(_place)
@yes_option
@json_option
def remove_(*, place: Place, yes: bool) -> None:
    """Remove a deployment job. What it deployed stays, with its state: see `slipway job destroy`.

    Example: slipway job remove shop staging demo/app --yes
    """
    remove_at(place, yes=yes)


@job.command("list")
@arguments("project")
@json_option
def list_(project: str) -> None:
    """The deployment jobs of PROJECT by environment.

    Example: slipway job list shop
    """
    with output.the_client() as api:
        found = api.get(jobs_path(project))
    output.show(found, lambda: TABLE.table(by_environment(found)))


@job.command()
@place_arguments(_place)
@json_option
def show(*, place: Place) -> None:
    """A deployment job.

    Example: slipway job show shop staging demo/app
    """
    with output.the_client() as api:
        found = api.get(place.path)
    _show(found)


@job.command()
@arguments("project", "environment", "deployment")
@wait_option
@json_option
def smoke(*, project: str, environment: str, deployment: str, wait: bool) -> ExitCode:
    """Run the smoke tests of what is deployed.

    Example: slipway job smoke shop staging demo/app --wait
    """
    return _trigger((project, environment, deployment), "smoke", {}, wait=wait)


@job.command()
@arguments("project", "environment", "deployment")
@wait_option
@json_option
def destroy(*, project: str, environment: str, deployment: str, wait: bool) -> ExitCode:
    """Destroy what is deployed.

    Example: slipway job destroy shop staging demo/app --wait
    """
    return _trigger((project, environment, deployment), "destroy", {}, wait=wait)


@job.command()
@arguments("project", "environment", "deployment", "name")
@input_option()
@wait_option
@json_option
def errand(
    *, project: str, environment: str, deployment: str, name: str, inputs: tuple[str, ...], wait: bool
) -> ExitCode:
    """Run the errand NAME of what is deployed.

    Example: slipway job errand shop staging demo/app backup -i target=s3 --wait
    """
    body = body_of(None, errand_name=name, errand_inputs=values(inputs, "--input"))
    return _trigger((project, environment, deployment), "errand", body, wait=wait)


def _inputs_and_providers(inputs: tuple[str, ...], providers: tuple[str, ...]) -> dict[str, Mapping[str, object]]:
    return {"inputs": values(inputs, "--input"), "providers": pairs(providers, "--provider")}


def _merged(
    before: dict[str, Any], more: Mapping[str, Mapping[str, object]], gone: tuple[str, ...]
) -> dict[str, dict[str, object]]:
    """Inputs and providers, with those in `more` set and the inputs in `gone` removed."""
    merged = {name: {**(before.get(name) or {}), **given} for name, given in more.items() if given}
    if gone:
        inputs = merged.get("inputs", before.get("inputs") or {})
        merged["inputs"] = {name: value for name, value in inputs.items() if name not in gone}
    return merged


def _trigger(place: tuple[str, str, str], action: str, body: dict[str, object], *, wait: bool) -> ExitCode:
    project, environment, deployment = place
    with output.the_client() as api:
        run = api.post(f"{job_path(project, environment, deployment)}trigger/{action}", body)["id"]
        return started(api, str(run), f"{action} of {deployment} in {project}/{environment}", wait=wait)


def _show(found: dict[str, Any]) -> None:
    named = {**prefixed("input", found.get("inputs")), **prefixed("provider", found.get("providers"))}
    output.show(found, lambda: RECORD.record(found, named))
