"""Projects, environments and repositories in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Conflict, NotFound, Stale
from chalicelib.kernel.projects.project import Environment, Project, Repository
from chalicelib.use_cases.ports.projects import Projects
from chalicelib.use_cases.ports.runs import Page
from tests.fakes.audits import FakeAudits


@dataclass
class FakeProjects(Projects):
    """Projects, environments and repositories in memory."""

    audits: FakeAudits = field(default_factory=FakeAudits)
    kept: dict[str, Project] = field(default_factory=dict)
    places: dict[tuple[str, str], Environment] = field(default_factory=dict)
    sources: dict[tuple[str, str], Repository] = field(default_factory=dict)
    leaving: set[tuple[str, str]] = field(default_factory=set)

    def create(self, project: Project, entry: AuditEntry) -> Project:
        if self.audits.has(entry):
            return self.project(project.name)
        if project.name in self.kept:
            raise self._taken(f"project {project.name} exists already", project.name)
        return self._kept(project, entry)

    def project(self, name: str) -> Project:
        self.demand_open(name)
        return self.kept[name]

    def find_project(self, name: str) -> Project | None:
        return None if (name, "") in self.leaving else self.kept.get(name)

    def recent_project(self, name: str) -> Project | None:
        return self.find_project(name)

    def projects(self, page: Page) -> Sequence[Project]:
        seen = [name for name in self.kept if (name, "") not in self.leaving]
        names = sorted(name for name in seen if name > (page.after or ""))
        return [self.kept[name] for name in names[: page.size]]

    def recent_projects(self) -> Sequence[Project]:
        return self.projects(Page(size=len(self.kept) + 1))

    def save(self, project: Project, entry: AuditEntry) -> Project:
        if self.audits.has(entry):
            return self.project(project.name)
        if self.project(project.name).version != project.version:
            raise Stale(f"project {project.name} has changed")
        return self._kept(replace(project, version=project.version + 1), entry)

    def create_environment(self, project: Project, environment: Environment, entry: AuditEntry) -> Environment:
        key = (environment.project, environment.name)
        if self.audits.has(entry):
            return self.environment(*key)
        if key in self.places:
            raise self._taken(f"environment {environment.name} exists already in project {project.name}", *key)
        self.save(replace(project, environments=(*project.environments, environment.name)), entry)
        self.places[key] = environment
        return environment

    def environment(self, project: str, name: str) -> Environment:
        self.demand_open(project, name)
        return self.places[project, name]

    def find_environment(self, project: str, name: str) -> Environment | None:
        return None if (project, name) in self.leaving else self.places.get((project, name))

    def environments(self, project: str) -> Sequence[Environment]:
        seen = [key for key in sorted(self.places) if key not in self.leaving]
        return [self.places[key] for key in seen if key[0] == project]

    def save_environment(self, environment: Environment, entry: AuditEntry) -> Environment:
        if self.audits.has(entry):
            return self.environment(environment.project, environment.name)
        if self.environment(environment.project, environment.name).version != environment.version:
            raise Stale(f"environment {environment.name} has changed")
        saved = replace(environment, version=environment.version + 1)
        self.places[environment.project, environment.name] = saved
        self.audits.write(entry)
        return saved

    def create_repository(self, repository: Repository, entry: AuditEntry) -> Repository:
        key = (repository.project, repository.name)
        if self.audits.has(entry):
            return self.repository(*key)
        if key in self.sources:
            raise Conflict(f"repository {repository.name} exists already in project {repository.project}")
        self.demand_open(repository.project)
        self.sources[key] = repository
        self.audits.write(entry)
        return repository

    def repository(self, project: str, name: str) -> Repository:
        if (project, name) not in self.sources:
            raise NotFound(f"no repository {name} in project {project}")
        return self.sources[project, name]

    def find_repository(self, project: str, name: str) -> Repository | None:
        return self.sources.get((project, name))

    def repositories(self, project: str) -> Sequence[Repository]:
        return [source for key, source in sorted(self.sources.items()) if key[0] == project]

    def save_repository(self, repository: Repository, entry: AuditEntry) -> Repository:
        if self.audits.has(entry):
            return self.repository(repository.project, repository.name)
        if self.repository(repository.project, repository.name).version != repository.version:
            raise Stale(f"repository {repository.name} has changed")
        saved = replace(repository, version=repository.version + 1)
        self.sources[repository.project, repository.name] = saved
        self.audits.write(entry)
        return saved

    def remove_repository(self, repository: Repository, entry: AuditEntry) -> None:
        if not self.audits.has(entry):
            self.sources.pop((repository.project, repository.name), None)
            self.audits.write(entry)

    def mark_deleting(self, name: str, entry: AuditEntry) -> None:
        if name not in self.kept:
            raise NotFound(f"no project {name}")
        if (name, "") not in self.leaving:
            self._leave((name, ""), entry)

    def mark_environment_deleting(self, project: str, name: str, entry: AuditEntry) -> None:
        if (project, name) not in self.places:
            raise NotFound(f"no environment {name} in project {project}")
        if (project, name) in self.leaving or self.audits.has(entry):
            return
        known = self.kept.get(project)
        if known is not None and (project, "") not in self.leaving:
            order = tuple(one for one in known.environments if one != name)
            self.kept[project] = replace(known, environments=order, version=known.version + 1)
        self._leave((project, name), entry)

    def environment_names(self, project: str) -> Sequence[str]:
        return [name for own, name in sorted(self.places) if own == project]

    def forget_environment(self, project: str, name: str) -> None:
        if (project, name) in self.places and (project, name) not in self.leaving:
            raise NotFound(f"environment {name} is not leaving")
        self.places.pop((project, name), None)
        self.leaving.discard((project, name))

    def forget(self, name: str) -> None:
        if name in self.kept and (name, "") not in self.leaving:
            raise NotFound(f"project {name} is not leaving")
        self.kept.pop(name, None)
        self.leaving.discard((name, ""))

    def demand_open(self, project: str, environment: str = "") -> None:
        """Nothing, if the project, or one of its environments, is there and not leaving."""
        is_there = (project, environment) in self.places if environment else project in self.kept
        if not is_there or (project, environment) in self.leaving:
            raise NotFound(
                f"no environment {environment} in project {project}" if environment else f"no project {project}"
            )

    def _leave(self, place: tuple[str, str], entry: AuditEntry) -> None:
        if not self.audits.has(entry):
            self.leaving.add(place)
            self.audits.write(entry)

    def _taken(self, said: str, project: str, environment: str = "") -> Conflict:
        gone = (project, environment) in self.leaving
        return Conflict(f"{said}, and is leaving: ask again for it to go" if gone else said)

    def _kept(self, project: Project, entry: AuditEntry) -> Project:
        self.kept[project.name] = project
        self.audits.write(entry)
        return project
