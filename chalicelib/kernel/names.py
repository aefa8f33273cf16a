"""Rules for names of new things, one function for each kind.

Each returns the defects of a name; empty when the name is allowed. Existing names are not checked again, and whether a
name is taken is not checked here. Reserved are keywords of Escape's language, and words that would be ambiguous in a
path: a project called `namespaces` would have no address.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from slipway_formats.defect import Defect
from slipway_formats.variable_values import value_defects

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_LENGTH = 200
"""Characters of a name."""

LANGUAGE_WORDS = frozenset({"this", "string", "integer", "list", "dict", "func"})
PROJECT_WORDS = frozenset({"namespaces", "__get_projects_by_group"})
NAMESPACE_WORDS = frozenset({"search", "__providers"}) | LANGUAGE_WORDS
REPOSITORY_WORDS = frozenset({"add-repository"})
DEFAULT_NAMESPACE = "_"

_PROJECT = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]+")
_ENVIRONMENT = re.compile(r"[a-z][a-z0-9_-]*")
_DEPLOYMENT = re.compile(r"[a-zA-Z_][a-zA-Z0-9_/-]*")
_RELEASED = re.compile(r"[a-z][a-z0-9_-]+")
_VARIABLE = re.compile(r"[a-zA-Z][a-zA-Z0-9_-]*")
_TASK_NAMESPACE = re.compile(r"[a-zA-Z0-9]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9])?")
_SAID = {
    _PROJECT: "two or more letters, digits, _ and -, first a letter or digit",
    _ENVIRONMENT: "lower-case letters, digits, _ and -, first a letter",
    _DEPLOYMENT: "letters, digits, _, - and /, first a letter or _",
    _RELEASED: "two or more lower-case letters, digits, _ and -, first a letter",
    _VARIABLE: "letters, digits, _ and -, first a letter",
    _TASK_NAMESPACE: "up to 63 letters, digits, _ and -, first and last a letter or digit",
}


def project(name: str, path: str = "name") -> tuple[Defect, ...]:
    """Return the defects of the name of a project."""
    return _reserved("project", name, PROJECT_WORDS, path) or _misfit("project", name, _PROJECT, path)


def environment(name: str, path: str = "name") -> tuple[Defect, ...]:
    """Return the defects of the name of an environment."""
    return _misfit("environment", name, _ENVIRONMENT, path)


def deployment(name: str, path: str = "name") -> tuple[Defect, ...]:
    """Return the defects of the name of a deployment, which may contain slashes."""
    return _misfit("deployment", name, _DEPLOYMENT, path)


def namespace(name: str, path: str = "name") -> tuple[Defect, ...]:
    """Return the defects of the name of a namespace; `_`, the default namespace, is allowed."""
    if name == DEFAULT_NAMESPACE:
        return ()
    return _reserved("namespace", name, NAMESPACE_WORDS, path) or _misfit("namespace", name, _RELEASED, path)


def new_namespace(name: str, path: str = "name") -> tuple[Defect, ...]:
    """Return the defects of the name of a namespace that a project is to own."""
    if name == DEFAULT_NAMESPACE:
        return (Defect(path, "namespace _ belongs to the platform, and takes releases of every project"),)
    return namespace(name, path)


def application(name: str, path: str = "name") -> tuple[Defect, ...]:
    """Return the defects of the name of an application."""
    return _reserved("application", name, LANGUAGE_WORDS, path) or _misfit("application", name, _RELEASED, path)


def build(name: str, path: str = "name") -> tuple[Defect, ...]:
    """Return the defects of the name of a build."""
    return _misfit("build", name, _PROJECT, path)


def pipeline(name: str, path: str = "name") -> tuple[Defect, ...]:
    """Return the defects of the name of a pipeline."""
    return _misfit("pipeline", name, _PROJECT, path)


def repository(name: str, path: str = "name") -> tuple[Defect, ...]:
    """Return the defects of the name of a repository."""
    return _reserved("repository", name, REPOSITORY_WORDS, path) or _misfit("repository", name, _PROJECT, path)


def task_namespace(name: str, path: str = "namespace") -> tuple[Defect, ...]:
    """Return the defects of the name of a namespace of tasks, which by itself is the name of a repository."""
    return _misfit("namespace", name, _TASK_NAMESPACE, path)


def service_account(name: str, path: str = "name") -> tuple[Defect, ...]:
    """Return the defects of the name of a service account."""
    return _misfit("service account", name, _PROJECT, path)


def variable_id(name: str, path: str = "id") -> tuple[Defect, ...]:
    """Return the defects of the id of a variable. The prefix PREVIOUS_ is reserved."""
    if name.upper().startswith("PREVIOUS_"):
        return (Defect(path, f"variable id {name[:64]!r} begins with the reserved PREVIOUS_"),)
    return _misfit("variable", name, _VARIABLE, path)


def variables(given: Mapping[str, object], path: str) -> tuple[Defect, ...]:
    """Return the defects of the ids and values of variables. path: where the variables are in the input."""
    wrong = [defect for name in given for defect in variable_id(name, f"{path}.{name}")]
    return (*wrong, *value_defects(given, path))


def _reserved(kind: str, name: str, words: frozenset[str], path: str) -> tuple[Defect, ...]:
    return (Defect(path, f"{kind} name {name!r} is reserved"),) if name in words else ()


def _misfit(kind: str, name: str, rule: re.Pattern[str], path: str) -> tuple[Defect, ...]:
    if not name:
        return (Defect(path, f"{kind} name is missing"),)
    if len(name) > MAX_LENGTH:
        return (Defect(path, f"{kind} name is over {MAX_LENGTH} characters"),)
    return () if rule.fullmatch(name) else (Defect(path, f"invalid {kind} name {name[:64]!r}: {_SAID[rule]}"),)
