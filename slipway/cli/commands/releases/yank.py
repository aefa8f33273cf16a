"""`slipway release tag`, `tags`, `yank` and `unyank`: which releases are meant for use."""

from __future__ import annotations

import click

from slipway.cli.input.options import json_option, release_argument
from slipway.cli.places.inventory_paths import exact_release, parse_application, parse_release, unit_path, version_path
from slipway.cli.show import output
from slipway.cli.show.columns import Column, Columns

TAGS = Columns((Column("tag"), Column("release")), none="no tags")


@click.command()
@release_argument
@click.argument("name", metavar="TAG")
@json_option
def tag(reference: str, name: str) -> None:
    """Let TAG name this release from now on.

    Example: slipway release tag demo/app-v1.2 stable
    """
    asked = parse_release(reference)
    with output.the_client() as api:
        path = f"{unit_path(asked.project, asked.name)}tags/"
        api.post(path, {"release_id": str(asked), "tag": name})
    output.show({"release": str(asked), "tag": name}, lambda: f"{asked.unit}:{name} is {asked} now")


@click.command()
@click.argument("application", metavar="NAMESPACE/APP")
@json_option
def tags(application: str) -> None:
    """The tags of an application, and the release that each names.

    Example: slipway release tags demo/app
    """
    namespace, name = parse_application(application)
    with output.the_client() as api:
        found = api.get(f"{unit_path(namespace, name)}tags/")
    rows = [{"tag": tag, "release": f"{application}-v{version}"} for tag, version in sorted(found.items())]
    output.show(found, lambda: TAGS.table(rows))


@click.command()
@release_argument
@click.option("--reason", required=True, metavar="TEXT", help="Why; shown to whoever looks at it.")
@json_option
def yank(reference: str, reason: str) -> None:
    """Take a release out of use: no query, tag or deployment finds it, but its exact version is still there.

    Example: slipway release yank demo/app-v1.2 --reason "it leaks"
    """
    asked = exact_release(reference)
    with output.the_client() as api:
        api.post(f"{version_path(asked)}/yank", {"reason": reason})
    output.show({"release": str(asked), "yanked": reason}, lambda: f"yanked {asked}")


@click.command()
@release_argument
@json_option
def unyank(reference: str) -> None:
    """Take a release into use again.

    Example: slipway release unyank demo/app-v1.2
    """
    asked = exact_release(reference)
    with output.the_client() as api:
        api.delete(f"{version_path(asked)}/yank")
    output.show({"release": str(asked), "yanked": None}, lambda: f"{asked} is in use again")
