"""`slipway pods`: what runs of the Deploy API's tasks, and what it says."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from slipway.cli import output
from slipway.cli.columns import Column, Columns, Row, when, yes
from slipway.cli.options import json_option

if TYPE_CHECKING:
    from slipway.client import Client

ENDED = frozenset({"SUCCEEDED", "FAILED", "ERROR", "DELETED"})
PAUSE = 1.0


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
        Column("exit code", _of_container("exit_code")),
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
def pods(namespace: str | None, task: str | None, pod: str, follow: bool) -> None:  # noqa: FBT001 - of click
    """The pods of a NAMESPACE, or of all whose project one may read; or with --log what they say."""
    from slipway.client import segment

    with output.the_client() as api:
        if task is None:
            found = api.get(f"/v1/list/pods{f'/{segment(namespace)}' if namespace else ''}")["pods"]
            output.show(found, lambda: TABLE.table(found))
            return
        for chunk in _said(api, segment(task), pod, follow=follow):
            _print(chunk)


def _said(api: Client, task: str, pod: str, *, follow: bool) -> Iterator[Mapping[str, Any]]:
    """Yield the chunks of a log; with follow those too that come until the task has ended."""
    after, is_over = 0, not follow
    while True:
        found = api.get(f"/v1/task/logs/{task}", after=str(after), **({"pod": pod} if pod else {}))
        yield from found["chunks"]
        if found["next"] == after:
            if is_over:
                return
            is_over = api.get(f"/v1/task/state/{task}")["status"] in ENDED
            if not is_over:
                time.sleep(PAUSE)
        after = found["next"]


def _print(chunk: Mapping[str, Any]) -> None:
    if output.wants_json():
        output.print_json(chunk, indent=None)
        return
    from slipway.cli.plain_text import uncoloured

    for line in str(chunk["text"]).splitlines():
        click.echo(uncoloured(line))
