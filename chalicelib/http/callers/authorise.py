"""Check permissions. What the caller may not read is answered with NotFound."""

from dataclasses import dataclass
from typing import Generic, assert_never

from chalicelib.http.operation import Flag, Operation
from chalicelib.http.permission import (
    Admin,
    Authenticated,
    AuthenticatedOrOpen,
    Finder,
    InNamespace,
    InProject,
    KeyFor,
    Permission,
    Public,
    Runner,
    level_word,
)
from chalicelib.http.request import Request
from chalicelib.http.request_context import Ports, RequestContext
from chalicelib.kernel.access.principal import Principal, PrincipalKind, is_admin, is_runner, may, may_call
from chalicelib.kernel.access.role import LEVELS, Level
from chalicelib.kernel.faults import Forbidden, NotFound
from slipway_formats.frozen import frozen

NOBODY = Principal(name="")
UNIT = "name"
"""The parameter that names an application in a namespace."""

LONGEST_PARAMETER = 900
"""Maximum bytes of a path parameter. Two of them fit in a key of the store; no name or code is longer."""


@frozen
class _Place:
    """The project that a permission concerns. missing: message when it does not exist or is not visible."""

    project: str | None
    missing: str


@dataclass(frozen=True, slots=True)
class Authority(Generic[Ports]):
    """Where permissions are looked up."""

    context: RequestContext[Ports]
    ports: Ports


def authorise(authority: Authority[Ports], permission: Permission, request: Request) -> None:
    """Check that the caller has the permission. Faults: Unauthenticated, Forbidden, NotFound."""
    caller = NOBODY if isinstance(permission, Public) else request.asker
    _require_short_parameters(request)
    is_for_keys = isinstance(permission, KeyFor)
    _require(caller.grants is None or is_for_keys, f"key {caller.name} may call no API but those that it is granted")
    match permission:
        case Public() | Authenticated() | AuthenticatedOrOpen():
            return
        case Admin():
            _require(is_admin(caller), f"{caller.name} is no admin")
        case Runner():
            _require(is_runner(caller), f"{caller.name} is no runner")
        case KeyFor(grant=grant):
            _require(may_call(caller, grant), f"key {caller.name} has no grant {grant}")
        case InProject():
            place = _place(authority, permission, request)
            _require_level(caller, permission.level, place)
            _require_existing(authority, permission, request, place)
        case InNamespace():
            _require_in_namespace(authority, permission, request)
        case _:
            assert_never(permission)


def authorise_job(row: Operation, request: Request) -> None:
    """Refuse what no job may do, whatever roles its service account has. Faults: Forbidden.

    A row that changes something is closed to jobs, unless its level or its flag says otherwise.
    """
    caller = request.principal
    if caller is None or caller.kind is not PrincipalKind.JOB or not row.changes(request.method):
        return
    level = row.permission.level if isinstance(row.permission, InProject | InNamespace) else Level.OWNER
    is_open = LEVELS.index(level) <= LEVELS.index(Level.JOB) or Flag.FOR_JOBS in row.flags
    _require(is_open, f"job {caller.name} may not do this: jobs neither decide nor define")
    runs = {value for name, value in request.parameters.items() if name.endswith("execution_id")}
    is_own = level is not Level.JOB or runs <= {caller.name.partition(".")[0]}
    _require(is_own, f"job {caller.name} speaks of its own execution alone")


def _require_short_parameters(request: Request) -> None:
    if any(len(value.encode()) > LONGEST_PARAMETER for value in request.parameters.values()):
        raise NotFound("nothing has so long a name")


def _require(allowed: bool, message: str) -> None:  # noqa: FBT001 - the claim itself, not a switch
    if not allowed:
        raise Forbidden(message)


def _require_level(caller: Principal, level: Level, place: _Place) -> None:
    if is_admin(caller):
        return
    if place.project is None or not may(caller, Level.READ, place.project):
        raise NotFound(place.missing)
    _require(may(caller, level, place.project), f"{caller.name} has no {level_word(level)} in project {place.project}")


def _require_existing(authority: Authority[Ports], permission: InProject, request: Request, place: _Place) -> None:
    """Refuse to read of a project that does not exist: admins may read in all, and would be told of nothing."""
    is_named = request.method in {"GET", "HEAD"} and permission.names_project and place.project is not None
    if is_named and is_admin(request.asker) and not authority.context.has_project(authority.ports, place.project or ""):
        raise NotFound(f"no project {place.project}")


def _require_in_namespace(authority: Authority[Ports], permission: InNamespace, request: Request) -> None:
    try:
        _require_level(request.asker, permission.level, _place(authority, permission, request))
    except NotFound:
        namespace = request.parameters[permission.by]
        if not authority.context.may_see(authority.ports, request.asker, namespace):
            raise
        _require(permission.or_public, f"{request.asker.name} may read namespace {namespace}, and no more")


def _place(authority: Authority[Ports], permission: InProject | InNamespace, request: Request) -> _Place:
    match permission:
        case InProject(by=str() as name):
            project = request.parameters[name]
            return _Place(project=project, missing=f"no project {project}")
        case InProject(by=find) if not isinstance(find, str):
            return _Place(project=_found(authority.ports, find, request), missing="not found")
        case _:
            namespace = request.parameters[str(permission.by)]
            project_of = authority.context.project_of
            unit = request.parameters.get(UNIT, "")
            return _Place(project=project_of(authority.ports, namespace, unit), missing=f"no namespace {namespace}")


def _found(ports: object, find: Finder, request: Request) -> str | None:
    try:
        return find(ports, request)
    except NotFound:
        return None
