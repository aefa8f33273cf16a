"""What a row needs of whoever asks: a closed set, of which every row names one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, assert_never

from chalicelib.http.request import Request
from chalicelib.kernel.access.role import Level

Finder = Callable[[Any, Request], str | None]
"""From ports and request, the project that is asked about; nothing, or NotFound, when there is none."""


@dataclass(frozen=True, slots=True)
class Public:
    """Anybody, known or not."""


@dataclass(frozen=True, slots=True)
class Authenticated:
    """Anybody known; the handler shows each only what they may see."""


@dataclass(frozen=True, slots=True)
class InProject:
    """Whoever has the level in a project. by: the path's parameter that names it, or a function that finds it."""

    level: Level
    by: str | Finder = "project"


@dataclass(frozen=True, slots=True)
class InNamespace:
    """Whoever has the level in the project that owns a namespace. by: the path's parameter that names it.

    or_public: as well as anybody known, where the namespace is public.
    """

    level: Level
    by: str = "namespace"
    or_public: bool = False


@dataclass(frozen=True, slots=True)
class Admin:
    """Whoever runs the installation."""


@dataclass(frozen=True, slots=True)
class Runner:
    """Build machines."""


Permission = Public | Authenticated | InProject | InNamespace | Admin | Runner

PUBLIC = Public()
AUTHENTICATED = Authenticated()
PROJECT_READ = InProject(Level.READ)
PROJECT_WRITE = InProject(Level.WRITE)
PROJECT_OWNER = InProject(Level.OWNER)
NAMESPACE_READ = InNamespace(Level.READ)
NAMESPACE_SEEN = InNamespace(Level.READ, or_public=True)
NAMESPACE_WRITE = InNamespace(Level.WRITE)
NAMESPACE_OWNER = InNamespace(Level.OWNER)
ADMIN = Admin()
RUNNER = Runner()


def named_parameter(permission: Permission) -> str | None:
    """The parameter that the path of a row with this permission must have, if there is one."""
    match permission:
        case InProject(by=str() as name) | InNamespace(by=name):
            return name
        case _:
            return None


def describe(permission: Permission) -> str:
    """What the permission asks for, as the API's pages say it."""
    match permission:
        case Public():
            return "nothing: open to everybody"
        case Authenticated():
            return "any known caller"
        case InProject(level=level, by=str() as name):
            return f"{level} in the project {{{name}}}"
        case InProject(level=level):
            return f"{level} in the project it belongs to"
        case InNamespace(level=level, by=name, or_public=True):
            return f"{level} in the project that owns the namespace {{{name}}}, or any known caller where it is public"
        case InNamespace(level=level, by=name):
            return f"{level} in the project that owns the namespace {{{name}}}"
        case Admin():
            return "admin"
        case Runner():
            return "runner"
        case _:
            assert_never(permission)
