"""`slipway diff`: what differs between two environments, or one then and now."""

from __future__ import annotations

from datetime import datetime

import click

from slipway.cli.input.instant_type import INSTANT
from slipway.cli.input.options import arguments, json_option
from slipway.cli.show import output

BOTH = 2


@click.command()
@arguments("project", "environment")
@click.argument("other", required=False, default="")
@click.option(
    "--at",
    "at",
    type=INSTANT,
    multiple=True,
    metavar="INSTANT",
    help="As it was then; twice for both. 2030-05-01T12:00:00Z, or 2d.",
)
@json_option
def diff(*, project: str, environment: str, other: str, at: tuple[datetime, ...]) -> None:
    """What differs between ENVIRONMENT and OTHER of PROJECT: versions, commits, files, inputs; or one then and now.

    With one --at both environments are taken as they were then; without OTHER it is compared with what is there now.

    Example: slipway diff shop staging production
    """
    from slipway.cli.changes.draw import differences
    from slipway.client import segment

    if not other and not at:
        raise click.UsageError("with what? Name another environment, or say since when by --at")
    if len(at) > BOTH:
        raise click.UsageError("--at may be given twice at most")
    instants = [one.isoformat() for one in at]
    old_at = instants[0] if instants else ""
    new_at = instants[-1] if len(instants) == BOTH or (other and instants) else ""
    asked = {"old": environment, "new": other or environment, "old_at": old_at, "new_at": new_at}
    with output.the_client() as api:
        path = f"/api/v1/projects/{segment(project)}/diff"
        shown = api.get(path, **{name: value for name, value in asked.items() if value})
    titles = (_title(environment, old_at), _title(other or environment, new_at))
    output.show(shown, lambda: differences(shown, *titles))


def _title(environment: str, at: str) -> str:
    return f"{environment} at {at}" if at else environment
