"""`slipway deploy`: trigger a deployment job and watch its run."""

from __future__ import annotations

import click

from slipway.cli import output
from slipway.cli.exit_codes import ExitCode
from slipway.cli.options import arguments, input_option, json_option, values
from slipway.cli.runs.started import started


@click.command()
@arguments("project", "environment", "deployment")
@click.option(
    "--version",
    default="",
    metavar="V",
    help="A version, 1.@, latest, a tag or a release's id; the job's own if left out.",
)
@input_option("Besides the job's inputs.")
@click.option("--wait/--no-wait", "wait", default=True, show_default=True, help="Watch the run to its end.")
@json_option
def deploy(
    *,
    project: str,
    environment: str,
    deployment: str,
    version: str,
    inputs: tuple[str, ...],
    wait: bool,
) -> ExitCode:
    """Deploy DEPLOYMENT in ENVIRONMENT of PROJECT: the version that its job names, or an earlier one again.

    The exit code is the run's outcome.
    """
    from slipway.cli.paths import job_path

    given, version = values(inputs, "--input"), _query(version)
    body = {**({"version": version} if version else {}), **({"inputs": given} if given else {})}
    with output.the_client() as api:
        run = api.post(f"{job_path(project, environment, deployment)}trigger", body)["id"]
        return started(api, str(run), f"deploying {deployment} in {project}/{environment}", wait=wait)


def _query(version: str) -> str:
    """The version query that is meant; of a release's id, its own."""
    from slipway.plan.names import parse_release_id

    if "/" not in version:
        return version
    try:
        return parse_release_id(version).query
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--version") from error
