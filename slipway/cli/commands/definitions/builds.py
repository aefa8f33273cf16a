"""`slipway build …`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from slipway.cli.exit_codes import ExitCode
from slipway.cli.input.options import (
    arguments,
    body_of,
    disable_option,
    document,
    file_option,
    json_option,
    key_option,
    limit_option,
    place_arguments,
    replace_option,
    said,
    secret_text,
    service_account_option,
    wait_option,
    yes_option,
)
from slipway.cli.places.paths import build_path, builds_path, project_path
from slipway.cli.places.removal import remove_at
from slipway.cli.places.saved import Place, change, save
from slipway.cli.places.webhook_secret import show_webhook_secret
from slipway.cli.runs.executions import show_executions
from slipway.cli.runs.started import started
from slipway.cli.show import output
from slipway.cli.show.columns import KEY, Column, Columns, by_environment, names, yes

TABLE = Columns(
    (
        Column("environment"),
        Column("build", KEY),
        Column("repository", "repo"),
        Column("branch"),
        Column("status"),
    ),
    none="no builds",
)
RECORD = Columns(
    (
        Column("build", "name"),
        Column("environment", lambda one: f"{one['project']}/{one['environment']}"),
        Column("repository", "repo"),
        Column("branch"),
        Column("plans", "steps", names("plan_location")),
        Column("from", lambda one: "escapekit.yml in the repository" if one.get("steps_from_yml") else ""),
        Column("as", "service_account_name"),
        Column("status"),
        Column("disabled", show=yes),
        Column("webhook", "webhook_url"),
    )
)


def _place(project: str, environment: str, name: str) -> Place:
    return Place(
        added_at=builds_path(project, environment),
        path=build_path(project, environment, name),
        title=f"build {name} in {project}/{environment}",
        name=name,
    )


@click.group()
@json_option
def build() -> None:
    """Builds: what makes releases from a repository.

    Example: slipway build trigger shop ci app --wait
    """


@build.command()
@place_arguments(_place)
@click.option("--repo", default="", help="A repository of the project, or an address.")
@click.option("--branch", default="")
@click.option("--plan", "plans", multiple=True, help="Where an Escape plan is, such as escape.yml; may be given again.")
@click.option("--steps-from-yml", is_flag=True, help="The repository itself says what is built.")
@key_option
@file_option
@replace_option
@json_option
def add(
    *, place: Place, plans: tuple[str, ...], key: Path | None, file: str | None, replace: bool, **given: object
) -> None:
    """Add the build NAME to ENVIRONMENT of PROJECT, from options, a file, or both.

    Example: slipway build add shop ci app --repo code --branch main --plan escape.yml
    """
    given["steps_from_yml"] = given["steps_from_yml"] or None
    body = {**body_of(file, name=place.name, steps=_steps(plans), **given), **_with_key(key)}
    with output.the_client() as api:
        outcome = save(api, place, body, replace=replace)
        shown = _with_webhook(api.address, api.get(place.path))
    output.show(shown, lambda: f"{outcome}\nwebhook: {shown['webhook_url']}")


@build.command()
@place_arguments(_place)
@click.option("--repo")
@click.option("--branch")
@click.option("--plan", "plans", multiple=True, help="In place of all steps that there are; may be given again.")
@click.option("--steps-from-yml/--own-steps", "steps_from_yml", default=None, help="Who says what is built.")
@service_account_option
@key_option
@disable_option
@file_option
@json_option
def edit(*, place: Place, plans: tuple[str, ...], key: Path | None, file: str | None, **given: object) -> None:
    """Change a build: what is not said stays as it is, its webhook and its secrets too.

    Example: slipway build edit shop ci app --branch release
    """
    changes = {**document(file), **said(steps=_steps(plans) or None, **given), **_with_key(key)}
    with output.the_client() as api:
        shown = _with_webhook(api.address, change(api, place, changes))
    output.show(shown, lambda: RECORD.record(shown))


@build.command("remove")
@place_arguments(_place)
@yes_option
@json_option
def remove_(*, place: Place, yes: bool) -> None:
    """Remove a build, its webhook and its secrets; what it built and its runs stay.

    Example: slipway build remove shop ci app --yes
    """
    remove_at(place, yes=yes)


@build.command()
@place_arguments(_place)
@limit_option
@json_option
def history(*, place: Place, limit: int) -> None:
    """The runs of a build, newest first: what each was made from, and which release it made.

    Example: slipway build history shop ci app --limit 5
    """
    show_executions(place.path, limit)


@build.command("list")
@arguments("project")
@json_option
def list_(project: str) -> None:
    """The builds of PROJECT by environment.

    Example: slipway build list shop
    """
    with output.the_client() as api:
        found = api.get(f"{project_path(project)}builds/")
    output.show(found, lambda: TABLE.table(by_environment(found)))


@build.command()
@place_arguments(_place)
@json_option
def show(*, place: Place) -> None:
    """A build, with the address of its webhook for those who may write.

    Example: slipway build show shop ci app
    """
    with output.the_client() as api:
        shown = _with_webhook(api.address, api.get(place.path))
    output.show(shown, lambda: RECORD.record(shown))


@build.command()
@arguments("project", "environment", "name")
@click.option("--branch", default="")
@click.option("--commit", default="")
@wait_option
@json_option
def trigger(*, project: str, environment: str, name: str, wait: bool, **revision: object) -> ExitCode:
    """Build now: the build's own branch, or another branch or commit.

    Example: slipway build trigger shop ci app --commit 4f2c9a1 --wait
    """
    with output.the_client() as api:
        run = api.post(f"{build_path(project, environment, name)}trigger-build", body_of(None, **revision))["id"]
        return started(api, str(run), f"building {name} of {project}/{environment}", wait=wait)


@build.command("webhook-secret")
@place_arguments(_place)
@click.option("--rotate", is_flag=True, help="Make a new one; the one before signs no more.")
@json_option
def webhook_secret(*, place: Place, rotate: bool) -> None:
    """The secret that a git host is to sign pushes with; owners alone see it, and each look is audited.

    Example: slipway build webhook-secret shop ci app --rotate
    """
    show_webhook_secret(f"{place.path}webhook-secret", rotate=rotate)


def _steps(plans: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"plan_location": plan} for plan in plans]


def _with_key(key: Path | None) -> dict[str, object]:
    text = secret_text(key)
    return {} if text is None else {"private_key": text, "update_private_key": True}


def _with_webhook(address: str, found: dict[str, Any]) -> dict[str, Any]:
    """The build with the address that a git host calls after a push; empty for those who may not write."""
    token = found.get("webhook_token")
    base = builds_path(str(found["project"]), str(found["environment"]))
    return {**found, "webhook_url": f"{address}{base}webhook/{token}" if token else ""}
