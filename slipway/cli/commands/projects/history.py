"""`slipway history`: what was done to a deployment, newest first."""

from __future__ import annotations

import click

from slipway.cli.input.options import arguments, json_option, limit_option
from slipway.cli.runs.deployment_history import deployment_history
from slipway.cli.runs.executions import TABLE
from slipway.cli.show import output


@click.command()
@arguments("project", "environment", "deployment")
@limit_option
@json_option
def history(*, project: str, environment: str, deployment: str, limit: int) -> None:
    """What was done to DEPLOYMENT in ENVIRONMENT of PROJECT, newest first: by its job, by scripts, by clients.

    What a job deployed is deployed again by `slipway deploy --version`, a snapshot by `slipway snapshot deploy`.

    Example: slipway history shop production demo/app
    """
    with output.the_client() as api:
        found = deployment_history(api, (project, environment, deployment), limit)
    output.show(found, lambda: TABLE.table(found))
