"""Tags: names of releases that users and pipelines can move to another release."""

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.releases.check import check_tag, parsed_release_id, refused
from chalicelib.kernel.releases.release import ReleaseKey
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.pagination import Sliced, page_of, sliced
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.releases.namespaces import ApplicationNamed
from chalicelib.use_cases.releases.releases import ReleaseByQuery, resolve_key
from slipway_formats.frozen import frozen
from slipway_formats.release_id import of_version
from slipway_formats.version import Exact, Latest, Prefix, Query, Tag


@frozen
class TagRelease:
    """Set a tag to a release. release_id: fully qualified, may contain a version query."""

    origin: Origin
    namespace: str
    application: str
    release_id: str
    tag: str


def tag_release(ports: Ports, command: TagRelease) -> None:
    """Set the tag to the release that the id selects now. Faults: Invalid in Escape's words, NotFound."""
    parsed = parsed_release_id(command.release_id)
    check_tag(command.tag)
    if parsed.namespace != command.namespace:
        raise refused("Mismatch between namespace from URL and namespace from release_id.")
    if parsed.application != command.application:
        raise refused("Mismatch between application from URL and application from release_id.")
    by_query = ReleaseByQuery(
        namespace=command.namespace, application=command.application, query=_query_text(parsed.query)
    )
    key = resolve_key(ports, by_query)
    ports.tags.update_tag(key, command.tag, command.origin.by.name, _entry(ports, command, key))


def list_tags(ports: Ports, query: ApplicationNamed) -> Sliced[tuple[str, str]]:
    """List the tags of the application with the version that each names. Faults: NotFound."""
    tags = ports.tags.tags(query.namespace, query.application, page_of(query.slice))
    if not tags and ports.applications.application_head(query.namespace, query.application).latest is None:
        raise NotFound(f"no application {query.application} in namespace {query.namespace}")
    return sliced(list(tags.items()), query.slice, lambda pair: pair[0])


def _entry(ports: Ports, command: TagRelease, key: ReleaseKey) -> AuditEntry:
    """Return the audit entry, whose key is the same whatever release the query selects by now."""
    release = of_version(key.namespace, key.application, key.version)
    action = AuditAction(
        act="tagged-release",
        subject=f"{release} {command.tag}",
        key=f"{command.namespace}/{command.application} {command.tag}",
        project=ports.namespaces.project_of(key.namespace, key.application) or "",
        details={"tag": command.tag},
    )
    return entry_of(command.origin, action)


def _query_text(query: Query) -> str:
    match query:
        case Latest():
            return "latest"
        case Prefix(prefix=prefix):
            return f"{prefix}@"
        case Exact(version=version):
            return version
        case Tag(tag=tag):
            return tag
