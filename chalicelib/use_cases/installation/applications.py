"""Applications of the installation: each is an application of a project, and a project has one at least.

A project that was made without an application, through State, gets one when applications are first looked for.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain, count

from chalicelib.kernel import names
from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid, NotFound, Worded
from chalicelib.kernel.installation.entries import (
    Application,
    ApplicationGroup,
    place_handle,
    title_handle,
)
from chalicelib.kernel.installation.portfolio import ProjectWorkflow
from chalicelib.kernel.projects.project import Project
from chalicelib.kernel.trains.numbering import number_defects
from chalicelib.kernel.trains.titles import name_of
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.audit.repeated import was_done
from chalicelib.use_cases.installation.access import require_owner_everywhere
from chalicelib.use_cases.installation.find_items import find_raft_titled
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.projects import ProjectSettings, SaveProject, create_project, visible_projects
from chalicelib.use_cases.retry import retry_on_conflict
from slipway_formats.frozen import frozen

KIND = "application"


@frozen
class CreateApplication:
    """Create an application, with a project of its own. group, folder: ids."""

    origin: Origin
    title: str
    group: int | None = None
    folder: int | None = None
    workflows: tuple[ProjectWorkflow, ...] = ()


@frozen
class UpdateApplication:
    """Change an application. What is None stays as it is. group: an id, 0 for none. raft: a title or prefix."""

    origin: Origin
    id: int
    title: str | None = None
    group: int | None = None
    raft_title: str | None = None
    is_active: bool | None = None


def create_application(ports: Ports, command: CreateApplication) -> Application:
    """Create an application and its project. Faults: Invalid, Forbidden, Conflict if the title is taken."""
    origin, title = command.origin, command.title.strip()
    if defects := number_defects(title, "title"):
        raise Invalid(defects)
    _require_maker(origin.by, title)
    _require_group(ports, origin.by, command.group)
    if (known := _titled(ports, origin, title)) is not None:
        if not was_done(ports, _entry(origin, "added-application", known)):
            raise Conflict(Worded("application {} exists already", known.title))
        return known
    project = _new_project(ports, origin, title)
    application = replace(
        _application(ports, origin, project),
        title=title,
        group=command.group or None,
        folder=command.folder,
        workflows=command.workflows,
    )
    return _created(ports, origin, application, "added-application")


def list_applications(ports: Ports, origin: Origin) -> Sequence[Application]:
    """List the applications that the caller may read, by id; projects without one get theirs."""
    projects = {project.name: project for project in visible_projects(ports, origin.by)}
    known = [one for one in ports.installation.every(Application) if one.project in projects]
    missing = projects.keys() - {one.project for one in known}
    adopted = [_adopted(ports, origin, projects[name]) for name in sorted(missing)]
    return sorted((*known, *adopted), key=lambda one: one.id)


def find_application(ports: Ports, origin: Origin, number: int) -> Application | None:
    """Return the application of this id, if there is one that the caller may read."""
    return _readable(ports, origin.by, ports.installation.find(Application, number))


def find_application_titled(ports: Ports, origin: Origin, title: str) -> Application | None:
    """Return the application of this title, in any case, if there is one that the caller may read."""
    found = ports.installation.find_by(Application, title_handle(title))
    if found is not None:
        return _readable(ports, origin.by, found)
    # It may be of a project that has no application yet.
    listed = list_applications(ports, origin)
    return next((one for one in listed if title_handle(one.title) == title_handle(title)), None)


def update_application(ports: Ports, command: UpdateApplication) -> Application:
    """Change an application, and the title of its project with it. Faults: Invalid, NotFound, Forbidden, Conflict."""
    title = command.title.strip() if command.title is not None else None
    if title is not None and (defects := number_defects(title, "title")):
        raise Invalid(defects)
    raft = _raft(ports, command.raft_title)
    found = find_application(ports, command.origin, command.id)
    if found is None:
        raise NotFound(Worded("no application {}", command.id))
    _require_owner(command.origin.by, found.project)
    _require_group(ports, command.origin.by, command.group, found.group)
    saved = retry_on_conflict(ports, lambda: _save(ports, command, title, raft), since=command.origin.at)
    # Also where this request gave it the title before, and ended there.
    if title is not None and ports.projects.project(saved.project).title != title:
        retry_on_conflict(ports, lambda: _retitle(ports, command.origin, saved), since=command.origin.at)
    return saved


def _save(ports: Ports, command: UpdateApplication, title: str | None, raft: int | None) -> Application:
    before = ports.installation.find(Application, command.id)
    if before is None:
        raise NotFound(Worded("no application {}", command.id))
    changed = replace(
        before,
        title=before.title if title is None else title,
        group=before.group if command.group is None else command.group or None,
        raft=before.raft if raft is None else raft,
        is_active=before.is_active if command.is_active is None else command.is_active,
    )
    action = AuditAction(act="changed-application", subject=before.title, key=str(before.id), project=before.project)
    return ports.installation.save(changed, before, entry_of(command.origin, action))


def _retitle(ports: Ports, origin: Origin, application: Application) -> Project:
    project = replace(ports.projects.project(application.project), title=application.title)
    action = AuditAction(act="retitled-project", subject=project.name, project=project.name)
    return ports.projects.save(project, entry_of(origin, action))


def _new_project(ports: Ports, origin: Origin, title: str) -> Project:
    """Create the project of a new application; a repeated request finds the one that it made."""

    def is_taken(name: str) -> bool:
        is_own = was_done(ports, _project_entry(origin, name))
        return ports.projects.find_project(name) is not None and not is_own

    name = name_of(title, names.project, is_taken)
    _require_owner(origin.by, name)
    return create_project(ports, SaveProject(origin=origin, name=name, settings=ProjectSettings(title=title)))


def _titled(ports: Ports, origin: Origin, title: str) -> Application | None:
    """Return the application of this title, also of a project of this name that had none until now."""
    plain = name_of(title, names.project, lambda _: False)
    project = ports.projects.find_project(plain)
    if project is not None and not was_done(ports, _project_entry(origin, plain)):
        _adopted(ports, origin, project)
    return ports.installation.find_by(Application, title_handle(title))


def _adopted(ports: Ports, origin: Origin, project: Project) -> Application:
    """Return the application of a project, made now where it has none: under another title where its own is taken."""
    known = ports.installation.find_by(Application, place_handle(project.name, project.name))
    if known is not None:
        return known
    first = _application(ports, origin, project)
    for title in chain([first.title], (f"{first.title}-{number}" for number in count(2))):
        with suppress(Conflict):
            return _created(ports, origin, replace(first, title=title), "adopted-application")
    raise AssertionError("counting does not end")


def _application(ports: Ports, origin: Origin, project: Project) -> Application:
    return Application(
        id=ports.numbers.following_id(KIND),
        title=project.title or project.name,
        project=project.name,
        name=project.name,
        created_by=origin.by.name,
        created_at=origin.at,
    )


def _created(ports: Ports, origin: Origin, application: Application, act: str) -> Application:
    """Store a new application; where its project has one already, return that. Faults: Conflict (the title)."""
    try:
        return ports.installation.create(application, _entry(origin, act, application))
    except Conflict:
        place = place_handle(application.project, application.name)
        if (known := ports.installation.find_by(Application, place)) is None:
            raise
        return known


def _entry(origin: Origin, act: str, application: Application) -> AuditEntry:
    return entry_of(origin, AuditAction(act=act, subject=application.project, project=application.project))


def _project_entry(origin: Origin, name: str) -> AuditEntry:
    return entry_of(origin, AuditAction(act="added-project", subject=name))


def _readable(ports: Ports, by: Principal, found: Application | None) -> Application | None:
    if found is None or not may(by, Level.READ, found.project) or ports.projects.find_project(found.project) is None:
        return None
    return found


def _require_maker(by: Principal, title: str) -> None:
    """Require an owner of the project of this title, be it there or not: of what is there others learn nothing."""
    if not may(by, Level.OWNER, name_of(title, names.project, lambda _: False)):
        raise Forbidden(Worded("{} may make no application {}", by.name, title[:100]))


def _require_owner(by: Principal, project: str) -> None:
    if not may(by, Level.OWNER, project):
        raise Forbidden(f"{by.name} has no {Level.OWNER} in project {project}")


def _require_group(ports: Ports, by: Principal, group: int | None, own: int | None = None) -> None:
    """Require a group that is there and that the caller may add to. own: that of the application now."""
    if not group or group == own:
        return
    if ports.installation.find(ApplicationGroup, group) is None:
        raise Invalid.single("group", f"no application group {group}")
    # Scripts of what is in a group are given its secret variables.
    require_owner_everywhere(by)


def _raft(ports: Ports, title: str | None) -> int | None:
    if title is None:
        return None
    if (found := find_raft_titled(ports, title)) is None:
        raise Invalid.single("raft", f"no raft {title[:100]}")
    return found.id
