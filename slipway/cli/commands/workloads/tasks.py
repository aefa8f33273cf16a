"""`slipway task …`: what the Deploy API deploys, from git or from a manifest in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from slipway.cli.commands.workloads import pods
from slipway.cli.commands.workloads.options import (
    branch_option,
    namespace_option,
    place_argument,
    pool_option,
    project_option,
    require_source,
    settled_option,
)
from slipway.cli.error import CommandError
from slipway.cli.exit_codes import ExitCode
from slipway.cli.input.options import body_of, file_option, json_option, said, yes_option
from slipway.cli.show import output
from slipway.cli.show.columns import Column, Columns, Row, when, words

if TYPE_CHECKING:
    from rich.console import RenderableType

    from slipway.client import Client

task_argument = click.argument("reference", metavar="TASK")


def _ready(row: Row) -> str:
    return f"{row['ready_replicas']}/{row['replicas']}" if "replicas" in row else ""


TABLE = Columns(
    (
        Column("namespace"),
        Column("name"),
        Column("kind"),
        Column("status"),
        Column("ready", _ready),
        Column("schedule"),
        Column("next", "next_schedule_time", when),
        Column("prefix", is_spare=True),
        Column("task", "id"),
    ),
    none="no tasks: nothing is deployed there that you may see",
)
RECORD = Columns(
    (
        Column("task", "id"),
        Column("namespace"),
        Column("name"),
        Column("kind"),
        Column("status"),
        Column("message"),
        Column("project"),
        Column("repository"),
        Column("directory"),
        Column("branch"),
        Column("commit"),
        Column("schedule"),
        Column("deployed", "created_at", when),
        Column("by", "identity"),
        Column("started", "started_at", when),
        Column("finished", "finished_at", when),
        Column("exit code", "exit_code"),
        Column("variables", "env", words),
        Column("notes", show=words),
    )
)


@click.group()
@json_option
def task() -> None:
    """Tasks: jobs, cron jobs, deployments and services of the Deploy API.

    TASK is an id, tsk_…, or NAMESPACE/NAME.

    Example: slipway task list tools
    """


@task.command()
@place_argument
@file_option
@namespace_option
@click.option("--name", help="The manifest's, if left out.")
@branch_option
@click.option("--schedule", help="Five fields, UTC: then a job is a cron job.")
@project_option
@pool_option
@settled_option
@json_option
def deploy(*, place: str | None, file: str | None, wait: bool, **given: Any) -> ExitCode:  # noqa: ANN401 - click hands over what the options say
    """Deploy a directory of a registered repository, or with --file a manifest.

    With both, the directory is what the manifest's image is built from.

    Example: slipway task deploy code/report --namespace tools --schedule "0 6 * * *"
    """
    from slipway.cli.workloads.watch import watch_task

    require_source(place, file, given["namespace"])
    with output.the_client() as api:
        shown = _of_file(api, place, file, given) if file else _of_directory(api, str(place), given)
        if wait:
            return watch_task(api, shown["id"])
    output.show(shown, lambda: _accepted(shown))
    return ExitCode.OK


@task.command("list")
@click.argument("namespace", required=False)
@json_option
def list_(namespace: str | None) -> None:
    """The tasks of a NAMESPACE, or of all whose project one may read.

    Example: slipway task list tools
    """
    from slipway.cli.workloads.paths import tasks_in

    with output.the_client() as api:
        found = tasks_in(api, namespace)
    output.show(found, lambda: TABLE.table(found))


@task.command()
@task_argument
@settled_option
@json_option
def state(reference: str, wait: bool) -> ExitCode:  # noqa: FBT001 - of click
    """The state of a task, with its pods.

    Example: slipway task state tools/report --wait
    """
    from slipway.cli.workloads.paths import state_path, task_id
    from slipway.cli.workloads.watch import watch_task

    with output.the_client() as api:
        own = task_id(api, reference)
        if wait:
            return watch_task(api, own)
        shown = api.get(state_path(own))
    output.show(shown, lambda: _state(shown))
    return ExitCode.OK


@task.command()
@task_argument
@click.option("--pod", default="", help="Of this pod alone.")
@click.option("--follow", "-f", is_flag=True, help="Go on until the task has ended; the exit code is its outcome.")
@json_option
def logs(reference: str, pod: str, follow: bool) -> ExitCode:  # noqa: FBT001 - of click
    """What the pods of a task say.

    Example: slipway task logs tools/report --follow
    """
    from slipway.cli.workloads.logs import print_log
    from slipway.cli.workloads.paths import task_id

    with output.the_client() as api:
        return print_log(api, task_id(api, reference), pod, follow=follow)


@task.command()
@task_argument
@yes_option
@json_option
def delete(reference: str, yes: bool) -> None:  # noqa: FBT001 - of click
    """Delete a task and stop its pods; its state and its log stay. Jobs that a cron job started run on.

    Example: slipway task delete tools/report --yes
    """
    from slipway.cli.places.removal import confirm
    from slipway.client import segment

    with output.the_client() as api:
        found = _present(api, reference)
        title = f"{found['kind']} {found['namespace']}/{found['name']}"
        confirm(title, yes=yes)
        gone = api.delete(f"/v1/delete/{found['kind']}/{segment(found['namespace'])}/{segment(found['name'])}")
    output.show(gone, lambda: f"deleted {title}")


def _of_directory(api: Client, place: str, given: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    from slipway.cli.workloads.paths import directory_path

    return api.post(f"/v2/task/elaborate/deploy/{directory_path(place)}", said(**given))


def _of_file(api: Client, place: str | None, file: str, given: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """Deploy a manifest; name and schedule stand in it, and those of the options stand over its own."""
    from slipway.cli.workloads.paths import directory_in

    manifest = body_of(file, name=given.pop("name"), schedule=given.pop("schedule"))
    repository, directory = directory_in(place) if place else (None, None)
    body = said(**given, repository=repository, directory=directory)
    return api.post("/v2/task/deploy/with-configuration", {**body, "configuration": manifest})


def _accepted(shown: Row) -> str:
    what = f"{shown['kind'] or 'task'} {shown['namespace']}/{shown['name'] or shown['directory']}"
    return f"{shown['operation']} {what}: {shown['id']}\nslipway task state {shown['id']} --wait"


def _state(shown: Row) -> RenderableType:
    from rich.console import Group

    tables = (pods.TABLE.table(shown["pods"]),) if shown["pods"] else ()
    return Group(RECORD.record(shown), *tables)


def _present(api: Client, reference: str) -> Row:
    """Return a task that still has its name: deletions go by that. Faults: ApiError, CommandError."""
    from slipway.cli.workloads.paths import state_path, task_id, tasks_in

    found: Row = api.get(state_path(task_id(api, reference)))
    current = [one["id"] for one in tasks_in(api, found["namespace"]) if one["name"] == found["name"]]
    if found["id"] not in current[:1]:
        has_it = f": its name is that of {current[0]}" if current else ""
        raise CommandError(
            f"task {found['id']} is not deployed{has_it}", "see `slipway task list`", code=ExitCode.NOT_FOUND
        )
    return found
