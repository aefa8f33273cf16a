"""`slipway release search` and `diff`: finding releases, and telling them apart."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from slipway.cli.input.options import json_option, pairs, release_argument
from slipway.cli.places.inventory_paths import ROOT, parse_release, version_path
from slipway.cli.show import output
from slipway.cli.show.cells import Prose
from slipway.cli.show.columns import Column, Columns
from slipway.client import ApiRequest, segment

if TYPE_CHECKING:
    from rich.console import RenderableType

    from slipway.client import Client

NEXT_PAGE = "X-Next-Page"
LARGEST_PAGE = 100
RESULTS = Columns(
    (
        Column("release", lambda one: f"{one['project']}/{one['name']}-v{one['version']}"),
        Column("score"),
        Column("description"),
    ),
    none="nothing found",
)


@click.command()
@click.argument("words", nargs=-1)
@click.option("--namespace", default="", help="In this namespace alone.")
@click.option("--app", "application", default="", help="Of this application alone.")
@click.option("--metadata", multiple=True, metavar="NAME=VALUE", help="With this in its metadata; may be given again.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@json_option
def search(*, words: tuple[str, ...], metadata: tuple[str, ...], limit: int, **where: object) -> None:
    """Releases by WORDS of their names, descriptions, metadata and tags, the best first.

    Example: slipway release search payment api --namespace demo
    """
    asked = {"query": " ".join(words), **where, "metadata": pairs(metadata, "--metadata")}
    with output.the_client() as api:
        found = list(_found(api, asked, limit))
    output.show(found, lambda: RESULTS.table(found))


@click.command()
@release_argument
@click.argument("other", required=False, default="")
@json_option
def diff(reference: str, other: str) -> None:
    """What is different in RELEASE from OTHER: a version, prefix or tag of it; from the release before, if left out.

    Example: slipway release diff demo/app-v1.2 v1.1
    """
    asked = parse_release(reference)
    path = f"{version_path(asked)}/diff/"
    with output.the_client() as api:
        found = api.get(f"{path}{segment(_query(other))}/" if other else path)
    output.show(found, lambda: _changes(found))


def _found(api: Client, asked: Mapping[str, object], limit: int) -> Iterator[dict[str, Any]]:
    after = ""
    while limit > 0:
        page = {"page_size": min(limit, LARGEST_PAGE), "page_from": after}
        # Nothing is changed by it, so that it may simply be asked again.
        answer = api.send(ApiRequest(method="POST", path=f"{ROOT}search", body={**asked, **page}, again=True))
        results = answer.json()["results"]
        yield from results
        limit, after = limit - len(results), answer.headers.get(NEXT_PAGE, "")
        if not after:
            return


def _query(other: str) -> str:
    """The version query of what may be a whole release id."""
    return parse_release(other).query if "/" in other else other


def _changes(found: dict[str, dict[str, list[dict[str, Any]]]]) -> RenderableType:
    from rich.text import Text

    from slipway.cli.show.tables import listing

    marks = {"add": Text("+", "green"), "remove": Text("-", "red"), "change": Text("~", "yellow")}
    rows = [
        (
            marks.get(kind, kind),
            "".join(one["Path"]),
            _shown(one["PreviousValue"]),
            _shown(one["NewValue"]),
        )
        for kinds in found.values()
        for kind, changes in kinds.items()
        for one in changes
    ]
    return listing(("", "where", "before", "now"), rows, none="no difference")


def _shown(value: object) -> Prose:
    if value is None:
        return Prose()
    return Prose(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
