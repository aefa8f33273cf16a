"""Tasks and their pipelines as people name them, and their paths in the Deploy API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from slipway.cli.error import CommandError
from slipway.cli.exit_codes import ExitCode
from slipway.cli.show.nearest import did_you_mean
from slipway.client import segment

if TYPE_CHECKING:
    from slipway.client import Client

Row = Mapping[str, Any]
TASK, PIPELINE = "tsk_", "ppl_"
"""How ids of tasks and of pipelines begin."""

KINDS: Mapping[str, str] = {
    "jobs": "job",
    "cronJobs": "cronjob",
    "deployments": "deployment",
    "services": "service",
}


def directory_in(place: str) -> tuple[str, str]:
    """Return the repository and the directory, which may be nested, of REPOSITORY/DIRECTORY. Faults: CommandError."""
    repository, _, directory = place.partition("/")
    if not repository or not directory:
        hint = "name a directory as REPOSITORY/DIRECTORY, as in quick_start/jobs/nightly"
        raise CommandError(f"{place} names no directory of a repository", hint, code=ExitCode.USAGE)
    return repository, directory


def directory_path(place: str) -> str:
    """Return REPOSITORY/DIRECTORY as two segments of a path. Faults: CommandError."""
    return "/".join(map(segment, directory_in(place)))


def list_path(what: str, namespace: str | None) -> str:
    """Return the path of a list, of one namespace or of all."""
    return f"/v1/list/{what}/{segment(namespace)}" if namespace else f"/v1/list/{what}"


def state_path(task: str) -> str:
    """Return the path of a task's state."""
    return f"/v1/task/state/{segment(task)}"


def pipeline_path(namespace: str, pipeline: str) -> str:
    """Return the path of a pipeline's state."""
    return f"/v1/pipeline/state/{segment(namespace)}/{segment(pipeline)}"


def tasks_in(api: Client, namespace: str | None) -> list[Row]:
    """Return the tasks of a namespace, or of all, each with its kind. Faults: ApiError."""
    found = api.get(list_path("tasks", namespace))
    return [{**one, "kind": kind} for field, kind in KINDS.items() for one in found[field]]


def task_id(api: Client, reference: str) -> str:
    """Return the id of a task that is named by it, or as NAMESPACE/NAME. Faults: ApiError, CommandError."""
    if reference.startswith(TASK):
        return reference
    namespace, name = _split(reference, f"name a task by its id, {TASK}…, or as NAMESPACE/NAME")
    missing, hint = f"no task {name} in namespace {namespace}", "see `slipway task list`"
    return str(_named(tasks_in(api, namespace), name, missing, hint)["id"])


def pipeline_in(api: Client, reference: str) -> tuple[str, str]:
    """Return the namespace and id of a pipeline named as NAMESPACE/ID, or NAMESPACE/NAME for its latest run.

    Faults: ApiError, CommandError.
    """
    namespace, name = _split(reference, f"name a pipeline as NAMESPACE/NAME, or as NAMESPACE/{PIPELINE}… for one run")
    if name.startswith(PIPELINE):
        return namespace, name
    missing, hint = f"no pipeline {name} in namespace {namespace}", "see `slipway task-pipeline list`"
    found = api.get(list_path("pipelines", namespace))["pipelines"]
    return namespace, str(_named(found, name, missing, hint)["id"])


def _split(reference: str, hint: str) -> tuple[str, str]:
    namespace, _, name = reference.partition("/")
    if not namespace or not name:
        raise CommandError(f"{reference} names nothing", hint, code=ExitCode.USAGE)
    return namespace, name


def _named(found: Iterable[Row], name: str, missing: str, hint: str) -> Row:
    rows = list(found)
    one = next((row for row in rows if row["name"] == name), None)
    if one is None:
        meant = did_you_mean(name, (str(row["name"]) for row in rows))
        raise CommandError(missing, meant or hint, code=ExitCode.NOT_FOUND)
    return one
