"""Projects: create, read and update. Their environments and repositories have modules of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chalicelib.kernel import names
from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import EVERY_PROJECT, Level, projects_of
from chalicelib.kernel.faults import Invalid, NotFound
from chalicelib.kernel.partial_read import NOTHING_UNREADABLE, UnreadableFields
from chalicelib.kernel.projects.image import Image, image_of
from chalicelib.kernel.projects.project import Project, reordered
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.projects.environment_views import EnvironmentView, environment_view
from chalicelib.use_cases.removed_names import NameKind, refuse_reserved
from chalicelib.use_cases.retry import retry_on_conflict
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen
from slipway_formats.secret_address import address_defects

LONGEST_TEXT = 4000
"""Characters of a description or address."""

PAGE = 200
MOST_APART = 10
"""Projects that are read one by one rather than the list of all."""


@frozen
class ProjectSettings:
    """The settings of a project. max_jobs, title: None keeps what it has."""

    description: str = ""
    org_url: str = ""
    logo: str = ""
    groups: tuple[str, ...] = ()
    max_jobs: int | None = None
    title: str | None = None
    unreadable: UnreadableFields = NOTHING_UNREADABLE


@frozen
class SaveProject:
    """Create a project or replace its settings."""

    origin: Origin
    name: str
    settings: ProjectSettings


@frozen
class UpdateOrder:
    """Reorder the environments of a project."""

    origin: Origin
    project: str
    order: tuple[str, ...]


@frozen
class ProjectNamed:
    """A project and the caller."""

    by: Principal
    name: str


@frozen
class ProjectsByGroup:
    """Query: projects by group. group: only that one; empty for all."""

    by: Principal
    group: str = ""


@frozen
class ProjectView:
    """A project as the caller may see it. environments: in their order."""

    by: Principal
    project: Project
    environments: tuple[EnvironmentView, ...] = ()


def create_project(ports: Ports, command: SaveProject) -> Project:
    """Create a project. Faults: Invalid with every defect, Conflict if the name is taken."""
    if defects := command.settings.unreadable.with_others((*names.project(command.name), *_defects(command.settings))):
        raise Invalid(defects)
    # A reserved project belongs to nobody: its roles ended with it.
    refuse_reserved(ports, NameKind.PROJECT, command.name, owner="", by=command.origin.by)
    project = _with(Project(name=command.name, created_at=command.origin.at), command.settings)
    return ports.projects.create(project, _entry(command, "added-project"))


def update_project(ports: Ports, command: SaveProject) -> Project:
    """Replace a project's settings and return it; omitted fields get defaults. Faults: Invalid, NotFound, Stale."""
    if defects := command.settings.unreadable.with_others(_defects(command.settings)):
        raise Invalid(defects)
    entry = _entry(command, "changed-project")

    def save() -> Project:
        return ports.projects.save(_with(ports.projects.project(command.name), command.settings), entry)

    return retry_on_conflict(ports, save, since=command.origin.at)


def update_order(ports: Ports, command: UpdateOrder) -> Project:
    """Reorder the project's environments. Faults: Invalid, NotFound, Stale."""
    action = AuditAction(
        act="changed-environment-order", subject=command.project, project=command.project, notes=" ".join(command.order)
    )
    entry = entry_of(command.origin, action)

    def save() -> Project:
        return ports.projects.save(reordered(ports.projects.project(command.project), command.order), entry)

    return retry_on_conflict(ports, save, since=command.origin.at)


def get_project(ports: Ports, query: ProjectNamed) -> ProjectView:
    """Return the project with its environments. Faults: NotFound."""
    project = ports.projects.project(query.name)
    known = {one.name: one for one in ports.projects.environments(query.name)}
    views = tuple(environment_view(ports, query.by, known[name]) for name in project.environments if name in known)
    return ProjectView(by=query.by, project=project, environments=views)


def list_projects(ports: Ports, by: Principal) -> Sequence[ProjectView]:
    """List the projects that the caller may read, by name."""
    return [ProjectView(by=by, project=project) for project in visible_projects(ports, by)]


def list_by_group(ports: Ports, query: ProjectsByGroup) -> Mapping[str, Sequence[ProjectView]]:
    """List the projects that the caller may read, by name, under each of their groups."""
    found: dict[str, list[ProjectView]] = {query.group: []} if query.group else {}
    for view in list_projects(ports, query.by):
        for group in view.project.groups:
            if query.group in ("", group):
                found.setdefault(group, []).append(view)
    return {group: found[group] for group in sorted(found)}


def get_logo(ports: Ports, project: str) -> Image:
    """Return the logo of a project. Faults: NotFound, also if it has none."""
    image = image_of(ports.projects.project(project).logo)
    if isinstance(image, str):
        raise NotFound(f"project {project} has no logo")
    return image


def visible_projects(ports: Ports, by: Principal) -> Sequence[Project]:
    """Return the projects that the caller may read, by name."""
    if may(by, Level.READ, EVERY_PROJECT):
        return _every_project(ports)
    found = (ports.projects.find_project(name) for name in sorted(projects_of(by.roles)))
    return [project for project in found if project is not None]


def recent_projects(ports: Ports, by: Principal) -> Sequence[Project]:
    """Return the projects that the caller may read, by name, as they were at most some seconds ago."""
    names = projects_of(by.roles)
    if may(by, Level.READ, EVERY_PROJECT) or len(names) > MOST_APART:
        return [project for project in ports.projects.recent_projects() if may(by, Level.READ, project.name)]
    found = (ports.projects.recent_project(name) for name in sorted(names))
    return [project for project in found if project is not None]


def readable_projects(ports: Ports, by: Principal) -> Sequence[str]:
    """Return the names of the projects that the caller may read, in order; their own may include one that is gone."""
    if may(by, Level.READ, EVERY_PROJECT):
        return [project.name for project in _every_project(ports)]
    return sorted(name for name in projects_of(by.roles) if may(by, Level.READ, name))


def _every_project(ports: Ports) -> Sequence[Project]:
    found: list[Project] = []
    while len(page := ports.projects.projects(Page(size=PAGE, after=found[-1].name if found else None))) == PAGE:
        found.extend(page)
    return [*found, *page]


def _entry(command: SaveProject, act: str) -> AuditEntry:
    return entry_of(command.origin, AuditAction(act=act, subject=command.name, project=command.name))


def _with(project: Project, settings: ProjectSettings) -> Project:
    return replace(
        project,
        description=settings.description,
        org_url=settings.org_url,
        logo=settings.logo,
        groups=settings.groups,
        max_jobs=project.max_jobs if settings.max_jobs is None else settings.max_jobs,
        title=project.title if settings.title is None else settings.title,
    )


def _defects(settings: ProjectSettings) -> Sequence[Defect]:
    texts = (("description", settings.description), ("org_url", settings.org_url))
    long = [Defect(path, f"is over {LONGEST_TEXT} characters") for path, text in texts if len(text) > LONGEST_TEXT]
    odd = [Defect(f"groups[{place}]", "is empty") for place, group in enumerate(settings.groups) if not group.strip()]
    image = image_of(settings.logo) if settings.logo else ""
    long.extend(address_defects(settings.org_url, "org_url"))
    return (*long, *([Defect("logo", image)] if isinstance(image, str) and image else ()), *odd)
