"""`slipway deploy`: trigger a deployment job and watch its run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from slipway.cli.error import CommandError
from slipway.cli.exit_codes import ExitCode
from slipway.cli.input.options import arguments, input_option, json_option, values
from slipway.cli.runs.started import started
from slipway.cli.show import output
from slipway.client import Client, segment
from slipway.client_error import ApiError
from slipway_formats.release_id import DEFAULT_NAMESPACE

LATEST = "latest"


@click.command()
@arguments("project", "environment", "deployment")
@click.option(
    "--version",
    default="",
    metavar="V",
    help="A version, 1.@, latest, a tag or a release's id; the job's own if left out.",
)
@input_option("Besides the job's inputs.")
@click.option("--yanked", is_flag=True, help="Also a version that was yanked.")
@click.option("--plan", is_flag=True, help="Only tell what it would change and do, and change nothing.")
@click.option("--wait/--no-wait", "wait", default=True, show_default=True, help="Watch the run to its end.")
@json_option
def deploy(
    *,
    project: str,
    environment: str,
    deployment: str,
    version: str,
    inputs: tuple[str, ...],
    yanked: bool,
    plan: bool,
    wait: bool,
) -> ExitCode:
    """Deploy DEPLOYMENT in ENVIRONMENT of PROJECT: the version that its job names, or an earlier one again.

    The exit code is the run's outcome.

    Example: slipway deploy shop staging demo/app --version 1.2
    """
    from slipway.cli.places.paths import job_path

    given, version = values(inputs, "--input"), _query(version)
    body = {**({"version": version} if version else {}), **({"inputs": given} if given else {})}
    with output.the_client() as api:
        if plan:
            return _planned(api, (project, environment, deployment), body)
        if not yanked:
            _refuse_yanked(api, job_path(project, environment, deployment), version)
        run = api.post(f"{job_path(project, environment, deployment)}trigger", body)["id"]
        return started(api, str(run), f"deploying {deployment} in {project}/{environment}", wait=wait)


def _planned(api: Client, place: tuple[str, str, str], body: Mapping[str, object]) -> ExitCode:
    """Tell what a deploy would change and do."""
    from slipway.cli.changes.plan import deploy_plan
    from slipway.cli.places.paths import deployment_path

    shown = api.post(f"{deployment_path(*place)}/plan", body)
    output.show(shown, lambda: deploy_plan(shown, f"deploying {shown['release']} would change"))
    return ExitCode.OK


def _refuse_yanked(api: Client, job: str, version: str) -> None:
    """Refuse a version that was yanked, with the reason; what cannot be looked up the platform judges itself."""
    try:
        release = _release_of(api, job, version)
    except ApiError:
        return
    told = release.get("yanked") if isinstance(release, dict) else None
    if told:
        metadata = release.get("release") or {}
        which, by = f"{metadata.get('name')}-v{metadata.get('version')}", str(told.get("by") or "somebody")
        raise CommandError(
            f"{which} was yanked by {by}: {told.get('reason') or 'no reason was given'}",
            "add --yanked to deploy it all the same",
        )


def _release_of(api: Client, job: str, version: str) -> Any:  # noqa: ANN401 - JSON
    from slipway.cli.places.inventory_paths import unit_path

    found = api.get(job)
    namespace, _, application = str(found.get("release") or "").rpartition("/")
    query = version or str(found.get("version") or LATEST)
    query = f"v{query}" if query[:1].isdigit() else query
    return api.get(f"{unit_path(namespace or DEFAULT_NAMESPACE, application)}versions/{segment(query)}/", full="true")


def _query(version: str) -> str:
    """The version query that is meant; of a release's id, its own."""
    from slipway.plan.names import parse_release_id

    if "/" not in version:
        return version
    try:
        return parse_release_id(version).query
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--version") from error
