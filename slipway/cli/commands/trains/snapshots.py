"""`slipway snapshot …`: the numbered candidates of a train."""

from __future__ import annotations

from typing import Any

import click

from slipway.cli.commands.trains.trains import instant_option, reason_option, texts, train_argument, variable_option
from slipway.cli.exit_codes import ExitCode
from slipway.cli.input.options import json_option, limit_option, said, wait_option
from slipway.cli.places.train_paths import SNAPSHOTS, application_in, find_snapshot, find_train, snapshots_path
from slipway.cli.show import output
from slipway.cli.show.columns import Column, Columns, when, words

snapshot_argument = click.argument("number", metavar="SNAPSHOT")
COLUMNS = (
    Column("id"),
    Column("snapshot", "number"),
    Column("title"),
    Column("status"),
    Column("furthest", "furthest_stage"),
    Column("made", "created_at", when),
    Column("by", "created_by"),
)
TABLE = Columns(COLUMNS, none="no snapshots")
RECORD = Columns(
    (
        *COLUMNS,
        Column("description"),
        Column("pipeline"),
        Column("rejected by", "rejected.by"),
        Column("why", "rejected.reason"),
        Column("deployed", "deployed_at", when),
        Column("runs", show=words),
    )
)


@click.group()
@json_option
def snapshot() -> None:
    """Snapshots: the numbered candidates of a train.

    TRAIN is an id or PROJECT/NUMBER, or PROJECT for the snapshots of no train; SNAPSHOT is a number in it, or `latest`.

    Example: slipway snapshot list shop/1.4
    """


@snapshot.command("list")
@train_argument
@click.option("--status", type=click.Choice(["active", "deployed", "rejected"]))
@click.option("--stage", help="Whose furthest stage is this.")
@limit_option
@json_option
def list_(*, reference: str, status: str | None, stage: str | None, limit: int) -> None:
    """The snapshots of a train, newest first.

    Example: slipway snapshot list shop/1.4 --stage staging
    """
    from slipway.cli.places.pages import items

    with output.the_client() as api:
        path = snapshots_path(find_train(api, reference)["id"])
        found = list(items(api, path, said(status=status, stage=stage), limit))
    output.show(found, lambda: TABLE.table(found))


@snapshot.command()
@train_argument
@click.option("--pipeline", help="Which it travels: then TRAIN is PROJECT or PROJECT/APPLICATION, and it is of none.")
@click.option("--number", help="The next one, if left out.")
@click.option("--title")
@click.option("--description")
@variable_option
@json_option
def create(*, reference: str, pipeline: str | None, variables: tuple[str, ...], **given: Any) -> None:  # noqa: ANN401 - click hands over what the options say
    """Make a snapshot; it begins to travel as its pipeline says.

    Example: slipway snapshot create shop/1.4 -v commit=4f2c9a1
    """
    body = said(**given)
    if variables:
        body["variables"] = texts(variables)
    with output.the_client() as api:
        if pipeline:
            shown = api.post(SNAPSHOTS, {**body, **application_in(reference), "pipeline": pipeline})
        else:
            shown = api.post(snapshots_path(find_train(api, reference)["id"]), body)
    runs = f"\nslipway run watch {shown['runs'][-1]}" if shown["runs"] else ""
    output.show(shown, lambda: f"made snapshot {shown['number']} ({shown['id']}){runs}")


@snapshot.command()
@train_argument
@snapshot_argument
@json_option
def show(reference: str, number: str) -> None:
    """A snapshot of a train.

    Example: slipway snapshot show shop/1.4 latest
    """
    with output.the_client() as api:
        shown = find_snapshot(api, find_train(api, reference)["id"], number)
    output.show(shown, lambda: RECORD.record(shown))


@snapshot.command()
@train_argument
@snapshot_argument
@click.argument("stage", required=False, default="")
@click.option("--at", "at", metavar="INSTANT", help="When; now if left out.")
@click.option("--if-met", "mode", flag_value="if-met", help="Refuse while a gate is not met, in place of waiting.")
@click.option("--force", "mode", flag_value="forced", help="Override gates that are not met, and the order of stages.")
@variable_option
@wait_option
@json_option
def deploy(*, reference: str, number: str, stage: str, wait: bool, **given: Any) -> ExitCode:  # noqa: ANN401 - click hands over what the options say
    """Deploy a snapshot to a STAGE, or to the one after its furthest; where it was before, it is deployed again.

    Example: slipway snapshot deploy shop/1.4 latest production --if-met --wait
    """
    from slipway.cli.runs.started import started

    body = said(stage=stage or None, begin_at=instant_option(given["at"], "--at"), mode=given["mode"])
    if given["variables"]:
        body["variables"] = texts(given["variables"])
    with output.the_client() as api:
        train = find_train(api, reference)["id"]
        path = f"{snapshots_path(train)}/{find_snapshot(api, train, number)['id']}"
        shown = api.post(f"{path}/deployments", body)
        return started(api, shown["run"], f"snapshot {shown['snapshot']['number']} goes to {shown['stage']}", wait=wait)


@snapshot.command()
@train_argument
@snapshot_argument
@reason_option
@json_option
def reject(reference: str, number: str, reason: str) -> None:
    """Reject a snapshot: it is deployed nowhere any more, and its runs are cancelled.

    Example: slipway snapshot reject shop/1.4 7 --reason "it leaks"
    """
    with output.the_client() as api:
        train = find_train(api, reference)["id"]
        path = f"{snapshots_path(train)}/{find_snapshot(api, train, number)['id']}"
        shown = api.post(f"{path}/acts", {"act": "reject", "reason": reason})
    output.show(shown, lambda: f"rejected snapshot {shown['number']} ({shown['id']})")
