"""Builds: defining, reading, changing, removing and triggering them. What a push does to them: webhooks.py."""

from collections.abc import Iterator
from dataclasses import replace

from chalicelib.kernel import names
from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.definitions.compile_build import Source, build_defects
from chalicelib.kernel.definitions.definition import BuildDefinition, ref_of, title
from chalicelib.kernel.definitions.run_ask import Beginning
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import Conflict, Defect, Invalid, NotFound
from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.partial_read import NOTHING_UNREADABLE, UnreadableFields
from chalicelib.use_cases.audit.write import Deed, Origin, entry_of, was_done
from chalicelib.use_cases.kept_secrets import forget_secrets, kept
from chalicelib.use_cases.launch.find import build_named
from chalicelib.use_cases.launch.plan import plan_build, source_of
from chalicelib.use_cases.launch.run_ids import definition_id_for, run_id_for
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import insist
from chalicelib.use_cases.runs.advance import start_run
from slipway_formats.build_step import BuildStep


@frozen
class BuildSettings:
    """What may be said of a build. private_key, escape_auth_token: the secrets themselves; nothing leaves them."""

    repo: str = ""
    branch: str = ""
    disabled: bool = False
    steps: tuple[BuildStep, ...] = ()
    steps_from_yml: bool = False
    private_key: str | None = None
    escape_auth_token: str | None = None
    remote_escape_worker_url: str = ""
    service_account_name: str = ""
    service_account_team: str = ""
    unreadable: UnreadableFields = NOTHING_UNREADABLE

    def __repr__(self) -> str:
        return f"BuildSettings(repo={self.repo!r})"


@frozen
class SaveBuild:
    """Define a build, or say anew what it is."""

    origin: Origin
    project: str
    environment: str
    name: str
    settings: BuildSettings


@frozen
class BuildNamed:
    """A build of an environment."""

    origin: Origin
    project: str
    environment: str
    name: str


@frozen
class TriggerBuild:
    """Have a build run, of another branch or of one commit where that is said."""

    origin: Origin
    project: str
    environment: str
    name: str
    branch: str = ""
    commit: str = ""


def add_build(ports: Ports, ask: SaveBuild) -> BuildDefinition:
    """The new build, with a webhook of its own. Faults: Invalid with every defect, NotFound, Conflict."""
    ports.projects.environment(ask.project, ask.environment)
    fresh = BuildDefinition(
        id=definition_id_for(ask.origin),
        project=ask.project,
        environment=ask.environment,
        name=ask.name,
        webhook_token=ports.world.secret(),
        created_at=ask.origin.at,
    )
    _refuse_defects(ports, ask, names.build(ask.name))
    entry = _entry(ask, "added-build")
    if (known := _known(ports, fresh)) is not None:
        return _made_before(ports, known, entry)
    return ports.definitions.create(_with(ports, fresh, ask.settings), entry)


def save_build(ports: Ports, ask: SaveBuild) -> BuildDefinition:
    """The build as it is now; what was left out is back at its default, but for secrets. Faults: Invalid, NotFound."""
    build_named(ports, ask.project, ask.environment, ask.name)
    _refuse_defects(ports, ask)
    return insist(ports, lambda: _save(ports, ask), since=ask.origin.at)


def _save(ports: Ports, ask: SaveBuild) -> BuildDefinition:
    saved = _with(ports, build_named(ports, ask.project, ask.environment, ask.name), ask.settings)
    return ports.definitions.save(saved, _entry(ask, "changed-build"))


def see_build(ports: Ports, ask: BuildNamed) -> BuildDefinition:
    """The build. Faults: NotFound."""
    return build_named(ports, ask.project, ask.environment, ask.name)


def remove_build(ports: Ports, ask: BuildNamed) -> None:
    """The build is there no more; its runs stay. Faults: NotFound, Stale."""
    build = build_named(ports, ask.project, ask.environment, ask.name)
    forget_secrets(ports, (build.private_key, build.escape_auth_token))
    ports.definitions.remove(ref_of(build), _entry(ask, "removed-build"))


def trigger_build(ports: Ports, ask: TriggerBuild) -> Run:
    """The run, begun. Faults: NotFound, Conflict when the build is disabled, Invalid."""
    build = build_named(ports, ask.project, ask.environment, ask.name)
    known = source_of(ports, build)
    source = replace(known, branch=ask.branch or known.branch, commit=ask.commit)
    return begin_build(ports, build, source, Beginning(id=run_id_for(ports, ask.origin), by=ask.origin.by.name))


def begin_build(ports: Ports, build: BuildDefinition, source: Source, beginning: Beginning) -> Run:
    """The run of a build, begun. Faults: Conflict when it is disabled, Invalid."""
    inputs = {"branch": source.branch, "commit": source.commit}
    return start_run(ports, plan_build(ports, build, source, replace(beginning, inputs=inputs)))


def _known(ports: Ports, fresh: BuildDefinition) -> BuildDefinition | None:
    try:
        return build_named(ports, fresh.project, fresh.environment, fresh.name)
    except NotFound:
        return None


def _made_before(ports: Ports, known: BuildDefinition, entry: AuditEntry) -> BuildDefinition:
    """The one of that name, if this ask made it: one that is refused must not reach the secrets of another's."""
    if not was_done(ports, entry):
        raise Conflict(f"{title(ref_of(known))} exists already")
    return known


def _refuse_defects(ports: Ports, ask: SaveBuild, more: tuple[Defect, ...] = ()) -> None:
    draft = BuildDefinition(
        id="",
        project=ask.project,
        environment=ask.environment,
        name=ask.name,
        repo=ask.settings.repo,
        branch=ask.settings.branch,
        steps=ask.settings.steps,
        remote_escape_worker_url=ask.settings.remote_escape_worker_url,
        webhook_token="",
        created_at=ask.origin.at,
    )
    found = (*more, *build_defects(draft), *_repository_defects(ports, draft))
    if defects := ask.settings.unreadable.with_others(found):
        raise Invalid(defects)


def _repository_defects(ports: Ports, build: BuildDefinition) -> Iterator[Defect]:
    """That a repository is named which the project does not have. An address is for git to judge."""
    if names.repository(build.repo):
        return
    try:
        ports.projects.repository(build.project, build.repo)
    except NotFound as missing:
        yield Defect("repo", str(missing))


def _with(ports: Ports, build: BuildDefinition, settings: BuildSettings) -> BuildDefinition:
    place = f"projects/{build.project}/environments/{build.environment}/builds/{build.name}"
    return replace(
        build,
        repo=settings.repo,
        branch=settings.branch,
        disabled=settings.disabled,
        steps=settings.steps,
        steps_from_yml=settings.steps_from_yml,
        private_key=kept(ports, f"{place}/private_key", settings.private_key, build.private_key),
        escape_auth_token=kept(ports, f"{place}/token", settings.escape_auth_token, build.escape_auth_token),
        remote_escape_worker_url=settings.remote_escape_worker_url,
        service_account_name=settings.service_account_name,
        service_account_team=settings.service_account_team,
    )


def _entry(ask: SaveBuild | BuildNamed, act: str) -> AuditEntry:
    subject = f"{ask.project}/{ask.environment}/{ask.name}"
    return entry_of(ask.origin, Deed(act=act, subject=subject, project=ask.project))
