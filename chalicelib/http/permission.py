"""Permissions: a closed set, of which every row names one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, assert_never

from chalicelib.http.request import Request
from chalicelib.kernel.access.grant import Grant
from chalicelib.kernel.access.role import Level

Finder = Callable[[Any, Request], str | None]
"""Return the project that a request concerns, from ports and request. None or NotFound when there is none."""


def project_in_query(_: object, request: Request) -> str | None:
    """Return the project that `?project=` names; None, and so what admins may, where none is named."""
    # An empty name is no project: it would mean all to a token that is good for every project.
    return request.query.text("project") or None


def project_in_query_or_removed(ports: object, request: Request) -> str | None:
    """Return the same, for what outlives a project."""
    return project_in_query(ports, request)


@dataclass(frozen=True, slots=True)
class Public:
    """Anybody, authenticated or not."""


@dataclass(frozen=True, slots=True)
class Authenticated:
    """Any authenticated caller; the handler returns only what the caller may see."""


@dataclass(frozen=True, slots=True)
class AuthenticatedOrOpen:
    """Any authenticated caller; anybody at all where the installation opens what the seed's Deploy API leaves open."""


@dataclass(frozen=True, slots=True)
class InProject:
    """A caller with this level in a project. by: the path parameter that names it, or a function that finds it."""

    level: Level
    by: str | Finder = "project"

    @property
    def names_project(self) -> bool:
        """Return whether the request says the project, which may then not exist."""
        return isinstance(self.by, str) or self.by is project_in_query


@dataclass(frozen=True, slots=True)
class InNamespace:
    """A caller with this level in the project that owns a namespace. by: the path parameter that names it.

    or_public: also any authenticated caller, if the namespace is public.
    """

    level: Level
    by: str = "namespace"
    or_public: bool = False


@dataclass(frozen=True, slots=True)
class Admin:
    """Administrators of the installation."""


@dataclass(frozen=True, slots=True)
class Runner:
    """Build machines."""


@dataclass(frozen=True, slots=True)
class KeyFor:
    """API keys with this grant, and all other known callers; the handler says what each may see and do.

    Rows with any other permission are closed to API keys.
    """

    grant: Grant


Permission = Public | Authenticated | AuthenticatedOrOpen | InProject | InNamespace | Admin | Runner | KeyFor

PUBLIC = Public()
AUTHENTICATED = Authenticated()
AUTHENTICATED_OR_OPEN = AuthenticatedOrOpen()
PROJECT_READ = InProject(Level.READ)
PROJECT_WRITE = InProject(Level.WRITE)
PROJECT_OWNER = InProject(Level.OWNER)
PROJECT_WORK = InProject(Level.JOB)
"""Writers, and jobs about what is theirs."""

NAMESPACE_WORK = InNamespace(Level.JOB)
NAMESPACE_READ = InNamespace(Level.READ)
NAMESPACE_SEEN = InNamespace(Level.READ, or_public=True)
NAMESPACE_WRITE = InNamespace(Level.WRITE)
ADMIN = Admin()
RUNNER = Runner()


def named_parameter(permission: Permission) -> str | None:
    """Return the path parameter that this permission needs, or None."""
    match permission:
        case InProject(by=str() as name) | InNamespace(by=name):
            return name
        case _:
            return None


def level_word(level: Level) -> str:
    """Return the name of a level in documentation. A job's own level is what people have by `write`."""
    return Level.WRITE if level is Level.JOB else level


def describe(permission: Permission) -> str:
    """Return the permission as the documentation describes it."""
    match permission:
        case Public():
            return "nothing: open to everybody"
        case Authenticated():
            return "any known caller"
        case AuthenticatedOrOpen():
            return "any known caller, or anybody where SLIPWAY_DEPLOY_OPEN is on"
        case InProject(level=level, by=str() as name):
            return f"{level_word(level)} in the project {{{name}}}"
        case InProject(level=level):
            return f"{level_word(level)} in the project it belongs to"
        case InNamespace(level=level, by=name, or_public=True):
            owner = f"{level_word(level)} in the project that owns the namespace {{{name}}}"
            return f"{owner}, or any known caller where it is public"
        case InNamespace(level=level, by=name):
            return f"{level_word(level)} in the project that owns the namespace {{{name}}}"
        case Admin():
            return "admin"
        case Runner():
            return "runner"
        case KeyFor(grant=grant):
            return f"an API key with the grant {grant}, or any other known caller"
        case _:
            assert_never(permission)
