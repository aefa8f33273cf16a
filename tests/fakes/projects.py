"""Projects, environments and repositories in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from chalicelib.kernel.faults import Conflict, NotFound, Stale
from chalicelib.kernel.project import Environment, Project, Repository
from chalicelib.use_cases.ports_runs import Page


@dataclass
class FakeProjects:
    """Projects, environments and repositories in memory."""

    kept: dict[str, Project] = field(default_factory=dict)
    places: dict[tuple[str, str], Environment] = field(default_factory=dict)
    sources: dict[tuple[str, str], Repository] = field(default_factory=dict)

    def create(self, project: Project) -> None:
        if self.kept.setdefault(project.name, project) != project:
            raise Conflict(f"project {project.name} exists already")

    def project(self, name: str) -> Project:
        if name not in self.kept:
            raise NotFound(f"no project {name}")
        return self.kept[name]

    def projects(self, page: Page) -> Sequence[Project]:
        names = sorted(name for name in self.kept if name > (page.after or ""))
        return [self.kept[name] for name in names[: page.size]]

    def save(self, project: Project) -> Project:
        if self.project(project.name).version != project.version:
            raise Stale(f"project {project.name} has changed")
        self.kept[project.name] = replace(project, version=project.version + 1)
        return self.kept[project.name]

    def create_environment(self, project: Project, environment: Environment) -> None:
        key = (environment.project, environment.name)
        if key in self.places:
            raise Conflict(f"environment {environment.name} exists already in project {project.name}")
        self.save(replace(project, environments=(*project.environments, environment.name)))
        self.places[key] = environment

    def environment(self, project: str, name: str) -> Environment:
        if (project, name) not in self.places:
            raise NotFound(f"no environment {name} in project {project}")
        return self.places[project, name]

    def environments(self, project: str) -> Sequence[Environment]:
        return [place for key, place in sorted(self.places.items()) if key[0] == project]

    def save_environment(self, environment: Environment) -> Environment:
        if self.environment(environment.project, environment.name).version != environment.version:
            raise Stale(f"environment {environment.name} has changed")
        saved = replace(environment, version=environment.version + 1)
        self.places[environment.project, environment.name] = saved
        return saved

    def create_repository(self, repository: Repository) -> None:
        if self.sources.setdefault((repository.project, repository.name), repository) != repository:
            raise Conflict(f"repository {repository.name} exists already in project {repository.project}")

    def repository(self, project: str, name: str) -> Repository:
        if (project, name) not in self.sources:
            raise NotFound(f"no repository {name} in project {project}")
        return self.sources[project, name]

    def repositories(self, project: str) -> Sequence[Repository]:
        return [source for key, source in sorted(self.sources.items()) if key[0] == project]

    def save_repository(self, repository: Repository) -> Repository:
        if self.repository(repository.project, repository.name).version != repository.version:
            raise Stale(f"repository {repository.name} has changed")
        saved = replace(repository, version=repository.version + 1)
        self.sources[repository.project, repository.name] = saved
        return saved

    def remove_repository(self, repository: Repository) -> None:
        self.sources.pop((repository.project, repository.name), None)
