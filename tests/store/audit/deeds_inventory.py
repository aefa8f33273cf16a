"""The ways to change namespaces, releases, tags and hooks."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Stale
from chalicelib.kernel.releases.delivery import UploadNotice, pending_notice
from chalicelib.kernel.releases.release import Namespace, Package, Release, ReleaseKey, Yanked
from slipway_formats.release import Dependency, Metadata, Provider
from tests.builders import NOON, an_entry
from tests.store.audit.deeds import Kept, Way

NAMESPACE = Namespace(name="demo", project="web")
KEY = ReleaseKey(namespace="demo", application="app", version="1.0")
LARGEST = Metadata(
    name="app",
    version="1.0",
    depends=tuple(Dependency(release_id=f"demo/lib{number}-v1.0") for number in range(30)),
    provides=tuple(Provider(name=f"interface{number}") for number in range(30)),
)
"""Of a release that takes all writes that there are."""

RELEASE = Release(namespace="demo", metadata=LARGEST, by="ada", at=NOON)
PACKAGE = Package(object="demo/app/1.0/x", size=3, sha256="abc", at=NOON)
NOTICE = pending_notice(PACKAGE.object, UploadNotice(release=KEY, project="web", by="ada"), NOON)
YANKED = Yanked(reason="leaks", by="ada", at=NOON)
HOOKS = {"events": {"url": "https://a", "secret": "one"}}


def a_namespace(kept: Kept) -> None:
    """There was a namespace."""
    kept.inventory.create_namespace(NAMESPACE, an_entry())


def a_release(kept: Kept) -> None:
    """There was a release."""
    kept.inventory.register(RELEASE, kept.inventory.application_head("demo", "app"), "web", an_entry())


def a_yanked_release(kept: Kept) -> None:
    """There was a release that is out of use."""
    a_release(kept)
    kept.inventory.yank(KEY, YANKED, an_entry())


def some_hooks(kept: Kept) -> None:
    """There was a namespace with hooks."""
    a_namespace(kept)
    kept.inventory.update_hooks(("demo", ""), HOOKS, an_entry())


def all_inventory(kept: Kept) -> object:
    """What stands in the inventory."""
    inventory, applications = kept.inventory, kept.inventory.applications("demo")
    releases = [inventory.release(KEY) for _ in applications]
    standing, tags = inventory.application_head("demo", "app"), inventory.tags("demo", "app")
    return inventory.namespaces(), applications, releases, standing, tags, inventory.hooks(("demo", ""))


def is_open(kept: Kept) -> object:
    """Whether something can be registered in the namespace."""
    standing = kept.inventory.application_head("demo", "other")
    metadata = Metadata(name="other", version=f"{standing.count}.0")
    try:
        other = Release(namespace="demo", metadata=metadata, by="ada", at=NOON)
        kept.inventory.register(other, standing, "web", an_entry())
    except Stale:
        return False
    return True


def registering(kept: Kept, entry: AuditEntry) -> None:
    """The release is registered, by who has looked what is there."""
    kept.inventory.register(RELEASE, kept.inventory.application_head("demo", "app"), "web", entry)


WAYS: Mapping[str, Way] = {
    "add a namespace": Way(
        act=lambda kept, entry: kept.inventory.create_namespace(NAMESPACE, entry), seen=all_inventory
    ),
    "change a namespace": Way(
        before=a_namespace,
        act=lambda kept, entry: kept.inventory.update_namespace(replace(NAMESPACE, description="new"), entry),
        seen=all_inventory,
        is_refused=False,
    ),
    "leave a namespace": Way(
        before=a_namespace,
        act=lambda kept, entry: kept.inventory.mark_namespace_deleting("demo", entry),
        seen=is_open,
        is_refused=False,
    ),
    "register a release": Way(act=registering, seen=all_inventory),
    "tag a release": Way(
        before=a_release,
        act=lambda kept, entry: kept.inventory.update_tag(KEY, "stable", "ada", entry),
        seen=all_inventory,
        is_refused=False,
    ),
    "attach a package": Way(
        before=a_release,
        act=lambda kept, entry: kept.inventory.attach(KEY, PACKAGE, NOTICE, entry),
        seen=all_inventory,
        is_refused=False,
    ),
    "yank a release": Way(
        before=a_release,
        act=lambda kept, entry: kept.inventory.yank(KEY, YANKED, entry),
        seen=all_inventory,
        is_refused=False,
    ),
    "take a release into use again": Way(
        before=a_yanked_release,
        act=lambda kept, entry: kept.inventory.unyank(KEY, entry),
        seen=all_inventory,
        is_refused=False,
    ),
    "replace hooks": Way(
        before=some_hooks,
        act=lambda kept, entry: kept.inventory.update_hooks(("demo", ""), {}, entry),
        seen=all_inventory,
        is_refused=False,
    ),
}
