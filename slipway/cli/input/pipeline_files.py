"""Pipeline files: a first one, and how one differs from the pipeline that is saved."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from slipway.cli.error import CommandError
from slipway.cli.places.paths import pipelines_path
from slipway.client_error import ApiError

if TYPE_CHECKING:
    from slipway.cli.places.saved import Place
    from slipway.client import Client

SCHEMA = "/schemas/pipeline.json"
READ_ONLY = frozenset({"confirmation_code", "permission", "raft", "reason", "status", "warnings", "webhooktoken"})
NOT_FOUND = 404

STARTER = """\
# yaml-language-server: $schema={schema}
# Every type of step and gate, with an example: docs/pipeline.md
name: delivery
concurrency: supersede
phases:
  - name: staging
    environment: staging
    steps:
      - {{name: check, type: script, script: "echo this is where the checks go"}}
      - {{name: rollout, type: script, script: "echo deployed to staging", needs: [check]}}
  - name: production
    environment: production
    exclusive: true
    gates:
      - {{name: go, type: approval, description: "May it go to production?"}}
    steps:
      - {{name: rollout, type: script, script: "echo deployed to production"}}
"""


def starter(address: str) -> str:
    """Return a pipeline file to begin with, whose schema is served at the address."""
    return STARTER.format(schema=f"{address}{SCHEMA}")


def checked(api: Client, project: str, body: dict[str, Any]) -> dict[str, Any]:
    """Return the pipeline that the file would be saved as. Faults: ApiError with every defect."""
    found: dict[str, Any] = api.post(f"{pipelines_path(project)}validate", body)
    return found


def difference(api: Client, place: Place, body: dict[str, Any]) -> str:
    """Return what saving the file would change, line by line as `diff -u` shows it; empty if nothing.

    Faults: ApiError with every defect of the file.
    """
    import difflib

    after = _lines(checked(api, place.project, body))
    before = _lines(_saved(api, place.path))
    return "\n".join(difflib.unified_diff(before, after, "saved", "file", lineterm=""))


def agree_to_replace(api: Client, place: Place, body: dict[str, Any]) -> None:
    """Show on a terminal what would change, and ask. Faults: ApiError, CommandError."""
    if not sys.stdin.isatty() or _saved(api, place.path) is None:
        return
    click.echo(difference(api, place, body) or f"{place.title} stays as it is", err=True)
    if not click.confirm(f"replace {place.title}?", err=True):
        raise CommandError(f"{place.title} stays as it was: nothing was replaced")


def _saved(api: Client, path: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = api.get(path)
    except ApiError as error:
        if error.status != NOT_FOUND:
            raise
        return None
    return found


def _lines(pipeline: dict[str, Any] | None) -> list[str]:
    import yaml

    shown = _without_noise(pipeline or {})
    return yaml.safe_dump(shown, sort_keys=True, allow_unicode=True).splitlines() if shown else []


def _without_noise(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return the value without fields that are only answered, or say nothing."""
    if isinstance(value, list):
        return [_without_noise(one) for one in value]
    if not isinstance(value, dict):
        return value
    kept = {name: _without_noise(one) for name, one in value.items() if name not in READ_ONLY}
    return {name: one for name, one in kept.items() if one not in ("", None, [], {})}
