"""Namespaces, applications, releases and uploads as items of the table `inventory`, and back."""

from dataclasses import replace

from chalicelib.kernel.faults import TooLarge
from chalicelib.kernel.releases.release import Application, Namespace, Package, Release, Upload, Yanked
from chalicelib.store.dynamo.expressions import Key
from chalicelib.store.dynamo.items import Item, size
from chalicelib.store.dynamo.packing import packed, unpacked
from chalicelib.store.releases import keys
from chalicelib.use_cases.ports.releases import Standing

LARGEST_ITEM = 390_000
"""Bytes; DynamoDB takes 400 KB."""


def _fitting(item: Item, thing: str) -> Item:
    if size(item) > LARGEST_ITEM:
        raise TooLarge(f"{thing} takes {size(item)} bytes, more than {LARGEST_ITEM}")
    return item


def namespace_item(namespace: Namespace) -> Item:
    """The item of a namespace. Faults: TooLarge."""
    key = keys.namespace_key(namespace.name)
    item = {
        "pk": key.pk,
        "sk": key.sk,
        "first": keys.ALL_NAMESPACES,
        "first_key": namespace.name,
        "second": keys.namespaces_hash(namespace.project),
        "second_key": namespace.name,
        "project": namespace.project,
        "record": packed(Namespace, namespace),
    }
    return _fitting(item, f"namespace {namespace.name}")


def public_item(namespace: Namespace) -> Item:
    """The item by which a namespace is found among those that are public."""
    key = keys.public_key(namespace.name)
    return {
        "pk": key.pk,
        "sk": key.sk,
        "first": keys.PUBLIC_NAMESPACES,
        "first_key": namespace.name,
        "record": packed(Namespace, namespace),
    }


def namespace_of(item: Item) -> Namespace:
    """The namespace of an item."""
    return unpacked(Namespace, item["record"])


def application_item(application: Application, standing: Standing) -> Item:
    """The item of an application. standing: as it is to be found next time. Faults: TooLarge."""
    key = keys.application_key(application.namespace, application.name)
    item = {
        "pk": key.pk,
        "sk": key.sk,
        "first": keys.applications_hash(application.namespace),
        "first_key": application.name,
        "latest": application.latest,
        "releases": standing.count,
        "yanks": standing.yanks,
        "words": " ".join(sorted(standing.words)),
        "record": packed(Application, application),
    }
    return _fitting(item, f"application {application.name}")


def standing_of(owner: Item | None, head: Item | None) -> Standing:
    """What the items of a namespace and of an application say."""
    project = None if owner is None else str(owner["project"])
    if head is None:
        return Standing(project=project)
    return Standing(
        project=project,
        latest=str(head["latest"]),
        count=int(head["releases"]),
        yanks=int(head.get("yanks", 0)),
        words=frozenset(str(head.get("words", "")).split()),
    )


def application_of(item: Item) -> Application:
    """The application of an item."""
    return unpacked(Application, item["record"])


def release_item(release: Release) -> Item:
    """The item of a release. Faults: TooLarge."""
    return _with_key(
        keys.release_key(release.key),
        {
            "version": release.key.version,
            "record": packed(Release, release),
        },
        f"release {release.key.application}-v{release.key.version}",
    )


def release_of(item: Item) -> Release:
    """The release of an item, with its package and its yank, which are attributes of their own."""
    yanked = unpacked(Yanked, item["yanked"]) if "yanked" in item else None
    return replace(unpacked(Release, item["record"]), package=package_of(item), yanked=yanked)


def package_of(item: Item) -> Package | None:
    """The package of a release's item, once its upload is finished."""
    return unpacked(Package, item["package"]) if "package" in item else None


def upload_item(upload: Upload, expires: int) -> Item:
    """The item of an upload. expires: seconds since 1970."""
    return _with_key(
        keys.upload_key(upload.release, upload.id),
        {"expires_at": expires, "record": packed(Upload, upload)},
        f"upload {upload.id}",
    )


def upload_of(item: Item) -> Upload:
    """The upload of an item."""
    return unpacked(Upload, item["record"])


def _with_key(key: Key, attributes: Item, thing: str) -> Item:
    return _fitting({"pk": key.pk, "sk": key.sk, **attributes}, thing)
