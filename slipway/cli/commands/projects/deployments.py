"""`slipway deployment …`: states that are kept of what was deployed. `slipway state` shows them."""

from __future__ import annotations

import click

from slipway.cli import output as desk
from slipway.cli.options import json_option
from slipway.cli.paths import environment_path
from slipway.cli.removal import confirm, remove, told, yes_option


@click.group()
@json_option
def deployment() -> None:
    """The states that are kept of what was deployed; `slipway state` shows them."""


@deployment.command("forget")
@click.argument("project")
@click.argument("environment")
@click.argument("name")
@yes_option
@json_option
def forget(project: str, environment: str, name: str, yes: bool) -> None:  # noqa: FBT001 - click's signature
    """Forget the state of a deployment. It destroys nothing: that does `slipway job destroy`, before this."""
    title = f"the state of {name} in {project}/{environment}"
    path = f"{environment_path(project, environment)}deployments/"
    with desk.the_client() as api:
        api.get(path, deployment=name)
        confirm(title, yes=yes)
        gone = remove(api, path, deployment=name)
    desk.show({"removed": name, **gone}, lambda: told(title, gone))
