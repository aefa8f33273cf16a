"""The release: what a plan compiles to and what the inventory keeps, as records. Its JSON lives in release_json."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

Value: TypeAlias = "bool | int | float | str | list[Value] | dict[str, Value] | None"


class Scope(StrEnum):
    """The two lives of a release: being built, and being deployed."""

    BUILD = "build"
    DEPLOY = "deploy"


BOTH = (Scope.BUILD, Scope.DEPLOY)

# In the order in which they are performed and reported.
STAGE_NAMES = (
    "pre_build", "build", "post_build", "test", "pre_deploy", "deploy", "post_deploy", "smoke",
    "pre_destroy", "destroy", "post_destroy", "activate_provider", "deactivate_provider",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """An input or an output. options: of a `list[type=…]`. items: the only values allowed."""

    id: str
    type: str = "string"
    default: Value = None
    description: str = ""
    friendly: str = ""
    visible: bool = True
    options: Mapping[str, Value] = field(default_factory=dict)
    sensitive: bool = False
    items: Value = None
    eval_before_dependencies: bool = True
    scopes: tuple[Scope, ...] = BOTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer:
    """A provider that the release needs: the interface, and the variable that it is known by."""

    name: str
    variable: str
    scopes: tuple[Scope, ...] = BOTH
    skip_activate: bool = False
    skip_deactivate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """A release that is deployed first, below this one. release_id: a query in a plan, a version in a release."""

    release_id: str
    variable: str
    deployment_name: str
    mapping: Mapping[str, Value] = field(default_factory=dict)
    build_mapping: Mapping[str, Value] = field(default_factory=dict)
    deploy_mapping: Mapping[str, Value] = field(default_factory=dict)
    consumes: Mapping[str, str] = field(default_factory=dict)
    scopes: tuple[Scope, ...] = BOTH

    def mapping_in(self, scope: Scope) -> dict[str, Value]:
        """What the dependency's inputs are set to while the parent is built or deployed."""
        return {**self.mapping, **(self.build_mapping if scope is Scope.BUILD else self.deploy_mapping)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file that is fetched before the pre step."""

    url: str
    dest: str
    overwrite: bool = False
    if_not_exists: tuple[str, ...] = ()
    unpack: bool = False
    platform: str = ""
    arch: str = ""
    scopes: tuple[Scope, ...] = BOTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A Mustache file that is rendered to target. scopes: empty means both."""

    file: str
    target: str
    scopes: tuple[Scope, ...] = BOTH
    mapping: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A stage that runs a program with arguments, without a shell."""

    cmd: str
    args: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inline:
    """A stage whose shell text stands in the plan."""

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
    """The commit that a release was made from."""

    revision: str = ""
    branch: str = ""
    repository: str = ""
    message: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A compiled plan. files: path in the package to the MD5 of its content. stages: by name, absent ones left out."""

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
        """The release without its version: `project/name`."""
        return f"{self.project}/{self.name}"

    @property
    def id(self) -> str:
        """The full release id: `project/name-v1.0`."""
        return f"{self.unit}-v{self.version}"

    @property
    def package_name(self) -> str:
        """The folder inside the package, and the package's name without `.tgz`."""
        return f"{self.name}-v{self.version}"

    def fields(self) -> dict[str, Value]:
        """What Escape Script may ask of a release besides its inputs and outputs."""
        revision = self.revision
        return {
            "branch": revision.branch, "description": self.description, "id": self.id, "logo": self.logo,
            "metadata": dict(self.metadata), "name": self.name, "release": self.package_name,
            "repository": revision.repository, "revision": revision.revision, "version": self.version,
            "versionless_release": self.unit,
        }  # fmt: skip
