"""`slipway history`: what was done to a deployment, newest first."""

from __future__ import annotations

import click

from slipway.cli import output as desk
from slipway.cli.options import json_option
from slipway.cli.runs.executions import executions, limit_option, table


@click.command()
@click.argument("project")
@click.argument("environment")
@click.argument("deployment")
@limit_option
@json_option
def history(project: str, environment: str, deployment: str, limit: int) -> None:
    """What was done to DEPLOYMENT in ENVIRONMENT of PROJECT, newest first; any version can be deployed again."""
    from slipway.cli.paths import job_path

    with desk.the_client() as api:
        found = executions(api, job_path(project, environment, deployment), limit)
    desk.show(found, lambda: table(found))
