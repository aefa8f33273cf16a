"""`slipway state`: what is where, since when, by whom, now or at an instant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from slipway.cli.input.options import arguments, json_option
from slipway.cli.places.deployed import deployed_in
from slipway.cli.show import output
from slipway.cli.show.columns import prefixed, when, words

if TYPE_CHECKING:
    from datetime import datetime

    from rich.console import RenderableType

    from slipway.client import Client

MARKS = {
    "ok": "green",
    "empty": "dim",
    "failure": "bold red",
    "test_failure": "bold red",
    "destroy_failure": "bold red",
}


@click.command()
@arguments("project")
@click.argument("environment", required=False)
@click.argument("deployment", required=False)
@click.option("--at", "at", metavar="INSTANT", help="As it was then: 2030-05-01T12:00:00Z, 10m (ago), Monday.")
@json_option
def state(*, project: str, environment: str | None, deployment: str | None, at: str | None) -> None:
    """What is where in PROJECT: release, version, since when, by whom, and the addresses of what answers.

    Example: slipway state shop production --at 2d
    """
    then = _instant(at)
    query = {"at": then.isoformat()} if then is not None else {}
    with output.the_client() as api:
        if environment and deployment:
            place = (project, environment, deployment)
            one = _with_writer(api, place, _deployment(api, place, query), query)
            output.show(one, lambda: _detail(one))
            return
        found = _environments(api, project, environment, query)
        found = {name: _with_writers(api, (project, name), one, query) for name, one in found.items()}
    told = found[environment] if environment else {"project": project, **query, "environments": found}
    output.show(told, lambda: _table(found))


def _instant(at: str | None) -> datetime | None:
    from slipway.cli.show.times import now, parse_instant

    try:
        return parse_instant(at, now()) if at else None
    except ValueError as error:
        raise click.BadParameter(
            f"{at!r} is no instant, such as 2030-05-01T12:00:00Z or 10m", param_hint="--at"
        ) from error


def _environments(
    api: Client, project: str, environment: str | None, query: Mapping[str, str]
) -> dict[str, Mapping[str, Any]]:
    from slipway.cli.places.paths import environment_path, project_path

    names = [environment] if environment else list(api.get(project_path(project))["environment_order"])
    return {name: api.get(environment_path(project, name), full="true", **query) for name in names}


def _deployment(api: Client, place: tuple[str, str, str], query: Mapping[str, str]) -> Mapping[str, Any]:
    from slipway.cli.places.paths import environment_path

    project, environment, deployment = place
    path = f"{environment_path(project, environment)}deployments/"
    one: Mapping[str, Any] = api.get(path, deployment=deployment, **query)
    return one


def _with_writers(
    api: Client, place: tuple[str, str], environment: Mapping[str, Any], query: Mapping[str, str]
) -> Mapping[str, Any]:
    held = environment.get("deployments") or {}
    known = {name: _with_writer(api, (*place, name), one, query) for name, one in held.items()}
    return {**environment, **({"deployments": known} if known else {})}


def _with_writer(
    api: Client, place: tuple[str, str, str], deployment: Mapping[str, Any], query: Mapping[str, str]
) -> Mapping[str, Any]:
    """Return the deployment with who changed it, where its own client does not say so and it is no past one."""
    stage = (deployment.get("stages") or {}).get("deploy") or {}
    status = stage.get("status") or {}
    if query or not stage or status.get("updated_by"):
        return deployment
    from slipway.cli.runs.deployment_history import last_writer

    told = {**stage, "status": {**status, "updated_by": last_writer(api, place)}}
    return {**deployment, "stages": {**deployment["stages"], "deploy": told}}


def _table(environments: Mapping[str, Mapping[str, Any]]) -> RenderableType:
    from slipway.cli.show.tables import listing

    headings = ("environment", "deployment", "release", "version", "status", "since", "by", "url")
    return listing(headings, _rows(environments), none="nothing is deployed")


def _rows(environments: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[Any, ...]]:
    for name, environment in environments.items():
        for deployment, one in deployed_in(environment).items():
            yield (name, deployment, str(one.get("release", "")), *_standing(one))


def _standing(deployment: Mapping[str, Any]) -> tuple[Any, ...]:
    from rich.text import Text

    stage = (deployment.get("stages") or {}).get("deploy") or {}
    status = stage.get("status") or {}
    word = str(status.get("status") or ("ok" if stage.get("version") else "empty"))
    urls = [str(value) for value in (stage.get("calculated_outputs") or {}).values() if _is_url(value)]
    shown = Text(word.replace("_", " "), MARKS.get(word, "blue"))
    by = str(status.get("updated_by") or "")
    return str(stage.get("version") or ""), shown, when(status.get("updated_at")), by, "  ".join(urls)


def _is_url(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))


def _detail(deployment: Mapping[str, Any]) -> RenderableType:
    from slipway.cli.show.tables import record

    version, status, since, by, _ = _standing(deployment)
    stage = (deployment.get("stages") or {}).get("deploy") or {}
    rows = {
        "deployment": str(deployment.get("name", "")),
        "release": str(deployment.get("release", "")),
        "version": version,
        "status": status,
        "since": since,
        "by": by,
        "reason": str((stage.get("status") or {}).get("data") or ""),
        **prefixed("input", stage.get("calculated_inputs") or stage.get("inputs")),
        **prefixed("output", stage.get("calculated_outputs")),
        **prefixed("provider", stage.get("providers")),
        "provides": words(stage.get("provides")),
        **_below(stage),
    }
    return record(rows)


def _below(stage: Mapping[str, Any], depth: int = 0) -> dict[str, str]:
    """What was deployed along with it, level by level."""
    found: dict[str, str] = {}
    for name, one in (stage.get("deployments") or {}).items():
        inner = (one.get("stages") or {}).get("deploy") or {}
        status = str((inner.get("status") or {}).get("status") or ("ok" if inner.get("version") else "empty"))
        words = (str(one.get("release", "")), str(inner.get("version") or ""), status.replace("_", " "))
        found[f"{'  ' * depth}holds {name}"] = " ".join(word for word in words if word)
        found |= _below(inner, depth + 1)
    return found
