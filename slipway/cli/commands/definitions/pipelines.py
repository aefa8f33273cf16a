"""`slipway pipeline …`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from slipway.cli.commands.definitions.pipeline_tree import tree
from slipway.cli.error import CommandError
from slipway.cli.exit_codes import ExitCode
from slipway.cli.input.options import (
    arguments,
    body_of,
    disable_option,
    document,
    file_option,
    input_option,
    json_option,
    limit_option,
    place_arguments,
    replace_option,
    said,
    service_account_option,
    values,
    wait_option,
    yes_option,
)
from slipway.cli.input.pipeline_files import agree_to_replace, checked, difference, starter
from slipway.cli.places.paths import pipeline_path, pipelines_path
from slipway.cli.places.removal import remove_at
from slipway.cli.places.saved import Place, change, save, warn
from slipway.cli.places.webhook_secret import show_webhook_secret
from slipway.cli.runs.executions import show_executions
from slipway.cli.runs.started import started
from slipway.cli.show import output
from slipway.cli.show.columns import KEY, Column, Columns, by_name, names
from slipway.cli.web import open_page, page_of_project, web_option
from slipway.client import segment

TABLE = Columns((Column("pipeline", KEY), Column("phases", show=names("name")), Column("status")), none="no pipelines")


def _place(project: str, name: str) -> Place:
    return Place(
        added_at=f"{pipelines_path(project)}add",
        path=pipeline_path(project, name),
        title=f"pipeline {name} in {project}",
        name=name,
        project=project,
    )


@click.group()
@json_option
def pipeline() -> None:
    """Pipelines: how a change travels, phase by phase.

    Example: slipway pipeline trigger shop delivery --wait
    """


@pipeline.command()
@arguments("project")
@click.argument("name", required=False, default="")
@click.option("-f", "--file", "file", required=True, metavar="FILE", help="A JSON or YAML file; - for stdin.")
@replace_option
@yes_option
@json_option
def add(*, project: str, name: str, file: str, replace: bool, yes: bool) -> None:
    """Add a pipeline to PROJECT; its NAME stands in the file, or here.

    With --replace on a terminal, what would change is shown, and you are asked.

    Example: slipway pipeline add shop --file pipeline.yaml
    """
    body, place = _named_in(file, project, name)
    with output.the_client() as api:
        if replace and not yes:
            agree_to_replace(api, place, body)
        outcome = save(api, place, body, replace=replace)
        shown = _with_webhooks(api.address, project, api.get(place.path))
    output.show(shown, lambda: "\n".join([outcome, *_webhook_lines(shown)]))


def _named_in(file: str, project: str, name: str) -> tuple[dict[str, Any], Place]:
    """The pipeline that a file holds, and its place. Faults: CommandError."""
    body = {**document(file), **({"name": name} if name else {})}
    title = str(body.get("name") or "")
    if not title:
        raise CommandError("the pipeline has no name", "write `name: …` in the file, or the name after the project")
    return body, _place(project, title)


@pipeline.command()
@click.argument("path", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), default="pipeline.yaml")
@json_option
def init(path: Path) -> None:
    """Write a pipeline to begin with to FILE, `pipeline.yaml` if left out; nothing that is there is overwritten.

    Example: slipway pipeline init pipeline.yaml
    """
    session = output.found_session()
    try:
        with path.open("x") as made:
            made.write(starter(session.api if session else ""))
    except OSError as error:
        raise CommandError(f"cannot write {path}: {error.strerror}", code=ExitCode.USAGE) from error
    output.show({"file": str(path)}, lambda: f"wrote {path}: change it, then `slipway pipeline validate`")


@pipeline.command()
@arguments("project")
@click.argument("name", required=False, default="")
@click.option("-f", "--file", "file", required=True, metavar="FILE", help="A JSON or YAML file; - for stdin.")
@json_option
def validate(*, project: str, name: str, file: str) -> None:
    """Tell every defect of a pipeline file, each with its place, and store nothing.

    Example: slipway pipeline validate shop --file pipeline.yaml
    """
    body, place = _named_in(file, project, name)
    with output.the_client() as api:
        found = checked(api, project, body)
    warn(found)
    output.show(found, lambda: f"{place.title} can be saved: {_counted(found)}")


def _counted(found: dict[str, Any]) -> str:
    phases = found["phases"]
    gates = sum(len(phase.get("gates") or ()) for phase in phases)
    steps = sum(len(phase["steps"]) for phase in phases)
    return f"phases {len(phases)}, gates {gates}, steps {steps}"


@pipeline.command()
@arguments("project")
@click.argument("name", required=False, default="")
@click.option("-f", "--file", "file", required=True, metavar="FILE", help="A JSON or YAML file; - for stdin.")
@json_option
def diff(*, project: str, name: str, file: str) -> ExitCode:
    """Show what saving a pipeline file would change; the exit code is 1 if anything, as of `diff`.

    Example: slipway pipeline diff shop --file pipeline.yaml
    """
    body, place = _named_in(file, project, name)
    with output.the_client() as api:
        found = difference(api, place, body)
    output.show({"difference": found}, lambda: found or f"{place.title} is as the file says")
    return ExitCode.FAILED if found else ExitCode.OK


@pipeline.command()
@place_arguments(_place)
@click.option("--concurrency", type=click.Choice(["parallel", "queue", "supersede"]))
@click.option("--timezone", metavar="ZONE", help="Of its schedules, such as Europe/Oslo.")
@click.option("--protected/--unprotected", default=None, help="Whether owners alone change its gates and their order.")
@service_account_option
@disable_option
@file_option
@json_option
def edit(*, place: Place, file: str | None, **given: object) -> None:
    """Change a pipeline: what is not said stays as it is. Runs under way go on as they began.

    A file says which of its fields are others: all phases, when it says `phases`.

    Example: slipway pipeline edit shop delivery --concurrency supersede
    """
    with output.the_client() as api:
        found = change(api, place, {**document(file), **said(**given)})
        shown = _with_webhooks(api.address, place.project, found)
    output.show(shown, lambda: tree(shown))


@pipeline.command("remove")
@place_arguments(_place)
@yes_option
@json_option
def remove_(*, place: Place, yes: bool) -> None:
    """Remove a pipeline and its webhooks; its runs stay.

    Example: slipway pipeline remove shop delivery --yes
    """
    remove_at(place, yes=yes)


@pipeline.command()
@place_arguments(_place)
@limit_option
@json_option
def history(*, place: Place, limit: int) -> None:
    """The runs of a pipeline, newest first.

    Example: slipway pipeline history shop delivery --limit 5
    """
    show_executions(place.path, limit)


@pipeline.command("list")
@arguments("project")
@json_option
def list_(project: str) -> None:
    """The pipelines of PROJECT.

    Example: slipway pipeline list shop
    """
    with output.the_client() as api:
        found = api.get(pipelines_path(project))
    output.show(found, lambda: TABLE.table(by_name(found)))


@pipeline.command()
@place_arguments(_place)
@web_option
@json_option
def show(*, place: Place, web: bool) -> None:
    """A pipeline: its phases with their gates and steps, and the addresses of its webhooks.

    Example: slipway pipeline show shop delivery
    """
    if web:
        open_page(f"{page_of_project(place.project)}/pipelines/{segment(place.name)}")
        return
    with output.the_client() as api:
        shown = _with_webhooks(api.address, place.project, api.get(place.path))
    output.show(shown, lambda: tree(shown))


@pipeline.command()
@arguments("project", "name")
@input_option()
@file_option
@wait_option
@json_option
def trigger(*, project: str, name: str, inputs: tuple[str, ...], file: str | None, wait: bool) -> ExitCode:
    """Start a run of a pipeline, with inputs from options, a file, or both.

    Example: slipway pipeline trigger shop delivery -i version=1.2 --wait
    """
    given = body_of(file, **values(inputs, "--input"))
    with output.the_client() as api:
        run = api.post(f"{pipeline_path(project, name)}trigger", {"inputs": given} if given else {})["id"]
        return started(api, str(run), f"running {name} of {project}", wait=wait)


@pipeline.command("webhook-secret")
@place_arguments(_place)
@click.option("--trigger", default="", metavar="ID", help="Of which webhook, where the pipeline has several.")
@click.option("--rotate", is_flag=True, help="Make a new one; the one before signs no more.")
@json_option
def webhook_secret(*, place: Place, trigger: str, rotate: bool) -> None:
    """The secret that a git host is to sign pushes with; owners alone see it, and each look is audited.

    Example: slipway pipeline webhook-secret shop delivery --rotate
    """
    show_webhook_secret(f"{place.path}triggers/{trigger or _only_trigger(place)}/webhook-secret", rotate=rotate)


def _only_trigger(place: Place) -> str:
    with output.the_client() as api:
        ids = [str(one["id"]) for one in api.get(place.path).get("triggers") or ()]
    if len(ids) != 1:
        raise CommandError(
            f"the pipeline has {len(ids)} webhooks", f"say --trigger ID: {', '.join(ids)}" if ids else ""
        )
    return ids[0]


def _webhook_lines(shown: dict[str, Any]) -> list[str]:
    return [f"webhook: {url}" for url in shown["webhook_urls"]]


def _with_webhooks(address: str, project: str, found: dict[str, Any]) -> dict[str, Any]:
    """The pipeline with the addresses that call its triggers."""
    tokens = [one.get("webhooktoken") for one in found.get("triggers") or ()]
    base = f"{address}{pipelines_path(project)}pipelines/webhook/"
    return {**found, "webhook_urls": [f"{base}{token}" for token in tokens if token]}
