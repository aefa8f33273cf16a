"""Read requests about namespaces, applications and tags, and show the answers."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from chalicelib.dialects.inventory.go_json.fields import Fields, fields_of
from chalicelib.dialects.inventory.go_json.read import GoError, bad_json, read_first
from chalicelib.dialects.inventory.go_json.write import go_reply
from chalicelib.dialects.inventory.words import (
    next_page,
    opaque_next_page,
    read_opaque_slice,
    read_slice,
    shown_instant,
)
from chalicelib.http.answers.etag import etagged
from chalicelib.http.answers.listed import listed
from chalicelib.http.reply import Json, Reply
from chalicelib.http.request import Request
from chalicelib.kernel.access.principal import Principal, is_admin, level_in
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.releases.check import refused
from chalicelib.kernel.releases.release import Application, Namespace
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.pagination import Sliced
from chalicelib.use_cases.releases.namespaces import (
    ApplicationNamed,
    ApplicationWithVersions,
    CreateNamespace,
    NamespaceQuery,
    NamespaceSettings,
    NamespacesQuery,
    NamespaceWithApplications,
    UpdateNamespace,
    VisibleNamespaces,
)
from chalicelib.use_cases.releases.tags import TagRelease

PROJECT_HEADER = "x-slipway-project"

Command = TypeVar("Command")


def requested_owner(request: Request) -> str:
    """Return the project that is to own a new namespace, if the header names one."""
    return request.header(PROJECT_HEADER).strip()


def read_all(request: Request) -> NamespacesQuery:
    """Read a query for all namespaces visible to the caller. Faults: Invalid."""
    return NamespacesQuery(by=request.asker, slice=read_slice(request))


def read_some(request: Request) -> NamespacesQuery:
    """Read a query for namespaces by name or by project. Faults: Invalid."""
    given = request.query.every("namespaces")
    chosen = frozenset(name for each in given for name in each.split(",")) if given else None
    project = request.query.text("project") or ""
    return NamespacesQuery(by=request.asker, project=project, names=chosen, slice=read_slice(request))


def read_namespace(request: Request) -> NamespaceQuery:
    """Read a query for one namespace."""
    return NamespaceQuery(name=request.parameters["namespace"], by=request.asker)


def read_units(request: Request) -> NamespaceQuery:
    """Read a query for the applications of a namespace. Faults: Invalid."""
    return replace(read_namespace(request), slice=read_slice(request))


def read_change(request: Request) -> UpdateNamespace:
    """Read new settings of a namespace. Faults: Invalid."""
    name = request.parameters["namespace"]
    settings = _read(request, lambda fields: _settings_of(fields, name))
    return UpdateNamespace(origin=request.origin, name=name, settings=settings)


def read_new(request: Request) -> CreateNamespace:
    """Read a namespace to create. Faults: Invalid."""
    return _read(
        request,
        lambda fields: CreateNamespace(
            origin=request.origin,
            name=fields.text("name"),
            owner=fields.text("project") or requested_owner(request),
            settings=_settings(fields),
        ),
    )


def read_unit(request: Request) -> ApplicationNamed:
    """Read a query for one application."""
    return ApplicationNamed(namespace=request.parameters["namespace"], application=request.parameters["name"])


def read_tags(request: Request) -> ApplicationNamed:
    """Read a query for the tags of an application. Faults: Invalid."""
    return replace(read_unit(request), slice=read_opaque_slice(request))


def read_tag(request: Request) -> TagRelease:
    """Read a tag to set. Faults: Invalid."""
    return _read(
        request,
        lambda fields: TagRelease(
            origin=request.origin,
            namespace=request.parameters["namespace"],
            application=request.parameters["name"],
            release_id=fields.text("release_id"),
            tag=fields.text("tag"),
        ),
    )


def show_namespaces(seen: VisibleNamespaces) -> Reply:
    """Show namespaces by name."""
    shown: dict[str, Json] = {one.name: listed(_namespace(one, seen.by)) for one in seen.namespaces}
    return go_reply(dict(sorted(shown.items())), next_page(seen.after))


def show_namespace(seen: NamespaceWithApplications) -> Reply:
    """Show a namespace and its applications."""
    return go_reply({**_namespace(seen.namespace, seen.by), "units": _units(seen.applications)})


def show_units(found: Sliced[Application]) -> Reply:
    """Show applications by name."""
    return go_reply(_units(found.items), next_page(found.after))


def show_unit(seen: ApplicationWithVersions) -> Reply:
    """Show an application and its versions."""
    return etagged(go_reply({**_application(seen.application), "versions": list(seen.versions)}))


def show_tags(found: Sliced[tuple[str, str]]) -> Reply:
    """Show the version of each tag."""
    return go_reply(dict(sorted(found.items)), opaque_next_page(found.after))


def _read(request: Request, make: Callable[[Fields], Command]) -> Command:
    value = read_first(request.content)
    try:
        return make(fields_of(value, "types.Body"))
    except GoError:
        raise bad_json() from None


def _settings_of(fields: Fields, name: str) -> NamespaceSettings:
    if fields.text("name") != name:
        raise refused("Namespace 'name' field doesn't correspond with URL")
    return _settings(fields)


def _settings(fields: Fields) -> NamespaceSettings:
    return NamespaceSettings(
        description=fields.text("description"),
        org_url=fields.text("org_url"),
        logo=fields.text("logo"),
        is_public=fields.flag("is_public"),
    )


def _namespace(namespace: Namespace, by: Principal) -> dict[str, Json]:
    return {
        "name": namespace.name,
        "description": namespace.description,
        "org_url": namespace.org_url,
        "logo": namespace.logo,
        "permission": "admin" if is_admin(by) else level_in(by, namespace.project) or Level.READ,
        "is_public": namespace.is_public,
    }


def _units(applications: Sequence[Application]) -> dict[str, Json]:
    return {one.name: listed(_application(one)) for one in sorted(applications, key=lambda one: one.name)}


def _application(application: Application) -> dict[str, Json]:
    return {
        "name": application.name,
        "project": application.namespace,
        "description": application.description,
        "latest_version": application.latest,
        "logo": application.logo,
        "uploaded_by": application.by,
        "uploaded_at": shown_instant(application.at),
        "hooks": None,
    }


def read_removal(request: Request) -> tuple[Origin, str]:
    """Read which namespace to remove."""
    return request.origin, request.parameters["namespace"]
