"""The names of what there is, by kind: for completion, and for what somebody may have meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slipway.cli.places.train_paths import train_name
from slipway.cli.workloads.paths import KINDS
from slipway.client import segment

if TYPE_CHECKING:
    from slipway.client import Client

Given = Mapping[str, str]
"""What is known already, by kind: the project of an environment that is sought."""


@dataclass(frozen=True, slots=True)
class List:
    """Where the names of a kind are listed, with kinds in braces, and how they stand in the answer: as its keys."""

    path: str
    names: Callable[[Any, Given], Iterable[str]] = lambda found, _: found


def _titles(found: Mapping[str, Any], _: Given) -> Iterable[str]:
    from slipway.cli.runs.view import run_view

    return [run_view(one).title for one in found["items"]]


def _items(found: Mapping[str, Any], _: Given) -> Iterable[str]:
    return [one["name"] for one in found["items"]]


def _ids(found: Mapping[str, Any], _: Given) -> Iterable[str]:
    return [one["id"] for one in found["items"]]


def _trains(found: Mapping[str, Any], _: Given) -> Iterable[str]:
    return [train_name(one) for one in found["items"]]


def _tasks(found: Mapping[str, Any], _: Given) -> Iterable[str]:
    return [_in_namespace(one) for kind in KINDS for one in found[kind]]


def _task_pipelines(found: Mapping[str, Any], _: Given) -> Iterable[str]:
    return {_in_namespace(one) for one in found["pipelines"]}


def _in_namespace(one: Mapping[str, Any]) -> str:
    return f"{one['namespace']}/{one['name']}"


_STATE = "/api/v1/state/{project}/"
LISTS: Mapping[str, List] = {
    "project": List("/api/v1/state/"),
    "environment": List(_STATE, lambda found, _: found["environment_order"]),
    "build": List(f"{_STATE}environments/{{environment}}/builds/"),
    "repository": List(f"{_STATE}repositories/"),
    "service account": List(f"{_STATE}service-accounts/"),
    "deployment": List(
        "/api/v1/deployment-jobs/by-project/{project}/", lambda found, given: found.get(given["environment"], ())
    ),
    "pipeline": List("/api/v1/pipelines/by-project/{project}/"),
    "namespace": List("/api/v1/inventory/"),
    "application": List("/api/v1/inventory/{namespace}/", lambda found, _: found.get("units") or ()),
    "version": List(
        "/api/v1/inventory/{namespace}/units/{application}/versions/", lambda found, _: [f"v{one}" for one in found]
    ),
    "user": List("/api/v1/users?page_size=200", _items),
    "group": List("/api/v1/groups?page_size=200", _items),
    "token": List("/api/v1/tokens?page_size=200", _ids),
    "webhook": List("/api/v1/webhooks?project={project}", _ids),
    "train": List("/api/v1/trains?page_size=200", _trains),
    "task": List("/v1/list/tasks", _tasks),
    "task pipeline": List("/v1/list/pipelines", _task_pipelines),
    "run": List("/api/v1/runs?page_size=50", _titles),
    "run of project": List("/api/v1/runs?page_size=50&project={project}", _titles),
}


def names(api: Client, kind: str, given: Given) -> list[str]:
    """Return the names of a kind, sorted. given: at least the kinds in the path of its list. Faults: ApiError."""
    found = LISTS[kind]
    path = found.path.format_map({name: segment(value) for name, value in given.items()})
    return sorted(map(str, found.names(api.get(path), given)))
