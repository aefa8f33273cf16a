"""`slipway deployment …`: the stored states of deployments. `slipway state` shows them."""

from __future__ import annotations

import click

from slipway.cli.input.options import arguments, json_option, yes_option
from slipway.cli.places.paths import environment_path
from slipway.cli.places.removal import confirm, removal_summary, remove
from slipway.cli.show import output


@click.group()
@json_option
def deployment() -> None:
    """The states that are kept of what was deployed; `slipway state` shows them.

    Example: slipway deployment forget shop staging demo/app
    """


@deployment.command("forget")
@arguments("project", "environment", "name")
@yes_option
@json_option
def forget(*, project: str, environment: str, name: str, yes: bool) -> None:
    """Forget the state of a deployment. It destroys nothing: that does `slipway job destroy`, before this.

    Example: slipway deployment forget shop staging demo/app --yes
    """
    title = f"the state of {name} in {project}/{environment}"
    path = f"{environment_path(project, environment)}deployments/"
    with output.the_client() as api:
        api.get(path, deployment=name)
        confirm(title, yes=yes)
        gone = remove(api, path, deployment=name)
    output.show({"removed": name, **gone}, lambda: removal_summary(title, gone))
