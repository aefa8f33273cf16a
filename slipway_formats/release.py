"""Metadata of a release: the result of compiling a plan, the content of release.json, and what the inventory stores.

Field names and their order are those that clients know; null stays None. Reading: release_reader.py; writing:
release_writer.py. The kernel decides which metadata may be registered. Source: Escape core.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeAlias

from slipway_formats.frozen import frozen

API_VERSION = 15
"""The metadata version that we write, and the highest that we accept."""

CORE_VERSION = "0.15.6"
"""The version of Escape core that the inventory behaves like."""

BOTH_SCOPES = ("build", "deploy")

STAGE_NAMES = (
    "pre_build", "build", "post_build", "test", "pre_deploy", "deploy", "post_deploy", "smoke",
    "pre_destroy", "destroy", "post_destroy", "activate_provider", "deactivate_provider",
)  # fmt: skip
"""In the order in which they are performed and reported."""

OMITTED = "omitted"
"""Key in a field's metadata: the values for which the field is not written."""

OMIT_NULL: Mapping[str, tuple[object, ...]] = MappingProxyType({OMITTED: (None,)})
OMIT_EMPTY: Mapping[str, tuple[object, ...]] = MappingProxyType({OMITTED: (None, "", False, (), {})})

Scopes: TypeAlias = tuple[str, ...] | None


class Scope(StrEnum):
    """The two phases of a release: being built, and being deployed."""

    BUILD = "build"
    DEPLOY = "deploy"


class Scoped:
    """A part of a release that may apply in only one scope."""

    __slots__ = ()
    scopes: Scopes

    def is_in(self, scope: str) -> bool:
        """True when the part applies in this scope. A part without scopes applies in both."""
        return scope in (self.scopes or BOTH_SCOPES)


@frozen
class Consumer(Scoped):
    """An interface that a release needs from a provider."""

    name: str = ""
    scopes: Scopes = None
    variable: str = ""
    skip_activate: bool = False
    skip_deactivate: bool = False


@frozen
class Provider:
    """An interface that a release offers to consumers."""

    name: str = ""


@frozen
class Extension:
    """A release that this one was made on top of."""

    release_id: str = ""


@frozen
class Dependency(Scoped):
    """A release that is deployed with this one. mappings: its inputs, in Escape Script."""

    release_id: str = ""
    mapping: Mapping[str, Any] | None = None
    build_mapping: Mapping[str, Any] | None = None
    deploy_mapping: Mapping[str, Any] | None = None
    consumes: Mapping[str, str] | None = None
    deployment_name: str = ""
    variable: str = ""
    scopes: Scopes = None

    def mapping_in(self, scope: Scope) -> dict[str, Any]:
        """Return the values of the dependency's inputs while the parent is built or deployed."""
        own = self.build_mapping if scope is Scope.BUILD else self.deploy_mapping
        return {**(self.mapping or {}), **(own or {})}


@frozen
class Download(Scoped):
    """A file to be fetched before a stage."""

    url: str = ""
    dest: str = ""
    overwrite: bool = False
    if_not_exists: tuple[str, ...] | None = None
    unpack: bool = False
    platform: str = ""
    arch: str = ""
    scopes: Scopes = None


@frozen
class Variable(Scoped):
    """An input or an output."""

    id: str = ""
    type: str = ""
    default: Any = field(default=None, metadata=OMIT_NULL)
    description: str = field(default="", metadata=OMIT_EMPTY)
    friendly: str = field(default="", metadata=OMIT_EMPTY)
    visible: bool = False
    options: Mapping[str, Any] | None = field(default=None, metadata=OMIT_EMPTY)
    sensitive: bool = field(default=False, metadata=OMIT_EMPTY)
    items: Any = None
    eval_before_dependencies: bool = field(default=False, metadata=OMIT_EMPTY)
    scopes: Scopes = None


@frozen
class ReleaseStage:
    """What is executed: a command with arguments, an inline script, or a script of the package."""

    cmd: str = field(default="", metadata=OMIT_EMPTY)
    args: tuple[str, ...] | None = field(default=None, metadata=OMIT_EMPTY)
    inline: str = field(default="", metadata=OMIT_EMPTY)
    script: str = field(default="", metadata=OMIT_EMPTY)


@frozen
class Errand:
    """Something that can be done to a deployment."""

    name: str = ""
    description: str = ""
    script: str = ""
    exec_stage: ReleaseStage | None = None
    inputs: tuple[Variable, ...] | None = None


@frozen
class Template(Scoped):
    """A file that is rendered before a stage."""

    file: str = ""
    target: str = ""
    scopes: Scopes = None
    mapping: Mapping[str, Any] | None = None


@frozen
class Metadata:
    """What the maker of a release says of it. files: path to MD5. project: the namespace that it names, unchecked."""

    api_version: int = API_VERSION
    built_with_core_version: str = CORE_VERSION
    built_with_escape_version: str = ""
    description: str = ""
    files: Mapping[str, str] | None = field(default_factory=dict)
    license: str = ""
    logo: str = ""
    name: str = ""
    repository: str = ""
    branch: str = ""
    git_revision: str = ""
    revision_message: str = ""
    revision_author: str = ""
    metadata: Mapping[str, str] | None = field(default_factory=dict)
    version: str = ""
    generates: tuple[str, ...] | None = ()
    consumes: tuple[Consumer, ...] | None = ()
    downloads: tuple[Download, ...] | None = None
    depends: tuple[Dependency, ...] | None = ()
    errands: Mapping[str, Errand] | None = field(default_factory=dict)
    extends: tuple[Extension, ...] | None = ()
    inputs: tuple[Variable, ...] | None = ()
    outputs: tuple[Variable, ...] | None = ()
    project: str = ""
    provides: tuple[Provider, ...] | None = ()
    stages: Mapping[str, ReleaseStage] | None = field(default_factory=dict)
    templates: tuple[Template, ...] | None = ()
    variable_context: Mapping[str, str] | None = field(default_factory=dict)
