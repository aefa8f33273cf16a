"""Roll a deployment back to the release that was deployed well before, after telling what that does not undo."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.changes.values import Difference, Given, values_that_differ
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import Conflict, NotFound
from chalicelib.kernel.plans.work import JobKind
from chalicelib.kernel.projects.deployment import Change, Deployment
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.definitions.deployment_jobs import TriggerJob, trigger_job
from chalicelib.use_cases.deploys.preview import (
    DeployPreview,
    PreviewDeploy,
    preview_deploy,
    release_of_id,
    scripts_of,
)
from chalicelib.use_cases.launch.find import job_named
from chalicelib.use_cases.launch.resolve_release import released_by
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.projects import place_of_change
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.frozen import frozen
from slipway_formats.release_id import parse
from slipway_formats.version import Exact

CHUNK = 100
MOST_CHANGES = 1000
"""Changes of a deployment, the newest, among which the release before is looked for."""


@frozen
class PreviewRollback:
    """Query: to what a deployment would be rolled back, and what that changes."""

    by: Principal
    project: str
    environment: str
    deployment: str


@frozen
class RollBack:
    """Deploy the release before again. digest: of the change set that was shown; empty binds to none."""

    origin: Origin
    project: str
    environment: str
    deployment: str
    digest: str = ""


@frozen
class RollbackPreview:
    """What a rollback does. to: the deploy that went well. kept: what it does not undo, in words."""

    to: Change
    deploy: DeployPreview
    kept: tuple[str, ...] = ()


def preview_rollback(ports: Ports, query: PreviewRollback) -> RollbackPreview:
    """Tell to what one would roll back. Faults: NotFound; Conflict if there is nothing before, or it cannot be."""
    deployment = ports.deployments.find_deployment(query.project, query.environment, query.deployment)
    if deployment is None or deployment.state is None:
        raise NotFound(f"no deployment {query.deployment} in {query.project}/{query.environment}")
    since = _changes_to_undo(ports, deployment)
    to = since[-1]
    version = _version(to.release)
    job = job_named(ports, query.project, query.environment, query.deployment)
    if to.release.rpartition("-v")[0] != "/".join(released_by(job)):
        raise Conflict(f"{to.release} is of another application than the one that the job deploys now")
    asked = PreviewDeploy(
        by=query.by,
        project=query.project,
        environment=query.environment,
        deployment=query.deployment,
        version=version,
    )
    deploy = preview_deploy(ports, asked)
    return RollbackPreview(to=to, deploy=deploy, kept=tuple(_kept(ports, to, since[:-1], deploy)))


def roll_back(ports: Ports, command: RollBack) -> Run:
    """Start a run that deploys the release before. Faults: as of the preview; Conflict if something else was shown."""
    query = PreviewRollback(
        by=command.origin.by,
        project=command.project,
        environment=command.environment,
        deployment=command.deployment,
    )
    seen = preview_rollback(ports, query)
    if command.digest not in {"", seen.deploy.digest}:
        raise Conflict(f"what the rollback changes is no longer what was shown: it goes to {seen.to.release} now")
    trigger = TriggerJob(
        origin=command.origin,
        project=command.project,
        environment=command.environment,
        deployment=command.deployment,
        query=_version(seen.to.release),
    )
    return trigger_job(ports, trigger)


def _changes_to_undo(ports: Ports, deployment: Deployment) -> Sequence[Change]:
    """Return the changes since the deploy to go back to, newest first, with it as the last one. Faults: Conflict."""
    found: list[Change] = []
    page, last = Page(size=CHUNK), None
    while len(found) < MOST_CHANGES and (changes := ports.deployments.history(deployment, page)):
        for change in changes:
            found.append(change)
            is_deploy = change.action is JobKind.DEPLOY
            if is_deploy and last is not None and change.went_well and change.release != last.release:
                return found
            last = last or (change if is_deploy else None)
        page = replace(page, after=place_of_change(changes[-1]))
    raise Conflict(f"no other release was deployed well as {deployment.name} before")


def _kept(ports: Ports, to: Change, since: Sequence[Change], deploy: DeployPreview) -> Iterator[str]:
    """Tell what stays of what was done since, and what is not as it was then. since: newest first."""
    # What the job of a deploy wrote meanwhile is part of it.
    by_jobs = {change.run for change in since if change.action is not None and change.run}
    for change in reversed(since):
        when = f"at {change.at.isoformat(timespec='seconds')} by {change.by}"
        match change.action:
            case JobKind.DEPLOY:
                yield from _of_deploy(ports, change, when)
            case JobKind.ERRAND:
                yield f"an errand of {change.release} was run {when}"
            case JobKind.DESTROY:
                yield f"{change.release} was destroyed {when}"
            case None if change.run not in by_jobs:
                yield f"the state was written {when}"
            case _:
                continue
    last = next((change for change in since if change.action is JobKind.DEPLOY), to)
    yield from _of_inputs(to, last, deploy)


def _of_deploy(ports: Ports, change: Change, when: str) -> Iterator[str]:
    release = release_of_id(ports, change.release)
    scripts = ", ".join(scripts_of(release)) if release is not None else ""
    ended = "deployed" if change.went_well else "deployed in part"
    if scripts:
        yield f"{change.release} was {ended} {when}: what its {scripts} did outside of the state stays"


def _of_inputs(to: Change, last: Change, deploy: DeployPreview) -> Iterator[str]:
    """Tell the inputs that are not as they were given then: names alone. last: the deploy that was made last."""
    (one,) = deploy.changes.deployments
    secret = {value.name for value in one.inputs if value.is_secret}
    gone = {value.name for value in one.inputs if value.kind is Difference.REMOVED}
    given = {**last.inputs, **{value.name: value.new for value in one.inputs if not value.is_secret}}
    now = {name: value for name, value in given.items() if name not in gone}
    differ = values_that_differ(Given(plain=to.inputs), Given(plain=now))
    if names := [value.name for value in differ if value.name not in secret]:
        yield f"inputs stay as the job gives them now, which is not as they were then: {', '.join(names)}"


def _version(release: str) -> str:
    query = parse(release).query
    if not isinstance(query, Exact):
        raise Conflict(f"{release} names no version")
    return query.version
