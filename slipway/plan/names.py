"""Names of releases, variables and deployments, and the release ids made of them. Versions live in versions."""

from __future__ import annotations

import re
from dataclasses import dataclass

from slipway_formats import release_id
from slipway_formats.defect import Invalid
from slipway_formats.version import Exact, Tag, parse_query, query_text

DEFAULT_PROJECT = "_"
_RESERVED = frozenset({"this", "string", "integer", "list", "dict", "func"})
_NAME = re.compile(r"[a-z]+[a-z0-9-_]+")
_VARIABLE = re.compile(r"[a-zA-Z]+[a-zA-Z0-9-_]*")
_DEPLOYMENT = re.compile(r"[a-zA-Z_]+[a-zA-Z0-9-_/]*")
_TAG = re.compile(r"[^\s/:][^/:]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseId:
    """A release asked for. query: `latest`, `v1.0`, `v1.@` or a tag, as the inventory takes it."""

    project: str
    name: str
    query: str

    @property
    def unit(self) -> str:
        """The id without its version: `project/name`."""
        return f"{self.project}/{self.name}"

    @property
    def version(self) -> str | None:
        """The version, when the id names exactly one."""
        asked = parse_query(self.query)
        return asked.version if isinstance(asked, Exact) else None

    def at(self, version: str) -> ReleaseId:
        """The same release at exactly this version."""
        return ReleaseId(project=self.project, name=self.name, query=f"v{version}")

    def __str__(self) -> str:
        asked = release_id.ReleaseId(namespace=self.project, application=self.name, query=parse_query(self.query))
        return release_id.show(asked)


def name_defect(name: str) -> str | None:
    """What is wrong with a release's or a namespace's name, or None."""
    if name in _RESERVED:
        return f"the name '{name}' is a protected variable"
    if not _NAME.fullmatch(name):
        return f"invalid name '{name}': lower case letters, digits, '-' and '_', starting with a letter, at least 2"
    return None


def project_defect(project: str) -> str | None:
    """What is wrong with a release's project, or None; `_` is the default project."""
    return None if project == DEFAULT_PROJECT else name_defect(project)


def variable_defect(name: str) -> str | None:
    """What is wrong with an input's or output's id, or None."""
    if not _VARIABLE.fullmatch(name):
        return f"invalid variable id '{name}'"
    if name.upper().startswith("PREVIOUS_"):
        return f"variable id '{name}' may not start with '{name[:9]}'"
    return None


def deployment_defect(name: str) -> str | None:
    """What is wrong with a deployment's name, or None."""
    return None if _DEPLOYMENT.fullmatch(name) else f"invalid deployment name '{name}'"


def split_name(text: str) -> tuple[str, str]:
    """Project and name of a plan's `name`, parted at the first slash."""
    project, slash, name = text.partition("/")
    return (project, name) if slash else (DEFAULT_PROJECT, text)


def split_alias(text: str) -> tuple[str, str | None]:
    """The parts of `something as variable`; None where there is no alias."""
    thing, found, alias = text.partition(" as ")
    return thing.strip(), alias.strip() if found else None


def parse_release_id(text: str) -> ReleaseId:
    """The release that an id names: `[project/]name-v1.0`, `-latest`, `-@`, `-v1.@`, `name:tag`. Faults: ValueError."""
    try:
        asked = release_id.parse(text.strip())
    except Invalid as error:
        raise ValueError(f"invalid release id '{text}': expected name-vX, name-latest or name:tag") from error
    defect = project_defect(asked.namespace) or name_defect(asked.application)
    if defect is not None:
        raise ValueError(f"invalid release id '{text}': {defect}")
    if isinstance(asked.query, Tag) and not _TAG.fullmatch(asked.query.tag):
        raise ValueError(f"invalid release id '{text}'")
    return ReleaseId(project=asked.namespace, name=asked.application, query=query_text(asked.query))
