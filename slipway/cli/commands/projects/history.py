"""`slipway history`: what was done to a deployment, newest first."""

from __future__ import annotations

from itertools import islice

import click

from slipway.cli.input.options import arguments, json_option, limit_option
from slipway.cli.runs.deployment_history import deployment_history
from slipway.cli.runs.environment_history import CHANGES, environment_changes, without_parts
from slipway.cli.runs.executions import TABLE
from slipway.cli.show import output


@click.command()
@arguments("project", "environment")
@click.argument("deployment", required=False, default="")
@limit_option
@json_option
def history(*, project: str, environment: str, deployment: str, limit: int) -> None:
    """What was done to DEPLOYMENT in ENVIRONMENT of PROJECT, newest first: by its job, by scripts, by clients.

    Without DEPLOYMENT all that was done in the environment; what jobs wrote on the way to their end with --json alone.

    What a job deployed is deployed again by `slipway deploy --version`, a snapshot by `slipway snapshot deploy`.

    Example: slipway history shop production demo/app
    """
    with output.the_client() as api:
        if not deployment:
            every = environment_changes(api, project, environment, limit)
            changes = list(islice(every if output.wants_json() else without_parts(every), limit))
            output.show(changes, lambda: CHANGES.table(changes))
            return
        found = deployment_history(api, (project, environment, deployment), limit)
    output.show(found, lambda: TABLE.table(found))
