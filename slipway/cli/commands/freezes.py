"""`slipway freeze …`, `stop` and `resume`: when environments take nothing in."""

from __future__ import annotations

from typing import Any

import click

from slipway.cli.error import CommandError
from slipway.cli.exit_codes import ExitCode
from slipway.cli.input.options import arguments, body_of, json_option
from slipway.cli.show import output
from slipway.cli.show.columns import Column, Columns, Row
from slipway.cli.web import open_page, page_of, web_option
from slipway.client import segment

FREEZES, STOPS = "/api/v1/freezes", "/api/v1/stops"

project_option = click.option("-p", "--project", default="", help="Of this project; of all if left out, for admins.")
environment_option = click.option("--env", "environment", default="", help="This environment; all if left out.")
reason_option = click.option("--reason", required=True, metavar="TEXT", help="Why; whoever waits reads it.")


def _where(row: Row) -> str:
    return "/".join(part or "*" for part in (str(row["project"]), str(row["environment"])))


def _times(row: Row) -> str:
    from slipway.cli.show.times import exact

    if row["ends"] is None:
        return f"{row['opens']} to {row['closes']} {row['timezone']}"
    return f"{exact(row['begins'])} to {exact(row['ends'])}"


def _state(row: Row) -> str:
    from slipway.cli.show.times import exact

    if row["holds_until"] is not None:
        return f"{'stopped' if row['stop'] else 'frozen'} until {exact(row['holds_until'])}"
    return f"next {exact(row['next'])}" if row["next"] is not None else "over"


TABLE = Columns(
    (
        Column("freeze", "id"),
        Column("where", _where),
        Column("when", _times),
        Column("state", _state),
        Column("by"),
        Column("reason"),
    ),
    none="nothing is frozen or stopped",
)


def _span(row: Row) -> str:
    from slipway.cli.show.times import exact

    return f"{exact(row['begins'])} to {exact(row['ends'])}" if row["ends"] is not None else exact(row["begins"])


CALENDAR = Columns(
    (
        Column("when", _span),
        Column("what", "kind"),
        Column("where", _where),
        Column("title"),
        Column("id"),
    ),
    none="nothing stands in the calendar",
)


@click.command()
@click.option("-p", "--project", default="", help="Of this project; of all that one may read, if left out.")
@click.option("--month", default="", metavar="YYYY-MM", help="The 31 days from now on if left out.")
@web_option
@json_option
def calendar(*, project: str, month: str, web: bool) -> None:
    """What a month brings: freezes, openings of gates, planned promotions; with -p when one may deploy next.

    Example: slipway calendar -p shop
    """
    from rich.console import Group

    if web:
        open_page(page_of("calendar", {"project": project, "month": month}))
        return
    with output.the_client() as api:
        found = api.get("/api/v1/calendar", **_of(project), **({"month": month} if month else {}))
    openings = [_opening(environment, at) for environment, at in found["openings"].items()]
    output.show(found, lambda: Group(CALENDAR.table(found["items"]), *openings))


def _opening(environment: str, at: str) -> str:
    from slipway.cli.show.times import exact, instant, now

    opens = instant(at)
    return f"{environment} is {'open' if opens is None or opens <= now() else f'frozen until {exact(at)}'}"


@click.group()
@json_option
def freeze() -> None:
    """When environments take nothing in: no step begins there, what is running goes on.

    Example: slipway freeze list --project shop
    """


@freeze.command()
@project_option
@environment_option
@click.option("--from", "begins", metavar="INSTANT", help="Since when; now if left out.")
@click.option("--until", "ends", metavar="INSTANT", help="Until when, once.")
@click.option("--opens", default="", metavar="CRON", help="Quartz cron of each beginning, in place of --until.")
@click.option("--closes", default="", metavar="CRON", help="Quartz cron of each end.")
@click.option("--timezone", default="UTC", show_default=True, help="Of the crons; an IANA name.")
@reason_option
@click.option("--pass-user", "users", multiple=True, metavar="USER", help="Who may pass, besides admins.")
@click.option("--pass-team", "teams", multiple=True, metavar="TEAM", help="Whose members may pass.")
@click.option("--pass-reason", "reasons", multiple=True, metavar="WORD", help="With which one their reason begins.")
@json_option
def add(*, project: str, begins: str | None, ends: str | None, **given: Any) -> None:  # noqa: ANN401 - as click has them
    """Freeze environments, once or by cron.

    Example: slipway freeze add --env production --until 2030-01-02T06:00:00Z --reason holidays
    """
    passers = {key: list(given.pop(key)) for key in ("users", "teams", "reasons")}
    body = body_of(None, begins=_instant(begins, "--from"), ends=_instant(ends, "--until"), **given)
    with output.the_client() as api:
        made = api.post(FREEZES, {**body, "may_pass": passers}, **_of(project))
    output.show(made, lambda: f"{made['id']}: {_where(made)} is frozen, {_times(made)}")


@freeze.command("list")
@click.option("-p", "--project", default="", help="That concern this project.")
@json_option
def list_(project: str) -> None:
    """The freezes and stops that are not over.

    Example: slipway freeze list --project shop
    """
    with output.the_client() as api:
        found = api.get(FREEZES, **_of(project))
    output.show(found, lambda: TABLE.table(found["items"]))


@freeze.command()
@arguments("freeze")
@json_option
def remove(*, freeze: str) -> None:
    """Lift a FREEZE; what it holds goes on.

    Example: slipway freeze remove 01JX8V2M3N4P5Q6R7S8T9V0W1X
    """
    with output.the_client() as api:
        known = {one["id"]: one for one in api.get(FREEZES)["items"]}
        if freeze not in known:
            raise CommandError(f"no freeze {freeze}", "see: slipway freeze list", code=ExitCode.NOT_FOUND)
        api.delete(f"{FREEZES}/{segment(freeze)}", **_of(known[freeze]["project"]))
    output.show({"id": freeze}, lambda: f"{freeze} is lifted")


@click.command()
@click.option("--for", "length", required=True, metavar="LENGTH", help="How long, such as 2h or 30m; at most 7d.")
@reason_option
@project_option
@environment_option
@json_option
def stop(*, length: str, reason: str, project: str, environment: str) -> None:
    """Stop the line: within a second no step begins in an environment, until it resumes or the time is over.

    Example: slipway stop --for 2h --reason "payments are down"
    """
    from slipway.cli.show.times import exact, parse_length

    try:
        seconds = round(parse_length(length).total_seconds())
    except ValueError as error:
        raise click.BadParameter(f"{length!r} is no length, such as 2h", param_hint="--for") from error
    body = {"seconds": seconds, "reason": reason, "environment": environment}
    with output.the_client() as api:
        made = api.post(STOPS, body, **_of(project))
    output.show(made, lambda: f"{made['id']}: {_where(made)} is stopped until {exact(made['ends'])}")


@click.command()
@project_option
@json_option
def resume(*, project: str) -> None:
    """Lift all stops; what they hold goes on.

    Example: slipway resume --project shop
    """
    with output.the_client() as api:
        found = api.delete(STOPS, **_of(project))
    lifted = found["lifted"]
    output.show(found, lambda: f"lifted: {', '.join(lifted)}" if lifted else "nothing was stopped")


def _of(project: str) -> dict[str, str]:
    return {"project": project} if project else {}


def _instant(text: str | None, option: str) -> str | None:
    from slipway.cli.show.times import now, parse_instant

    try:
        return parse_instant(text, now()).isoformat() if text else None
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is no instant, such as 2030-05-01T12:00Z", param_hint=option) from error
