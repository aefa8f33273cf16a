"""`slipway pods`: what runs of the Deploy API's tasks, and what it says."""

from __future__ import annotations

from typing import Any

import click

from slipway.cli.exit_codes import ExitCode
from slipway.cli.input.options import json_option
from slipway.cli.show import output
from slipway.cli.show.columns import Column, Columns, Row, when, yes


def _of_container(field: str) -> Any:  # noqa: ANN401 - a cell's source
    def value(row: Row) -> str:
        found = row["containers"][0].get(field)
        return "" if found is None else yes(found) if found is True or found is False else str(found)

    return value


TABLE = Columns(
    (
        Column("namespace"),
        Column("pod", "name"),
        Column("phase"),
        Column("ready", _of_container("ready")),
        Column("restarts"),
        Column("exit code", _of_container("exit_code"), is_spare=True),
        Column("since", "started_at", when),
        Column("task", "task_id"),
        Column("reason"),
    ),
    none="no pods: nothing that the Deploy API has deployed runs, or ran lately",
)


@click.command()
@click.argument("namespace", required=False)
@click.option("--log", "task", metavar="TASK", help="Show what the pods of a task say, instead of the list.")
@click.option("--pod", default="", help="With --log: of this pod alone.")
@click.option("--follow", "-f", is_flag=True, help="With --log: go on until the task has ended.")
@json_option
def pods(namespace: str | None, task: str | None, pod: str, follow: bool) -> ExitCode:  # noqa: FBT001 - of click
    """The pods of a NAMESPACE, or of all whose project one may read; or with --log what they say.

    Example: slipway pods tools --log tools/report
    """
    from slipway.cli.workloads.logs import print_log
    from slipway.cli.workloads.paths import list_path, task_id

    with output.the_client() as api:
        if task is not None:
            return print_log(api, task_id(api, task), pod, follow=follow)
        found = api.get(list_path("pods", namespace))["pods"]
    output.show(found, lambda: TABLE.table(found))
    return ExitCode.OK
