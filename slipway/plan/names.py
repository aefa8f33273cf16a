"""Names of releases, variables and deployments, and release ids. Versions: versions.py."""

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
    """A reference to a release. query: `latest`, `v1.0`, `v1.@` or a tag, as the inventory takes it."""

    project: str
    name: str
    query: str

    @property
    def unit(self) -> str:
        """Return the id without its version: `project/name`."""
        return f"{self.project}/{self.name}"

    @property
    def version(self) -> str | None:
        """Return the version if the id names exactly one; otherwise None."""
        parsed = parse_query(self.query)
        return parsed.version if isinstance(parsed, Exact) else None

    def at(self, version: str) -> ReleaseId:
        """Return the same release at exactly this version."""
        return ReleaseId(project=self.project, name=self.name, query=f"v{version}")

    def __str__(self) -> str:
        parsed = release_id.ReleaseId(namespace=self.project, application=self.name, query=parse_query(self.query))
        return release_id.show(parsed)


def name_defect(name: str) -> str | None:
    """Return what is wrong with the name of a release or namespace, or None."""
    if name in _RESERVED:
        return f"the name '{name}' is a protected variable"
    if not _NAME.fullmatch(name):
        return f"invalid name '{name}': lower case letters, digits, '-' and '_', starting with a letter, at least 2"
    return None


def project_defect(project: str) -> str | None:
    """Return what is wrong with a release's project, or None; `_` is the default project."""
    return None if project == DEFAULT_PROJECT else name_defect(project)


def variable_defect(name: str) -> str | None:
    """Return what is wrong with the id of an input or output, or None."""
    if not _VARIABLE.fullmatch(name):
        return f"invalid variable id '{name}'"
    if name.upper().startswith("PREVIOUS_"):
        return f"variable id '{name}' may not start with '{name[:9]}'"
    return None


def deployment_defect(name: str) -> str | None:
    """Return what is wrong with a deployment's name, or None."""
    return None if _DEPLOYMENT.fullmatch(name) else f"invalid deployment name '{name}'"


def split_name(text: str) -> tuple[str, str]:
    """Split a plan's `name` at the first slash into project and name."""
    project, slash, name = text.partition("/")
    return (project, name) if slash else (DEFAULT_PROJECT, text)


def split_alias(text: str) -> tuple[str, str | None]:
    """Split `something as variable`; None where there is no alias."""
    thing, found, alias = text.partition(" as ")
    return thing.strip(), alias.strip() if found else None


def parse_release_id(text: str) -> ReleaseId:
    """Parse a release id: `[project/]name-v1.0`, `-latest`, `-@`, `-v1.@`, `name:tag`. Faults: ValueError."""
    try:
        parsed = release_id.parse(text.strip())
    except Invalid as error:
        raise ValueError(f"invalid release id '{text}': expected name-vX, name-latest or name:tag") from error
    defect = project_defect(parsed.namespace) or name_defect(parsed.application)
    if defect is not None:
        raise ValueError(f"invalid release id '{text}': {defect}")
    if isinstance(parsed.query, Tag) and not _TAG.fullmatch(parsed.query.tag):
        raise ValueError(f"invalid release id '{text}'")
    return ReleaseId(project=parsed.namespace, name=parsed.application, query=query_text(parsed.query))
