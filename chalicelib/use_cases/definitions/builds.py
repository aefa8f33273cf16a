"""Builds: create, read, update, remove and trigger. Triggering by a push: incoming_webhooks/."""

from collections.abc import Iterator
from dataclasses import replace

from chalicelib.kernel import names
from chalicelib.kernel.access.actor import actor_of
from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.definitions.compile_build import Source, build_defects
from chalicelib.kernel.definitions.definition import BuildDefinition, BuildSettings, ref_of, title, with_settings
from chalicelib.kernel.definitions.run_request import Beginning
from chalicelib.kernel.definitions.trial import defects_of_build_runs
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import Conflict, Invalid, NotFound
from chalicelib.kernel.partial_read import NOTHING_UNREADABLE, UnreadableFields
from chalicelib.use_cases.access.persons import begun_by
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.audit.repeated import was_done
from chalicelib.use_cases.definitions.build_secrets import step_secrets, variable_defects, with_step_secrets
from chalicelib.use_cases.launch.find import build_named
from chalicelib.use_cases.launch.foreign_references import foreign_defects
from chalicelib.use_cases.launch.plan import plan_build, source_of
from chalicelib.use_cases.launch.run_ids import definition_id_for, run_id_for
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.record_secrets import delete_secrets, updated_reference
from chalicelib.use_cases.retry import retry_on_conflict
from chalicelib.use_cases.runs.advance import start_run
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen


@frozen
class SaveBuild:
    """Create a build or replace its settings.

    private_key, escape_auth_token: the secret values; None leaves them unchanged.
    """

    origin: Origin
    project: str
    environment: str
    name: str
    settings: BuildSettings
    private_key: str | None = None
    escape_auth_token: str | None = None
    unreadable: UnreadableFields = NOTHING_UNREADABLE

    def __repr__(self) -> str:
        return f"SaveBuild(name={self.name!r})"


@frozen
class BuildNamed:
    """A build of an environment."""

    origin: Origin
    project: str
    environment: str
    name: str


@frozen
class TriggerBuild:
    """Run a build, optionally of another branch or of one commit."""

    origin: Origin
    project: str
    environment: str
    name: str
    branch: str = ""
    commit: str = ""


def create_build(ports: Ports, command: SaveBuild) -> BuildDefinition:
    """Create a build, with its own webhook token. Faults: Invalid with every defect, NotFound, Conflict."""
    ports.projects.environment(command.project, command.environment)
    fresh = BuildDefinition(
        id=definition_id_for(command.origin),
        project=command.project,
        environment=command.environment,
        name=command.name,
        webhook_token=ports.ids.secret(),
        created_at=command.origin.at,
    )
    _refuse_defects(ports, command, fresh, names.build(command.name))
    entry = _entry(command, "added-build")
    if (known := _find(ports, fresh)) is not None:
        return _created_before(ports, known, entry)
    return ports.definitions.create(_with(ports, fresh, command), entry)


def update_build(ports: Ports, command: SaveBuild) -> BuildDefinition:
    """Replace a build's settings and return it; omitted fields get defaults, but for secrets.

    Faults: Invalid, NotFound.
    """
    _refuse_defects(ports, command, build_named(ports, command.project, command.environment, command.name))
    return retry_on_conflict(ports, lambda: _save(ports, command), since=command.origin.at)


def _save(ports: Ports, command: SaveBuild) -> BuildDefinition:
    saved = _with(ports, build_named(ports, command.project, command.environment, command.name), command)
    return ports.definitions.save(saved, _entry(command, "changed-build"))


def get_build(ports: Ports, query: BuildNamed) -> BuildDefinition:
    """Return the build. Faults: NotFound."""
    return build_named(ports, query.project, query.environment, query.name)


def remove_build(ports: Ports, command: BuildNamed) -> None:
    """Remove a build and its secrets; its runs stay. Faults: NotFound, Stale."""
    build = build_named(ports, command.project, command.environment, command.name)
    hook = build.webhook_secret
    delete_secrets(ports, (build.private_key, build.escape_auth_token, hook.kept if hook is not None else ""))
    delete_secrets(ports, step_secrets(build))
    ports.definitions.remove(ref_of(build), _entry(command, "removed-build"))


def trigger_build(ports: Ports, command: TriggerBuild) -> Run:
    """Start a run of the build. Faults: NotFound, Conflict if the build is disabled, Invalid."""
    build = build_named(ports, command.project, command.environment, command.name)
    known = source_of(ports, build)
    source = replace(known, branch=command.branch or known.branch, commit=command.commit)
    by = command.origin.by
    beginning = Beginning(id=run_id_for(ports, command.origin), by=by.name, begun_by=begun_by(ports, by))
    return begin_build(ports, build, source, beginning, command.origin)


def begin_build(  # noqa: PLR0917 - one run of a build
    ports: Ports, build: BuildDefinition, source: Source, beginning: Beginning, origin: Origin
) -> Run:
    """Start a run of a build from a source. Faults: Conflict if it is disabled, Invalid."""
    inputs = {"branch": source.branch, "commit": source.commit}
    return start_run(ports, plan_build(ports, build, source, replace(beginning, inputs=inputs)), origin=origin)


def _find(ports: Ports, fresh: BuildDefinition) -> BuildDefinition | None:
    try:
        return build_named(ports, fresh.project, fresh.environment, fresh.name)
    except NotFound:
        return None


def _created_before(ports: Ports, known: BuildDefinition, entry: AuditEntry) -> BuildDefinition:
    """Return the existing build if this same request created it; a refused request must not touch another's secrets."""
    if not was_done(ports, entry):
        raise Conflict(f"{title(ref_of(known))} exists already")
    return known


def _refuse_defects(ports: Ports, command: SaveBuild, build: BuildDefinition, more: tuple[Defect, ...] = ()) -> None:
    updated = with_settings(build, command.settings)
    found = (
        *more,
        *build_defects(updated),
        *variable_defects(build, updated),
        *defects_of_build_runs(updated, ports.clock.now()),
        *_repository_defects(ports, updated),
        *foreign_defects(ports, updated, command.origin.by),
    )
    if defects := command.unreadable.with_others(found):
        raise Invalid(defects)


def _repository_defects(ports: Ports, build: BuildDefinition) -> Iterator[Defect]:
    """Yield a defect for a repository that the project does not have. A git address is not checked here."""
    if names.repository(build.repo):
        return
    if ports.projects.find_repository(build.project, build.repo) is None:
        yield Defect("repo", f"no repository {build.repo} in project {build.project}")


def _with(ports: Ports, build: BuildDefinition, command: SaveBuild) -> BuildDefinition:
    place = f"projects/{build.project}/environments/{build.environment}/builds/{build.name}"
    return replace(
        with_step_secrets(ports, build, with_settings(build, command.settings)),
        private_key=updated_reference(ports, f"{place}/private_key", command.private_key, build.private_key),
        escape_auth_token=updated_reference(
            ports, f"{place}/token", command.escape_auth_token, build.escape_auth_token
        ),
        acts_for=actor_of(command.origin.by, command.origin.at),
    )


def _entry(command: SaveBuild | BuildNamed, act: str) -> AuditEntry:
    subject = f"{command.project}/{command.environment}/{command.name}"
    return entry_of(command.origin, AuditAction(act=act, subject=subject, project=command.project))
