"""Options that tasks and their pipelines share."""

from __future__ import annotations

import click

place_argument = click.argument("place", metavar="[REPOSITORY/DIRECTORY]", required=False)
namespace_option = click.option("-n", "--namespace", help="The repository's name, if left out.")
branch_option = click.option("--branch", help="The registered repository's, or master, if left out.")
project_option = click.option("-p", "--project", help="Whose the namespace is to be, if it is new.")
pool_option = click.option("--pool", help="Whose runners do the work; `default` if left out.")
settled_option = click.option(
    "--wait/--no-wait", "wait", default=False, help="Watch it until it has settled; the exit code is its outcome."
)


def require_source(place: str | None, file: str | None, namespace: str | None) -> None:
    """Refuse what names neither a directory nor a file, or a file without a namespace. Faults: UsageError."""
    if not place and not file:
        raise click.UsageError("name a REPOSITORY/DIRECTORY, or give a --file")
    if file and not namespace:
        raise click.UsageError("with a --file a --namespace is needed")
