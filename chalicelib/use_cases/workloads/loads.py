"""Load configurations from git: a runner reads the file of a directory; whoever asked polls, or a pipeline follows."""

from collections.abc import Iterator

from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import EVERY_PROJECT, Level
from chalicelib.kernel.definitions.compile_load import FOLLOWED, LOADED, Load, LoadKind
from chalicelib.kernel.definitions.run_request import Beginning
from chalicelib.kernel.faults import Forbidden, NotFound
from chalicelib.use_cases.access.persons import begun_by
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.installation.code_sources import (
    SourcePlace,
    code_source,
    find_git_repository,
    missing_git_repository,
)
from chalicelib.use_cases.launch.plan import plan_load
from chalicelib.use_cases.launch.run_ids import run_id_for
from chalicelib.use_cases.launch.start_child import create_run
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.projects import visible_projects
from chalicelib.use_cases.workloads.loading import KEPT, LoadView, load_view
from chalicelib.use_cases.workloads.tasks import check_source
from slipway_formats.frozen import frozen


@frozen
class LoadConfiguration:
    """Load the configuration of a directory."""

    origin: Origin
    kind: LoadKind
    source: SourcePlace


@frozen
class LoadNamed:
    """A load by its id and kind, and who asks."""

    by: Principal
    kind: LoadKind
    id: str


def load_configuration(ports: Ports, command: LoadConfiguration) -> LoadView:
    """Begin to load a configuration. Faults: Invalid, Forbidden, NotFound for a repository."""
    check_source(command.source)
    project, origin = _project_for(ports, origin=command.origin, name=command.source.repository), command.origin
    load = Load(kind=command.kind, project=project, source=code_source(ports, project, command.source))
    beginning = Beginning(id=run_id_for(ports, origin), by=origin.by.name, begun_by=begun_by(ports, origin.by))
    if (known := ports.runs.find_run(beginning.id)) is None:
        create_run(ports, plan_load(ports, load, beginning))
        known = ports.runs.run(beginning.id)
    return load_view(ports, known, ports.runs.plan(known.plan))


def get_load(ports: Ports, query: LoadNamed) -> LoadView:
    """Return a load. Faults: NotFound, also for one that has expired, is of the other kind, or is not to be read."""
    run = ports.runs.find_run(query.id)
    plan = ports.runs.plan(run.plan) if run is not None else None
    if run is None or plan is None or plan.snapshot.get(LOADED) != query.kind or FOLLOWED in plan.snapshot:
        raise _missing(query.id)
    if not may(query.by, Level.READ, plan.definition.project) or ports.clock.now() >= plan.created_at + KEPT:
        raise _missing(query.id)
    return load_view(ports, run, plan)


def _project_for(ports: Ports, *, origin: Origin, name: str) -> str:
    """Return the project for which a caller loads from a repository: the first that may use it, and they read."""
    known = find_git_repository(ports, name)
    if known is None:
        raise missing_git_repository(name)
    found = next((one for one in _readable(ports, origin.by, known.projects) if known.is_for(one)), None)
    if found is not None:
        return found
    if EVERY_PROJECT in known.projects:
        raise Forbidden(f"{origin.by.name} may read no project for which {known.title} could be loaded")
    raise missing_git_repository(name)


def _readable(ports: Ports, by: Principal, projects: tuple[str, ...]) -> Iterator[str]:
    yield from (name for name in projects if name != EVERY_PROJECT and may(by, Level.READ, name))
    if EVERY_PROJECT in projects:
        yield from (project.name for project in visible_projects(ports, by))


def _missing(load: str) -> NotFound:
    return NotFound(f"no load {load[:100]}")
