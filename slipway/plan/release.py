"""The compiled release that is performed, with all defaults filled in.

Its parts and its JSON are those of slipway_formats/release.py; release_json and release_reading convert it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from slipway_formats.release import Consumer, Dependency, Download, Scope, Template, Variable

Value: TypeAlias = "bool | int | float | str | list[Value] | dict[str, Value] | None"

BOTH = (Scope.BUILD, Scope.DEPLOY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A stage that runs a program with arguments, without a shell."""

    cmd: str
    args: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inline:
    """A stage whose shell text is in the plan."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A stage that runs a file of the package. path: relative to the package."""

    path: str


Stage = Command | Inline | Script


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A task that can be run against a deployment."""

    name: str
    stage: Stage
    description: str = ""
    inputs: tuple[Variable, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """The commit that a release was built from."""

    revision: str = ""
    branch: str = ""
    repository: str = ""
    message: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A compiled plan. files: path in the package to MD5. stages: by name, without absent ones."""

    project: str
    name: str
    version: str
    description: str = ""
    license: str = ""
    logo: str = ""
    revision: Revision = Revision()
    files: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)
    generates: tuple[str, ...] = ()
    provides: tuple[str, ...] = ()
    extends: tuple[str, ...] = ()
    consumes: tuple[Consumer, ...] = ()
    depends: tuple[Dependency, ...] = ()
    downloads: tuple[Download, ...] = ()
    inputs: tuple[Variable, ...] = ()
    outputs: tuple[Variable, ...] = ()
    errands: Mapping[str, Errand] = field(default_factory=dict)
    stages: Mapping[str, Stage] = field(default_factory=dict)
    templates: tuple[Template, ...] = ()

    @property
    def unit(self) -> str:
        """Return the release without its version: `project/name`."""
        return f"{self.project}/{self.name}"

    @property
    def id(self) -> str:
        """Return the full release id: `project/name-v1.0`."""
        return f"{self.unit}-v{self.version}"

    @property
    def package_name(self) -> str:
        """Return the folder inside the package, which is also the package's name without `.tgz`."""
        return f"{self.name}-v{self.version}"

    def fields(self) -> dict[str, Value]:
        """Return the fields that Escape Script may read, besides inputs and outputs."""
        revision = self.revision
        return {
            "branch": revision.branch, "description": self.description, "id": self.id, "logo": self.logo,
            "metadata": dict(self.metadata), "name": self.name, "release": self.package_name,
            "repository": revision.repository, "revision": revision.revision, "version": self.version,
            "versionless_release": self.unit,
        }  # fmt: skip
