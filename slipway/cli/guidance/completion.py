"""Names that a shell completes: of projects and what they hold, runs, releases, trains, tasks, people and more."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from slipway.cli.error import CommandError
from slipway.cli.guidance.known import LISTS, names
from slipway.cli.places.train_paths import LATEST, find_train, snapshots_path
from slipway.cli.show.output import client_of, the_session
from slipway.client_error import ApiError
from slipway.contexts import contexts

if TYPE_CHECKING:
    from slipway.client import Client

PATIENCE = 2.0
"""Seconds that a shell waits at most."""

BY_METAVAR = {
    "RUN": "run",
    "RELEASE": "release",
    "NAMESPACE/APP": "release",
    "UNIT": "release",
    "CONTEXT": "context",
    "TRAIN": "train",
    "SNAPSHOT": "snapshot",
    "TASK": "task",
    "PIPELINE": "task pipeline",
}
BY_GROUP = {
    "project": "project",
    "env": "environment",
    "build": "build",
    "job": "deployment",
    "deployment": "deployment",
    "pipeline": "pipeline",
    "repo": "repository",
    "namespace": "namespace",
    "user": "user",
    "group": "group",
    "service-account": "service account",
    "webhook": "webhook",
}
"""What the argument NAME of a group's commands names."""

MAKING = ("add", "register")
"""Commands whose NAME is a new one."""


def completed(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the names that begin as the word does; none where the platform does not answer at once."""
    kind = kind_of(ctx, param)
    try:
        found = _names(kind, ctx, incomplete) if kind else ()
        return [name for name in dict.fromkeys(found) if name.startswith(incomplete)]
    except (ApiError, CommandError, KeyError):
        return []


def kind_of(ctx: click.Context, param: click.Parameter) -> str:
    """Return what kind of name a parameter takes; empty if none that is known."""
    if kind := BY_METAVAR.get(param.metavar or ""):
        return kind
    if param.name == "ids":
        return "token"
    if param.name == "name" and ctx.parent is not None and ctx.info_name not in MAKING:
        return BY_GROUP.get(ctx.parent.info_name or "", "")
    return param.name if param.name in LISTS else ""


def _names(kind: str, ctx: click.Context, incomplete: str) -> Iterable[str]:
    if kind == "context":
        return contexts(os.environ)
    given = {name: value for name, value in ctx.params.items() if isinstance(value, str)}
    with client_of(the_session(), patience=0.0, timeout=PATIENCE) as api:
        match kind:
            case "run":
                return list(_runs(api, incomplete))
            case "release":
                return list(_releases(api, incomplete))
            case "snapshot":
                return list(_snapshots(api, given["reference"]))
            case _:
                return names(api, kind, given)


def _runs(api: Client, incomplete: str) -> Iterator[str]:
    """Yield what runs are of, for the latest of each, then the newest runs themselves."""
    project, slash, _ = incomplete.partition("/")
    is_told = bool(slash) and ":" not in project
    titles = names(api, "run of project", {"project": project}) if is_told else names(api, "run", {})
    yield from (title.partition("#")[0] for title in titles)
    yield from titles


def _releases(api: Client, incomplete: str) -> Iterator[str]:
    """Yield namespaces, then the applications of one, then the releases of one."""
    namespace, slash, rest = incomplete.partition("/")
    if not slash:
        yield from (f"{one}/" for one in names(api, "namespace", {}))
        return
    applications = names(api, "application", {"namespace": namespace})
    yield from (f"{namespace}/{one}" for one in applications)
    application, dash, _ = rest.rpartition("-")
    if dash and application in applications:
        versions = names(api, "version", {"namespace": namespace, "application": application})
        yield from (f"{namespace}/{application}-{one}" for one in versions)


def _snapshots(api: Client, train: str) -> Iterator[str]:
    """Yield the newest snapshots of a train, and the word for the latest."""
    found = api.get(snapshots_path(find_train(api, train)["id"]))
    yield from (str(one["number"]) for one in found["items"])
    yield LATEST
