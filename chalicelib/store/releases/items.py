"""Encode namespaces, applications, releases and related records as items of the table `inventory`, and decode them."""

from dataclasses import replace

from pynamodb.expressions.operand import Path

from chalicelib.kernel.names import DEFAULT_NAMESPACE
from chalicelib.kernel.releases.links import Edge, Offer
from chalicelib.kernel.releases.release import Application, Namespace, Package, Release, Upload, Yanked
from chalicelib.kernel.releases.search import Hit
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.packing import unpacked
from chalicelib.store.dynamo.records import item_of, record_of
from chalicelib.store.releases import keys
from chalicelib.use_cases.ports.releases import ApplicationHead

THERE = Path("pk").exists()
OPEN = THERE & Path("leaving").does_not_exist()
"""Condition: the namespace exists and is not being deleted."""


def namespace_item(namespace: Namespace) -> Item:
    """Encode a namespace as an item. Faults: TooLarge."""
    return item_of(
        keys.namespace_key(namespace.name),
        Namespace,
        namespace,
        f"namespace {namespace.name}",
        first=keys.ALL_NAMESPACES,
        first_key=namespace.name,
        second=keys.namespaces_hash(namespace.project),
        second_key=namespace.name,
        project=namespace.project,
    )


def public_item(namespace: Namespace) -> Item:
    """Return the marker item that lists a namespace among the public ones."""
    listed = {"first": keys.PUBLIC_NAMESPACES, "first_key": namespace.name}
    return item_of(keys.public_key(namespace.name), Namespace, namespace, f"namespace {namespace.name}", **listed)


def namespace_of(item: Item) -> Namespace:
    """Decode a namespace from its item."""
    found: Namespace = record_of(Namespace, item)
    # A project could own the default namespace before it became the platform's.
    return replace(found, project="", is_public=True) if found.name == DEFAULT_NAMESPACE else found


def owner_in(namespace: str, owner: Item | None, head: Item | None) -> str | None:
    """Return the project that owns an application, by the items of its namespace and of itself, or None."""
    own = str(owner["project"]) if owner is not None else None
    if namespace != DEFAULT_NAMESPACE:
        return own
    return None if head is None else application_of(head).project or own


def application_item(application: Application, standing: ApplicationHead) -> Item:
    """Encode an application as an item. standing: its head after this write. Faults: TooLarge."""
    return item_of(
        keys.application_key(application.namespace, application.name),
        Application,
        application,
        f"application {application.name}",
        first=keys.applications_hash(application.namespace),
        first_key=application.name,
        latest=application.latest,
        releases=standing.count,
        yanks=standing.yanks,
        words=" ".join(sorted(standing.words)),
    )


def application_head_of(namespace: str, owner: Item | None, head: Item | None) -> ApplicationHead:
    """Return what a registration must know from the items of a namespace and an application."""
    project, has_namespace = owner_in(namespace, owner, head), owner is not None
    if head is None:
        return ApplicationHead(project=project, has_namespace=has_namespace)
    return ApplicationHead(
        project=project,
        has_namespace=has_namespace,
        latest=str(head["latest"]),
        count=int(head["releases"]),
        yanks=int(head.get("yanks", 0)),
        words=frozenset(str(head.get("words", "")).split()),
    )


def application_of(item: Item) -> Application:
    """Decode an application from its item."""
    found: Application = record_of(Application, item)
    return found


def release_item(release: Release) -> Item:
    """Encode a release as an item. Faults: TooLarge."""
    thing = f"release {release.key.application}-v{release.key.version}"
    return item_of(keys.release_key(release.key), Release, release, thing, version=release.key.version)


def release_of(item: Item) -> Release:
    """Decode a release from its item, with its package and its yank, which are separate attributes."""
    yanked = unpacked(Yanked, item["yanked"]) if "yanked" in item else None
    refused = str(item.get("refused", ""))
    found: Release = replace(record_of(Release, item), package=package_of(item), yanked=yanked, refused=refused)
    return found


def package_of(item: Item) -> Package | None:
    """Decode the package from a release's item; None before its upload is complete."""
    return unpacked(Package, item["package"]) if "package" in item else None


def upload_item(upload: Upload, expires: int) -> Item:
    """Encode an upload as an item. expires: seconds since 1970."""
    return item_of(
        keys.upload_key(upload.release, upload.id), Upload, upload, f"upload {upload.id}", expires_at=expires
    )


def upload_of(item: Item) -> Upload:
    """Decode an upload from its item."""
    found: Upload = record_of(Upload, item)
    return found


def edge_item(edge: Edge) -> Item:
    """Encode a dependency on a release as an item."""
    return item_of(keys.edge_key(edge), Edge, edge, "a dependency")


def offer_item(offer: Offer) -> Item:
    """Encode the offer of an interface as an item."""
    return item_of(keys.offer_key(offer), Offer, offer, "a provided interface", version=offer.version)


def hit_item(hit: Hit) -> Item:
    """Encode a search index entry as an item."""
    return item_of(keys.hit_key(hit), Hit, hit, "a word")
