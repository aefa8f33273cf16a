"""`slipway task-pipeline …`: pipelines of tasks, from git or from a file."""

from __future__ import annotations

from typing import Any

import click

from slipway.cli.commands.workloads.options import (
    branch_option,
    namespace_option,
    place_argument,
    pool_option,
    project_option,
    require_source,
    settled_option,
)
from slipway.cli.exit_codes import ExitCode
from slipway.cli.input.options import body_of, file_option, json_option, said
from slipway.cli.show import output
from slipway.cli.show.columns import Column, Columns, Row, when

pipeline_argument = click.argument("reference", metavar="PIPELINE")
TABLE = Columns(
    (
        Column("namespace"),
        Column("name"),
        Column("status"),
        Column("begun", "created_at", when),
        Column("finished", "finished_at", when),
        Column("by", "identity", is_spare=True),
        Column("pipeline", "id"),
    ),
    none="no pipelines of tasks: none ran there that you may see",
)


@click.group("task-pipeline")
@json_option
def task_pipeline() -> None:
    """Pipelines of tasks of the Deploy API.

    PIPELINE is NAMESPACE/NAME for its latest run, or NAMESPACE/ID, ppl_…, for one.

    Example: slipway task-pipeline list tools
    """


@task_pipeline.command()
@place_argument
@file_option
@namespace_option
@click.option("--name", help="Needed with a directory; with a --file its own, if left out.")
@branch_option
@project_option
@pool_option
@settled_option
@json_option
def run(*, place: str | None, file: str | None, wait: bool, **given: Any) -> ExitCode:  # noqa: ANN401 - click hands over what the options say
    """Run the pipeline of a directory of a registered repository, or with --file one that is given.

    Example: slipway task-pipeline run code/nightly --name nightly --namespace tools --wait
    """
    from slipway.cli.workloads.paths import directory_path
    from slipway.client import segment

    require_source(place, file, given["namespace"])
    name = given.pop("name")
    if place and (file or not name):
        raise click.UsageError("with REPOSITORY/DIRECTORY a --name is needed, and no --file")
    with output.the_client() as api:
        if file:
            body = {**said(**given), "configuration": body_of(file, name=name)}
            shown = api.post("/v2/pipeline/run/with-configuration", body)
        else:
            shown = api.post(f"/v2/pipeline/elaborate/run/{directory_path(str(place))}/{segment(name)}", said(**given))
    return _begun(shown, "runs", wait=wait)


@task_pipeline.command("list")
@click.argument("namespace", required=False)
@json_option
def list_(namespace: str | None) -> None:
    """The pipelines that ran in a NAMESPACE, or in all whose project one may read, newest first.

    Example: slipway task-pipeline list tools
    """
    from slipway.cli.workloads.paths import list_path

    with output.the_client() as api:
        found = api.get(list_path("pipelines", namespace))["pipelines"]
    output.show(found, lambda: TABLE.table(found))


@task_pipeline.command()
@pipeline_argument
@settled_option
@json_option
def state(reference: str, wait: bool) -> ExitCode:  # noqa: FBT001 - of click
    """The state of a pipeline as a tree, with every task.

    Example: slipway task-pipeline state tools/nightly
    """
    from slipway.cli.runs.screens import drawing
    from slipway.cli.runs.tree import drawn
    from slipway.cli.workloads.paths import pipeline_in, pipeline_path
    from slipway.cli.workloads.tree import pipeline_line
    from slipway.cli.workloads.watch import watch_pipeline

    with output.the_client() as api:
        namespace, own = pipeline_in(api, reference)
        if wait:
            return watch_pipeline(api, namespace, own)
        shown = api.get(pipeline_path(namespace, own))
    look = drawing()
    output.show(shown, lambda: drawn(pipeline_line(shown, look), look))
    return ExitCode.OK


@task_pipeline.command()
@pipeline_argument
@click.option("--no-cleanup", is_flag=True, help="Without the tasks that run in spite of errors.")
@settled_option
@json_option
def kill(reference: str, no_cleanup: bool, wait: bool) -> ExitCode:  # noqa: FBT001 - of click
    """Stop a pipeline; tasks that run in spite of errors clean up.

    Example: slipway task-pipeline kill tools/nightly --no-cleanup
    """
    from slipway.cli.workloads.paths import pipeline_in
    from slipway.client import segment

    with output.the_client() as api:
        namespace, own = pipeline_in(api, reference)
        shown = api.post(f"/v1/pipeline/kill/{segment(own)}", {"cleanup": "false"} if no_cleanup else None)
    return _begun({**shown, "namespace": namespace}, "stops", wait=wait)


@task_pipeline.command()
@pipeline_argument
@settled_option
@json_option
def retry(reference: str, wait: bool) -> ExitCode:  # noqa: FBT001 - of click
    """Run an ended pipeline again from the task that failed; what succeeded is kept.

    Example: slipway task-pipeline retry tools/nightly --wait
    """
    from slipway.cli.workloads.paths import pipeline_in
    from slipway.client import segment

    with output.the_client() as api:
        _, own = pipeline_in(api, reference)
        shown = api.post(f"/v1/pipeline/retry/{segment(own)}")
    return _begun(shown, "runs again", wait=wait)


def _begun(shown: Row, does: str, *, wait: bool) -> ExitCode:
    """With `wait` watch the pipeline to its end; otherwise print the command that watches it."""
    from slipway.cli.workloads.watch import watch_pipeline

    if wait:
        with output.the_client() as api:
            return watch_pipeline(api, shown["namespace"], shown["id"])
    reference = f"{shown['namespace']}/{shown['id']}"
    output.show(shown, lambda: f"pipeline {reference} {does}\nslipway task-pipeline state {reference} --wait")
    return ExitCode.OK
