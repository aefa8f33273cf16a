"""`slipway pipeline …`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from slipway.cli import output as desk
from slipway.cli.error import Trouble
from slipway.cli.exit_codes import ExitCode
from slipway.cli.options import (
    able_option,
    body_of,
    document,
    file_option,
    json_option,
    replace_option,
    said,
    values,
    wait_option,
)
from slipway.cli.paths import pipeline_path, pipelines_path
from slipway.cli.removal import confirm, remove, told, yes_option
from slipway.cli.runs.executions import executions, limit_option, table
from slipway.cli.runs.started import started
from slipway.cli.saved import Place, change, done, save

if TYPE_CHECKING:
    from rich.console import RenderableType


@click.group()
@json_option
def pipeline() -> None:
    """Pipelines: how a change travels, phase by phase."""


@pipeline.command()
@click.argument("project")
@click.argument("name", required=False, default="")
@click.option("-f", "--file", "file", required=True, metavar="FILE", help="A JSON or YAML file; - for stdin.")
@replace_option
@json_option
def add(project: str, name: str, file: str, replace: bool) -> None:  # noqa: FBT001 - click's signature
    """Add a pipeline to PROJECT; its NAME stands in the file, or here."""
    body = {**document(file), **({"name": name} if name else {})}
    title = str(body.get("name") or "")
    if not title:
        raise Trouble("the pipeline has no name", "write `name: …` in the file, or the name after the project")
    place = _place(project, title)
    with desk.the_client() as api:
        is_new = save(api, place, body, replace=replace)
        found = api.get(place.path)
        shown = {**found, "webhook_urls": _webhooks(api.address, project, found)}
    desk.show(shown, lambda: "\n".join([done(is_new, place.title), *_webhook_lines(shown)]))


@pipeline.command()
@click.argument("project")
@click.argument("name")
@click.option("--concurrency", type=click.Choice(["parallel", "queue", "supersede"]))
@click.option("--timezone", metavar="ZONE", help="Of its schedules, such as Europe/Oslo.")
@click.option("--service-account", metavar="NAME", help="As whom it runs; an empty one for nobody.")
@able_option
@file_option
@json_option
def edit(  # noqa: PLR0917 - click's signature
    project: str,
    name: str,
    concurrency: str | None,
    timezone: str | None,
    service_account: str | None,
    disabled: bool | None,  # noqa: FBT001 - click's signature
    file: str | None,
) -> None:
    """Change a pipeline: what is not said stays as it is. Runs under way go on as they began.

    A file says which of its fields are others: all phases, when it says `phases`.
    """
    given = said(concurrency=concurrency, timezone=timezone, service_account_name=service_account, disabled=disabled)
    with desk.the_client() as api:
        found = change(api, _place(project, name), {**(document(file) if file else {}), **given})
        shown = {**found, "webhook_urls": _webhooks(api.address, project, found)}
    desk.show(shown, lambda: _tree(shown))


@pipeline.command("remove")
@click.argument("project")
@click.argument("name")
@yes_option
@json_option
def remove_(project: str, name: str, yes: bool) -> None:  # noqa: FBT001 - click's signature
    """Remove a pipeline and its webhooks; its runs stay."""
    place = _place(project, name)
    with desk.the_client() as api:
        confirm(place.title, yes=yes)
        gone = remove(api, place.path)
    desk.show({"removed": name, **gone}, lambda: told(place.title, gone))


@pipeline.command()
@click.argument("project")
@click.argument("name")
@limit_option
@json_option
def history(project: str, name: str, limit: int) -> None:
    """The runs of a pipeline, newest first."""
    with desk.the_client() as api:
        found = executions(api, pipeline_path(project, name), limit)
    desk.show(found, lambda: table(found))


@pipeline.command("list")
@click.argument("project")
@json_option
def list_(project: str) -> None:
    """The pipelines of PROJECT."""
    with desk.the_client() as api:
        found = api.get(pipelines_path(project))
    desk.show(found, lambda: _table(found))


@pipeline.command()
@click.argument("project")
@click.argument("name")
@json_option
def show(project: str, name: str) -> None:
    """A pipeline: its phases with their gates and steps, and the addresses of its webhooks."""
    with desk.the_client() as api:
        found = api.get(pipeline_path(project, name))
        shown = {**found, "webhook_urls": _webhooks(api.address, project, found)}
    desk.show(shown, lambda: _tree(shown))


@pipeline.command()
@click.argument("project")
@click.argument("name")
@click.option("-i", "--input", "inputs", multiple=True, metavar="NAME=VALUE")
@file_option
@wait_option
@json_option
def trigger(project: str, name: str, inputs: tuple[str, ...], file: str | None, wait: bool) -> ExitCode:  # noqa: FBT001, PLR0917 - click's signature
    """Start a run of a pipeline, with inputs from options, a file, or both."""
    given = body_of(file, **values(inputs, "--input"))
    with desk.the_client() as api:
        run = api.post(f"{pipeline_path(project, name)}trigger", {"inputs": given} if given else {})["id"]
        return started(api, str(run), f"running {name} of {project}", wait=wait)


def _place(project: str, name: str) -> Place:
    return Place(
        added_at=f"{pipelines_path(project)}add",
        path=pipeline_path(project, name),
        title=f"pipeline {name} in {project}",
    )


def _webhook_lines(shown: dict[str, Any]) -> list[str]:
    return [f"webhook: {url}" for url in shown["webhook_urls"]]


def _webhooks(address: str, project: str, found: dict[str, Any]) -> list[str]:
    tokens = [one.get("webhooktoken") for one in found.get("triggers") or ()]
    return [f"{address}{pipelines_path(project)}pipelines/webhook/{token}" for token in tokens if token]


def _table(found: dict[str, Any]) -> RenderableType:
    from slipway.cli.tables import listed, listing

    rows = [
        (name, listed([phase.get("name", "") for phase in one.get("phases") or ()]), str(one.get("status", "")))
        for name, one in found.items()
    ]
    return listing(("pipeline", "phases", "status"), rows, none="no pipelines")


def _tree(shown: dict[str, Any]) -> RenderableType:
    from rich.tree import Tree

    from slipway.cli.tables import cell

    words = [str(shown.get("concurrency", "")), "disabled" if shown.get("disabled") else ""]
    top = Tree(cell(" ".join([str(shown["name"]), *(f"({word})" for word in words if word not in ("", "parallel"))])))
    for phase in shown.get("phases") or ():
        branch = top.add(cell(_phase_title(phase)))
        for gate in phase.get("gates") or ():
            branch.add(cell(f"gate {gate.get('name') or gate['type']}: {_said(gate)}"))
        _add_steps(branch, phase.get("steps") or ())
    for url in shown["webhook_urls"]:
        top.add(cell(f"webhook {url}"))
    return top


def _phase_title(phase: dict[str, Any]) -> str:
    words = (
        f"in {phase['environment']}" if phase.get("environment") else "",
        "exclusive" if phase.get("exclusive") else "",
        "by hand" if phase.get("promotion") == "manual" else "",
    )
    said = ", ".join(word for word in words if word)
    return f"{phase.get('name') or 'phase'} ({said})" if said else str(phase.get("name") or "phase")


def _add_steps(branch: Any, steps: Any) -> None:  # noqa: ANN401 - rich's tree, loaded when used
    from slipway.cli.tables import cell

    for step in steps:
        needs = f", after {', '.join(step['needs'])}" if step.get("needs") else ""
        twig = branch.add(cell(f"{step.get('name') or step['type']}: {_said(step)}{needs}"))
        _add_steps(twig, step.get("steps") or ())


def _said(one: dict[str, Any]) -> str:
    shown = ("build", "deployment", "pipeline", "environment", "cron", "team", "user", "tag", "script", "seconds")
    return " ".join([str(one["type"]), *(str(one[name]) for name in shown if one.get(name))])
