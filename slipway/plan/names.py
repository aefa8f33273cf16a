"""Names of releases, variables and deployments, and the release ids made of them. Versions live in versions."""

from __future__ import annotations

import re
from dataclasses import dataclass

from slipway.plan import versions

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
        return self.query[1:] if self.query.startswith("v") and versions.is_version(self.query[1:]) else None

    def at(self, version: str) -> ReleaseId:
        """The same release at exactly this version."""
        return ReleaseId(project=self.project, name=self.name, query=f"v{version}")

    def __str__(self) -> str:
        return f"{self.unit}{'-' if _is_version_query(self.query) else ':'}{self.query}"


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
    project, unit = split_name(text.strip())
    name, query = _split_query(unit)
    defect = project_defect(project) or name_defect(name)
    if defect is not None:
        raise ValueError(f"invalid release id '{text}': {defect}")
    if not (_is_version_query(query) or _TAG.fullmatch(query)):
        raise ValueError(f"invalid release id '{text}'")
    return ReleaseId(project=project, name=name, query=query)


def _split_query(unit: str) -> tuple[str, str]:
    if ":" in unit:
        name, _, query = unit.partition(":")
        return name, _normal(query)
    name, dash, query = unit.rpartition("-")
    if not dash or not _is_version_query(query):
        raise ValueError(f"invalid release id '{unit}': expected name-vX, name-latest or name:tag")
    return name, _normal(query)


def _normal(query: str) -> str:
    return "latest" if query in {"@", "v@"} else query


def _is_version_query(query: str) -> bool:
    if query in {"latest", "@", "v@"}:
        return True
    return query.startswith("v") and versions.is_query(query[1:])
