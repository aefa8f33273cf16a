"""A release being performed: its folder, its deployment, its scope, and the variables of Escape Script."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from slipway.perform.logs import Log
from slipway.perform.shell import Shell
from slipway.perform.state import Deployment
from slipway.plan.fetch import Fetcher, dependency_folder, release_in
from slipway.plan.names import parse_release_id
from slipway.plan.release import Release, Value
from slipway_formats.release import Dependency, Scope

FetchUrl = Callable[[str, Path], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Toolbox:
    """Tools of the work. environment: variables that scripts see besides their own.

    tools: a folder that comes first on the PATH of scripts. script_seconds: time limit of each script.
    """

    fetcher: Fetcher
    shell: Shell
    log: Log
    environment: Mapping[str, str]
    fetch_url: FetchUrl
    tools: Path | None = None
    script_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A deployment that a release consumes, and the variable that names it."""

    variable: str
    deployment: Deployment
    release: Release
    activate: bool
    deactivate: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A release in one phase, build or deploy, of a deployment. folder: root of the unpacked package."""

    release: Release
    folder: Path
    deployment: Deployment
    scope: Scope
    providers: Mapping[str, Provider] = field(default_factory=dict)

    def dependencies(self) -> tuple[tuple[Dependency, Release, Path], ...]:
        """Return the dependencies in this scope, each with its release and folder. Faults: ArchiveError."""
        found = [(known, self._folder_of(known)) for known in self.release.depends if known.is_in(self.scope)]
        return tuple((known, release_in(folder), folder) for known, folder in found)

    def script_scope(self) -> dict[str, dict[str, Value]]:
        """Return the scope of Escape Script: this release, its dependencies and its providers."""
        scope = {"this": _described(self.release, self.deployment, self.scope)}
        scope["this"]["deployment"] = self.deployment.name
        for known, release, _ in self.dependencies():
            child = self.deployment.child(self.scope, known.deployment_name, release.unit)
            scope[known.variable] = _described(release, child, Scope.DEPLOY)
        for variable, provider in self.providers.items():
            scope[variable] = _described(provider.release, provider.deployment, Scope.DEPLOY)
        return scope

    def _folder_of(self, dependency: Dependency) -> Path:
        wanted = parse_release_id(dependency.release_id)
        return dependency_folder(self.folder, Release(project=wanted.project, name=wanted.name, version=""))


def _described(release: Release, deployment: Deployment, scope: Scope) -> dict[str, Value]:
    stage, place = deployment.stage(scope), deployment.environment.place
    return {
        **release.fields(), "inputs": dict(stage.calculated_inputs), "outputs": dict(stage.calculated_outputs),
        "project": place.project, "environment": place.environment, "deployment": deployment.path,
    }  # fmt: skip
