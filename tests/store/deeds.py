"""Every way to change something that takes an entry of the audit log, for the laws that hold for all of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from chalicelib.kernel.audit_entry import AuditEntry
from chalicelib.kernel.project import Environment, Project, Repository
from chalicelib.store.audit import StoredAudits
from chalicelib.store.catalog_projects import StoredProjects
from chalicelib.store.tables import Tables
from chalicelib.use_cases.ports_access import Audits
from chalicelib.use_cases.ports_catalog import Projects
from chalicelib.use_cases.ports_runs import Page
from tests.builders import NOON, an_entry
from tests.fakes.audits import FakeAudits
from tests.fakes.projects import FakeProjects
from tests.fakes.world import FakeWorld


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The ports that write deeds, and the audit log in which they stand."""

    audits: Audits
    projects: Projects


def in_memory() -> Kept:
    """On fakes."""
    audits = FakeAudits()
    return Kept(audits=audits, projects=FakeProjects(audits))


def in_tables(tables: Tables) -> Kept:
    """On the stores."""
    return Kept(audits=StoredAudits(tables=tables, world=FakeWorld()), projects=StoredProjects(tables=tables))


Before = Callable[[Kept], object]
Act = Callable[[Kept, AuditEntry], object]
Seen = Callable[[Kept], object]

PROJECT = Project(name="web", created_at=NOON)
ENVIRONMENT = Environment(project="web", name="staging", created_at=NOON)
REPOSITORY = Repository(project="web", name="code", url="file:///x")


def nothing(_kept: Kept) -> None:
    """Nothing was."""


def a_project(kept: Kept) -> None:
    """There was a project."""
    kept.projects.create(PROJECT, an_entry())


def an_environment(kept: Kept) -> None:
    """There was an environment."""
    a_project(kept)
    kept.projects.create_environment(PROJECT, ENVIRONMENT, an_entry())


def a_repository(kept: Kept) -> None:
    """There was a repository."""
    kept.projects.create_repository(REPOSITORY, an_entry())


def all_projects(kept: Kept) -> object:
    """What stands in the projects."""
    return kept.projects.projects(Page()), kept.projects.environments("web"), kept.projects.repositories("web")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way to change something. before: what there was. seen: all that it may change."""

    before: Before = nothing
    act: Act
    seen: Seen


WAYS: Mapping[str, Way] = {
    "create a project": Way(act=lambda kept, entry: kept.projects.create(PROJECT, entry), seen=all_projects),
    "save a project": Way(
        before=a_project,
        act=lambda kept, entry: kept.projects.save(replace(PROJECT, description="new"), entry),
        seen=all_projects,
    ),
    "create an environment": Way(
        before=a_project,
        act=lambda kept, entry: kept.projects.create_environment(PROJECT, ENVIRONMENT, entry),
        seen=all_projects,
    ),
    "save an environment": Way(
        before=an_environment,
        act=lambda kept, entry: kept.projects.save_environment(replace(ENVIRONMENT, description="new"), entry),
        seen=all_projects,
    ),
    "create a repository": Way(
        act=lambda kept, entry: kept.projects.create_repository(REPOSITORY, entry), seen=all_projects
    ),
    "save a repository": Way(
        before=a_repository,
        act=lambda kept, entry: kept.projects.save_repository(replace(REPOSITORY, branch="main"), entry),
        seen=all_projects,
    ),
    "remove a repository": Way(
        before=a_repository,
        act=lambda kept, entry: kept.projects.remove_repository(REPOSITORY, entry),
        seen=all_projects,
    ),
}
"""All of them by name."""

NEVER_REFUSED = frozenset({"remove a repository"})
"""Those that are no fault when somebody else did the same before."""
