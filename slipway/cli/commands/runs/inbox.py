"""`slipway inbox`: what waits for your word, across projects; many decisions at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from slipway.cli.error import CommandError
from slipway.cli.exit_codes import ExitCode
from slipway.cli.input.options import json_option, notes_option
from slipway.cli.show import output
from slipway.cli.show.cells import Names
from slipway.cli.show.columns import Column, Columns, text, when, words
from slipway.cli.web import open_page, web_option

if TYPE_CHECKING:
    from slipway.client import Client

APPROVALS = "/api/v1/approvals"
LARGEST_PAGE = 20
"""With commits and files each entry is long."""

GONE_WELL = 200


@click.command()
@click.option("-p", "--project", default="", help="Of this project alone.")
@click.option("--all", "everybody", is_flag=True, help="Also what waits for others.")
@click.option("--approve", multiple=True, metavar="RUN", help="Say yes to what waits for you in it; may be repeated.")
@click.option("--reject", multiple=True, metavar="RUN", help="Say no to what waits for you in it; may be repeated.")
@notes_option
@web_option
@json_option
def inbox(
    *, project: str, everybody: bool, approve: tuple[str, ...], reject: tuple[str, ...], notes: str, web: bool
) -> ExitCode:
    """What waits for your word: what, into where, since when, and what was tested and built for it.

    RUN is an id or a name as the list shows it. With --approve or --reject the exit code is 1 if a decision is refused.

    Example: slipway inbox --approve shop/delivery#12 --approve shop/site#7 --notes "tested by hand"
    """
    if web:
        open_page("inbox")
        return ExitCode.OK
    given = {**dict.fromkeys(approve, "approve"), **dict.fromkeys(reject, "reject")}
    with output.the_client() as api:
        found = _waiting(api, project, mine=not everybody)
        if not given:
            output.show(found, lambda: TABLE.table(found))
            return ExitCode.OK
        bodies = [body for name, decision in given.items() for body in _bodies(found, name, decision, notes)]
        decided = api.post(APPROVALS, {"decisions": bodies})["items"]
    output.show(decided, lambda: DECIDED.table(decided))
    return ExitCode.OK if all(one["status"] == GONE_WELL for one in decided) else ExitCode.FAILED


def _waiting(api: Client, project: str, *, mine: bool) -> list[dict[str, Any]]:
    """All that waits, page after page. Faults: ApiError."""
    filters = {"whole": "true", **({"project": project} if project else {}), **({"mine": "true"} if mine else {})}
    found: list[dict[str, Any]] = []
    after: str | None = ""
    while after is not None:
        page = api.get(APPROVALS, **filters, page_size=str(LARGEST_PAGE), **({"page_from": after} if after else {}))
        found.extend(page["items"])
        after = page["next"]
    return found


def _bodies(found: Sequence[Mapping[str, Any]], name: str, decision: str, notes: str) -> list[dict[str, object]]:
    """A decision about all that waits in the run of this name. Faults: CommandError if nothing does."""
    waiting = [one for one in found if name in (one["run"]["id"], _title(one))]
    if not waiting:
        raise CommandError(f"nothing in {name} waits for you", "see what does with `slipway inbox`")
    return [
        {
            "run": one["run"]["id"],
            "node": one["node"],
            "execution": one["execution"],
            "decision": decision,
            "notes": notes,
            **({"digest": one["changes"]["digest"]} if one.get("changes") else {}),
        }
        for one in waiting
    ]


def _title(one: Mapping[str, Any]) -> str:
    from slipway.cli.runs.view import run_view

    return run_view(one["run"]).title


def _deciders(one: Mapping[str, Any]) -> Names:
    named = [*(f"user {name}" for name in one["users"]), *(f"team {name}" for name in one["teams"])]
    return words(named or ["admins" if one["admins"] else "writers"])


def _tests(one: Mapping[str, Any]) -> Names:
    return words([f"{test['name']} {test['passed']} ok, {test['failed']} failed" for test in one["tests"]])


def _built(one: Mapping[str, Any]) -> Names:
    return words([f"{release['id']} by {release['by']}" for release in one["releases"]])


def _there(one: Mapping[str, Any]) -> Names:
    return words([f"{cell['application']} {cell['version'] or 'none'}" for cell in one.get("there") or ()])


def _changes(one: Mapping[str, Any]) -> Names:
    from slipway.cli.changes.draw import brief

    return words(brief(one.get("changes") or {}))


TABLE = Columns(
    (
        Column("run", _title),
        Column("waits at", lambda one: f"{one['stage']}/{one['name']}"),
        Column("into", "environment", text),
        Column("there now", _there, is_spare=True),
        Column("changes", _changes),
        Column("since", "since", when),
        Column("expires", "expires_at", when, is_spare=True),
        Column("given", lambda one: f"{len(one['given'])} of {one['quorum']}", is_spare=True),
        Column("decides", _deciders),
        Column("tests", _tests, is_spare=True),
        Column("built", _built),
        Column("id", lambda one: str(one["run"]["id"]), is_spare=True),
    ),
    none="nothing waits",
)
DECIDED = Columns(
    (
        Column("run"),
        Column("node"),
        Column("done", lambda one: "yes" if one["status"] == GONE_WELL else "no"),
        Column("run is", "phase"),
        Column("refused", "message"),
    )
)
