"""The inventory in DynamoDB: the port `Inventory` on the table `inventory`. Keys and questions: keys.py."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.releases.delivery import PendingDelivery
from chalicelib.kernel.releases.hook import Hooks
from chalicelib.kernel.releases.links import Edge, Offer
from chalicelib.kernel.releases.release import Application, Namespace, Package, Release, ReleaseKey, Upload, Yanked
from chalicelib.kernel.releases.search import Hit
from chalicelib.store.dynamo.expressions import Key
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.records import expiry
from chalicelib.store.dynamo.tables import Change, Reading, Table, Tables
from chalicelib.store.releases import keys, links, lists
from chalicelib.store.releases.hooks import hooks_of, put_hooks
from chalicelib.store.releases.items import (
    application_head_of,
    application_of,
    namespace_of,
    release_of,
    upload_item,
    upload_of,
)
from chalicelib.store.releases.namespaces import add_namespace, change_namespace, leave_namespace
from chalicelib.store.releases.packages import Attaching, attach
from chalicelib.store.releases.register import Registering, register
from chalicelib.store.releases.removal import remove_namespace
from chalicelib.store.releases.tags import Tagging, put_tag
from chalicelib.store.releases.yank import unyank, yank
from chalicelib.use_cases.ports.releases import ApplicationHead, Unit
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.version import Exact, Latest, Prefix, Tag, parse_query, prefix_range, sort_key

UPLOADS_KEPT = timedelta(days=7)
AFTER_ALL = "release#~"
IN_USE = Path("yanked").does_not_exist()


@frozen
class StoredInventory:
    """Namespaces, applications, releases and tags."""

    tables: Tables

    def namespace(self, name: str) -> Namespace:
        """The namespace."""
        return namespace_of(self._got(keys.namespace_key(name), f"no namespace {name}"))

    def find_namespace(self, name: str) -> Namespace | None:
        """The namespace, if there is one."""
        item = self._table.get(keys.namespace_key(name))
        return None if item is None else namespace_of(item)

    def project_of(self, namespace: str) -> str | None:
        """The project that owns the namespace."""
        item = self._table.get(keys.namespace_key(namespace))
        return None if item is None else str(item["project"])

    def namespaces(self, page: Page | None = None, projects: Collection[str] | None = None) -> Sequence[Namespace]:
        """Namespaces by name."""
        return lists.namespaces_by_name(self._table, page, projects)

    def public_namespaces(self, page: Page | None = None) -> Sequence[Namespace]:
        """Those that anybody known may read, by name."""
        return lists.public(self._table, page)

    def named(self, names: Sequence[str]) -> Sequence[Namespace]:
        """Those of the names that are namespaces, in that order."""
        items = self._table.get_many([keys.namespace_key(name) for name in names])
        return [namespace_of(item) for item in items if item is not None]

    def create_namespace(self, namespace: Namespace, entry: AuditEntry) -> None:
        """Store a new namespace."""
        add_namespace(self.tables, namespace, entry)

    def update_namespace(self, namespace: Namespace, entry: AuditEntry) -> None:
        """Replace a namespace; its project stays."""
        change_namespace(self.tables, namespace, entry)

    def applications(self, namespace: str, page: Page | None = None) -> Sequence[Application]:
        """The applications of a namespace, by name."""
        return lists.applications(self._table, namespace, page)

    def application(self, namespace: str, name: str) -> Application:
        """The application."""
        missing = f"no application {name} in namespace {namespace}"
        return application_of(self._got(keys.application_key(namespace, name), missing))

    def application_head(self, namespace: str, application: str) -> ApplicationHead:
        """What is there before a registration, in one read."""
        wanted = (keys.namespace_key(namespace), keys.application_key(namespace, application))
        owner, head = self._table.get_many(wanted, consistent=True)
        return application_head_of(owner, head)

    def register(self, release: Release, standing: ApplicationHead, owner: str, entry: AuditEntry) -> None:
        """Store a new release, or nothing."""
        register(self.tables, Registering(release=release, standing=standing, owner=owner), entry)

    def release(self, key: ReleaseKey) -> Release:
        """The release."""
        item = self._got(keys.release_key(key), f"no release {key.application}-v{key.version} in {key.namespace}")
        return release_of(item)

    def find_release(self, key: ReleaseKey) -> Release | None:
        """The release, if there is one."""
        item = self._table.get(keys.release_key(key))
        return None if item is None else release_of(item)

    def resolve(self, namespace: str, application: str, query: str) -> str | None:
        """The version that a version query means."""
        match parse_query(query):
            case Latest():
                return self._latest(namespace, application)
            case Prefix(prefix=prefix):
                return self._highest(namespace, application, prefix, IN_USE)
            case Exact(version=version):
                known = ReleaseKey(namespace=namespace, application=application, version=version)
                return version if self._table.get(keys.release_key(known)) is not None else None
            case Tag(tag=tag):
                return self._tagged(namespace, application, tag)

    def highest(self, namespace: str, application: str, prefix: str) -> str | None:
        """The highest version whose text begins so."""
        return self._highest(namespace, application, prefix, None)

    def previous(self, key: ReleaseKey) -> str | None:
        """The highest version below this one."""
        return next(self._below(key.namespace, key.application, 1, key.version), None)

    def versions(self, namespace: str, application: str) -> Sequence[str]:
        """All versions, the highest first."""
        head = self._table.get(keys.application_key(namespace, application))
        if head is None:
            return []
        pages = range(int(head["releases"]) // keys.VERSIONS_A_PAGE + 1)
        wanted = [keys.versions_key(namespace, application, page) for page in pages]
        found = [item for item in self._table.get_many(wanted, consistent=True) if item is not None]
        return sorted((str(one) for item in found for one in item["versions"]), key=sort_key, reverse=True)

    def page_of_versions(self, namespace: str, application: str, size: int, below: str | None) -> Sequence[str]:
        """The highest versions, those below one where it is given."""
        return list(self._below(namespace, application, size, below))

    def update_tag(self, key: ReleaseKey, tag: str, by: str, entry: AuditEntry | None) -> None:
        """Have the tag name this release."""
        put_tag(self.tables, Tagging(key=key, tag=tag, by=by), entry)

    def tags(self, namespace: str, application: str, page: Page | None = None) -> Mapping[str, str]:
        """The version that each tag names."""
        return lists.tags(self._table, (namespace, application), page)

    def attach(self, key: ReleaseKey, package: Package, notice: PendingDelivery, entry: AuditEntry) -> None:
        """Record the finished package of a release, once, and what is owed for it."""
        attach(self.tables, Attaching(key=key, package=package, notice=notice), entry)

    def keep_upload(self, upload: Upload) -> None:
        """Remember an upload in parts."""
        self._table.put(upload_item(upload, expiry(upload.at + UPLOADS_KEPT)))

    def upload(self, key: ReleaseKey, upload_id: str) -> Upload:
        """An upload of this release that was begun."""
        return upload_of(self._got(keys.upload_key(key, upload_id), f"no upload {upload_id[:100]}"))

    def count_download(self, key: ReleaseKey, ask: str) -> None:
        """Count one more download."""
        counted = Change(self._table, keys.downloads_key(key), (Path("downloads").add(1),))
        # DynamoDB knows a transaction by its token for ten minutes.
        self.tables.transact((counted,), ask)

    def downloads(self, key: ReleaseKey) -> int:
        """How often the package was downloaded."""
        item = self._table.get(keys.downloads_key(key))
        return 0 if item is None else int(item["downloads"])

    def yank(self, key: ReleaseKey, yanked: Yanked, entry: AuditEntry) -> None:
        """Take a release out of use."""
        yank(self.tables, key, yanked, entry)

    def unyank(self, key: ReleaseKey, entry: AuditEntry) -> None:
        """Take a release into use again."""
        unyank(self.tables, self.release(key), entry)

    def downstream(self, key: ReleaseKey, page: Page | None = None) -> Sequence[Edge]:
        """What needs exactly this release."""
        return lists.downstream(self._table, key, page)

    def offers(self, interface: str, page: Page | None = None) -> Sequence[Offer]:
        """Who offers the interface."""
        return lists.offers(self._table, interface, page)

    def subscribers(self, namespace: str, application: str) -> Sequence[Unit]:
        """The applications that need this one."""
        return links.subscribers(self._table, namespace, application)

    def hooks(self, unit: Unit) -> Hooks:
        """The hooks of a namespace or an application."""
        return hooks_of(self._table, unit)

    def update_hooks(self, unit: Unit, hooks: Hooks, entry: AuditEntry) -> frozenset[str]:
        """Replace the hooks of a namespace or an application."""
        return put_hooks(self.tables, unit, hooks, entry)

    def hits(self, word: str, most: int) -> Sequence[Hit]:
        """What a word that begins so speaks of."""
        return links.hits(self._table, word, most)

    def latest_of(self, units: Sequence[Unit]) -> Sequence[Release]:
        """The highest release of each application that is there."""
        heads = self._table.get_many([keys.application_key(*unit) for unit in units])
        found = zip(units, heads, strict=True)
        wanted = [keys.release_key(key) for key in (_key_of(unit, head) for unit, head in found) if key is not None]
        return [release_of(item) for item in self._table.get_many(wanted) if item is not None]

    def mark_namespace_deleting(self, name: str, entry: AuditEntry) -> None:
        """Have nothing be registered in the namespace any more."""
        leave_namespace(self.tables, name, entry)

    def remove_namespace(self, name: str) -> None:
        """Forget a namespace that was left, and all in it."""
        remove_namespace(self._table, name)

    @property
    def _table(self) -> Table:
        return self.tables.of(keys.INVENTORY)

    def _got(self, key: Key, missing: str) -> Item:
        item = self._table.get(key)
        if item is None:
            raise NotFound(missing)
        return item

    def _latest(self, namespace: str, application: str) -> str | None:
        head = self._table.get(keys.application_key(namespace, application))
        if head is not None and int(head.get("yanks", 0)) > 0:
            return self._highest(namespace, application, "", IN_USE)
        return None if head is None else str(head["latest"])

    def _tagged(self, namespace: str, application: str, tag: str) -> str | None:
        item = self._table.get(keys.tag_key(namespace, application, tag))
        if item is None:
            return None
        key = ReleaseKey(namespace=namespace, application=application, version=str(item["version"]))
        release = self._table.get(keys.release_key(key))
        return None if release is None or "yanked" in release else key.version

    def _highest(self, namespace: str, application: str, prefix: str, only: Condition | None) -> str | None:
        low, high = prefix_range(prefix)
        places = (f"{keys.RELEASE_PREFIX}{low}", f"{keys.RELEASE_PREFIX}{high}")
        wanted = (Path("pk") == keys.partition(namespace, application)) & Path("sk").between(*places)
        reading = Reading(backward=True, limit=1, consistent=True, only=only)
        # Spellings with leading zeros may stand in the range; then more than one is read.
        found = (str(item["version"]) for item in self._table.every(wanted, reading))
        return next((version for version in found if version.startswith(prefix)), None)

    def _below(self, namespace: str, application: str, size: int, version: str | None) -> Iterator[str]:
        """At most so many versions, from the highest down. version: exclusive."""
        above = AFTER_ALL if version is None else keys.release_place(version)
        mine = Path("pk") == keys.partition(namespace, application)
        wanted = mine & Path("sk").between(keys.RELEASE_PREFIX, above)
        reading = Reading(backward=True, limit=size + 1, consistent=True)
        found = (str(item["version"]) for item in self._table.query(wanted, reading).items)
        yield from [one for one in found if one != version][:size]


def _key_of(unit: Unit, head: Item | None) -> ReleaseKey | None:
    if head is None:
        return None
    return ReleaseKey(namespace=unit[0], application=unit[1], version=str(head["latest"]))
