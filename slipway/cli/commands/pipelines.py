"""`slipway pipeline …`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from slipway.cli import desk
from slipway.cli.exit_codes import ExitCode
from slipway.cli.options import body_of, document, file_option, json_option, replace_option, values, wait_option
from slipway.cli.paths import pipeline_path, pipelines_path
from slipway.cli.saved import Place, done, save
from slipway.cli.started import started
from slipway.cli.trouble import Trouble

if TYPE_CHECKING:
    from rich.console import RenderableType


@click.group()
@json_option
def pipeline() -> None:
    """Add, list, show and trigger pipelines: how a change travels, phase by phase."""


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
    path = pipeline_path(project, title)
    place = Place(added_at=f"{pipelines_path(project)}add", path=path, title=f"pipeline {title} in {project}")
    with desk.the_client() as api:
        is_new = save(api, place, body, replace=replace)
        found = api.get(path)
    desk.show(found, lambda: done(is_new, place.title))


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
        told = {**found, "webhook_urls": _webhooks(api.address, project, found)}
    desk.show(told, lambda: _tree(told))


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


def _tree(told: dict[str, Any]) -> RenderableType:
    from rich.tree import Tree

    from slipway.cli.tables import cell

    words = [str(told.get("concurrency", "")), "disabled" if told.get("disabled") else ""]
    top = Tree(cell(" ".join([str(told["name"]), *(f"({word})" for word in words if word not in ("", "parallel"))])))
    for phase in told.get("phases") or ():
        branch = top.add(cell(_phase_title(phase)))
        for gate in phase.get("gates") or ():
            branch.add(cell(f"gate {gate.get('name') or gate['type']}: {_said(gate)}"))
        _add_steps(branch, phase.get("steps") or ())
    for url in told["webhook_urls"]:
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
