"""`slipway history`: what was done to a deployment, newest first."""

from __future__ import annotations

import click

from slipway.cli.options import arguments, json_option, limit_option
from slipway.cli.paths import job_path
from slipway.cli.runs.executions import show_executions


@click.command()
@arguments("project", "environment", "deployment")
@limit_option
@json_option
def history(*, project: str, environment: str, deployment: str, limit: int) -> None:
    """What was done to DEPLOYMENT in ENVIRONMENT of PROJECT, newest first; any version can be deployed again."""
    show_executions(job_path(project, environment, deployment), limit)
