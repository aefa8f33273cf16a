"""Tags: names that people and pipelines give to releases, and may give to another one later."""

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.releases.check import check_tag, parsed_release_id, refused
from chalicelib.kernel.releases.release import ReleaseKey
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.pagination import Sliced, page_of, sliced
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.releases.namespaces import ApplicationNamed
from chalicelib.use_cases.releases.releases import ReleaseByQuery, resolve_key
from slipway_formats.release_id import of_version
from slipway_formats.version import Exact, Latest, Prefix, Query, Tag


@frozen
class TagRelease:
    """Have a tag name a release. release_id: fully qualified, also with a query in it."""

    origin: Origin
    namespace: str
    application: str
    release_id: str
    tag: str


def tag_release(ports: Ports, ask: TagRelease) -> None:
    """Ensures that the tag names what the release id means now. Faults: Invalid in Escape's words, NotFound."""
    parsed = parsed_release_id(ask.release_id, quote="'")
    check_tag(ask.tag)
    if parsed.namespace != ask.namespace:
        raise refused("Mismatch between namespace from URL and namespace from release_id.")
    if parsed.application != ask.application:
        raise refused("Mismatch between application from URL and application from release_id.")
    asked = ReleaseByQuery(namespace=ask.namespace, application=ask.application, query=_written(parsed.query))
    key = resolve_key(ports, asked)
    ports.tags.update_tag(key, ask.tag, ask.origin.by.name, _entry(ports, ask, key))


def list_tags(ports: Ports, ask: ApplicationNamed) -> Sliced[tuple[str, str]]:
    """The tags of the application, and the version that each names. Faults: NotFound."""
    tags = ports.tags.tags(ask.namespace, ask.application, page_of(ask.slice))
    if not tags and ports.applications.application_head(ask.namespace, ask.application).latest is None:
        raise NotFound(f"no application {ask.application} in namespace {ask.namespace}")
    return sliced(list(tags.items()), ask.slice, lambda pair: pair[0])


def _entry(ports: Ports, ask: TagRelease, key: ReleaseKey) -> AuditEntry:
    """The entry of it, which is the same whatever release the ask means by now."""
    release = of_version(key.namespace, key.application, key.version)
    action = AuditAction(
        act="tagged-release",
        subject=f"{release} {ask.tag}",
        key=f"{ask.namespace}/{ask.application} {ask.tag}",
        project=ports.namespaces.project_of(key.namespace) or "",
        details={"tag": ask.tag},
    )
    return entry_of(ask.origin, action)


def _written(query: Query) -> str:
    match query:
        case Latest():
            return "latest"
        case Prefix(prefix=prefix):
            return f"{prefix}@"
        case Exact(version=version):
            return version
        case Tag(tag=tag):
            return tag
