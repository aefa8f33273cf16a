"""`slipway train …`: planned deliveries and their templates. Their snapshots: snapshots.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from slipway.cli.input.options import arguments, document, json_option, limit_option, pairs, said
from slipway.cli.places.train_paths import TRAINS, find_train, train_path
from slipway.cli.show import output
from slipway.cli.show.columns import Column, Columns, Row, when
from slipway.client import segment

if TYPE_CHECKING:
    from slipway.client import Client

train_argument = click.argument("reference", metavar="TRAIN")
reason_option = click.option("--reason", default="", metavar="TEXT", help="Kept with it, and shown with it.")
variable_option = click.option("-v", "--variable", "variables", multiple=True, metavar="NAME=VALUE")


def _head(name: str) -> Column:
    def cell(row: Row) -> str:
        head = row.get(name)
        stage = f" in {head['stage']}" if head and head.get("stage") else ""
        return f"{head['number']}{stage}" if head else ""

    return Column(name, cell)


COLUMNS = (
    Column("id"),
    Column("train", lambda one: f"{one['project']}/{one['number']}"),
    Column("title"),
    Column("status"),
    Column("pipeline"),
    _head("latest"),
    _head("furthest"),
    Column("due", "target_at", when),
    Column("by", "created_by"),
)
TABLE = Columns(COLUMNS, none="no trains")
RECORD = Columns(
    (
        *COLUMNS,
        Column("template"),
        Column("description"),
        Column("ended", "ended.at", when),
        Column("why", "ended.reason"),
    )
)
TEMPLATES = Columns((Column("template", "Name"), Column("pipeline", "Pipeline")), none="no templates")


@click.group()
@json_option
def train() -> None:
    """Trains: planned deliveries, whose numbered snapshots travel a pipeline.

    TRAIN is an id, PROJECT/NUMBER, or PROJECT/APPLICATION/NUMBER.

    Example: slipway train list --project shop --status active
    """


@train.command("list")
@click.option("-p", "--project", default="", help="Of this project alone.")
@click.option("--status", type=click.Choice(["active", "cancelled", "deployed"]))
@limit_option
@json_option
def list_(*, project: str, status: str | None, limit: int) -> None:
    """Trains, newest first.

    Example: slipway train list --project shop --status active
    """
    from slipway.cli.places.pages import items

    with output.the_client() as api:
        found = list(items(api, TRAINS, said(project=project or None, status=status), limit))
    output.show(found, lambda: TABLE.table(found))


@train.command()
@train_argument
@json_option
def show(reference: str) -> None:
    """A train with its latest and furthest snapshot, and its variables.

    Example: slipway train show shop/1.4
    """
    with output.the_client() as api:
        found = find_train(api, reference)
        variables = api.get(f"{train_path(found['id'])}/variables")["variables"]
    shown = {**found, "variables": variables}
    output.show(shown, lambda: RECORD.record(found, {f"${name}": _value(one) for name, one in variables.items()}))


@train.command()
@arguments("project", "number")
@click.option("--pipeline", help="Which its snapshots travel; that of the template, if left out.")
@click.option("--application", help="Of the project; the one of its name, if left out.")
@click.option("--title", help="What people call it; its number, if left out.")
@click.option("--description")
@click.option("--template", help="From which it is made.")
@click.option("--due", "target_at", metavar="INSTANT", help="When it is to be delivered.")
@variable_option
@json_option
def create(*, project: str, number: str, target_at: str | None, variables: tuple[str, ...], **given: Any) -> None:  # noqa: ANN401 - click hands over what the options say
    """Plan a delivery of PROJECT under a NUMBER that is its own.

    Example: slipway train create shop 1.4 --pipeline delivery --due 2030-05-01T12:00:00Z
    """
    body = {"project": project, "number": number, **said(**given, target_at=instant_option(target_at, "--due"))}
    if variables:
        body["variables"] = texts(variables)
    with output.the_client() as api:
        _say(api.post(TRAINS, body), "planned")


@train.command()
@train_argument
@reason_option
@json_option
def cancel(reference: str, reason: str) -> None:
    """Cancel a train: its open snapshots are rejected, their runs cancelled.

    Example: slipway train cancel shop/1.4 --reason "goes with 1.5"
    """
    with output.the_client() as api:
        _say(_act(api, reference, "cancel", reason), "cancelled")


@train.command()
@train_argument
@reason_option
@json_option
def restore(reference: str, reason: str) -> None:
    """Take the cancelling of a train back; its snapshots stay rejected.

    Example: slipway train restore shop/1.4
    """
    with output.the_client() as api:
        _say(_act(api, reference, "restore", reason), "restored")


@train.group()
@json_option
def template() -> None:
    """Templates of trains: a pipeline, and the variables that are asked for.

    Example: slipway train template list
    """


@template.command()
@arguments("name")
@click.option("-f", "--file", "file", required=True, metavar="FILE", help="A JSON or YAML file; - for stdin.")
@json_option
def add(name: str, file: str) -> None:
    """Make the template NAME, or replace what is in it.

    Example: slipway train template add monthly --file template.yaml
    """
    with output.the_client() as api:
        shown = api.put(f"{TRAINS}/templates/{segment(name)}", document(file))
    output.show(shown, lambda: f"template {name} is as the file says")


@template.command("list")
@json_option
def list_templates() -> None:
    """All templates, by name.

    Example: slipway train template list
    """
    with output.the_client() as api:
        found = api.get(f"{TRAINS}/templates")["items"]
    output.show(found, lambda: TEMPLATES.table(found))


def _act(api: Client, reference: str, act: str, reason: str) -> Any:  # noqa: ANN401 - an answer of the API
    found = find_train(api, reference)
    return api.post(f"{train_path(found['id'])}/acts", {"act": act, "reason": reason})


def _say(shown: dict[str, Any], done: str) -> None:
    output.show(shown, lambda: f"{done} train {shown['project']}/{shown['number']} ({shown['id']})")


def _value(value: object) -> str:
    return value if isinstance(value, str) else "(secret)"


def texts(variables: tuple[str, ...]) -> dict[str, str]:
    """Return the variables that options give. Faults: CommandError."""
    return pairs(variables, "--variable")


def instant_option(text: str | None, option: str) -> str | None:
    """Return an instant that a person typed, as the API takes it. Faults: BadParameter."""
    from slipway.cli.show.times import now, parse_instant

    try:
        return parse_instant(text, now()).isoformat() if text else None
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is no instant, such as 2030-05-01T12:00:00Z", param_hint=option) from error
