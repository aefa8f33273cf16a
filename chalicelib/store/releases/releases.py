"""Implement the port Releases on the table `inventory`: releases and their versions. Keys and access patterns:
keys.py.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.releases.release import Release, ReleaseKey, Yanked
from chalicelib.store.dynamo.remembered import WhileSame
from chalicelib.store.dynamo.tables import Reading, Table, Tables
from chalicelib.store.feed.writer import FeedWriter
from chalicelib.store.releases import keys
from chalicelib.store.releases.items import namespace_of, release_of
from chalicelib.store.releases.register import Registering, register
from chalicelib.store.releases.yank import unyank, yank
from chalicelib.use_cases.ports.releases import ApplicationHead, NewestVersions, Releases, Unit
from slipway_formats.frozen import frozen
from slipway_formats.override import override
from slipway_formats.version import Exact, Latest, Prefix, Tag, parse_query, prefix_range, sort_key

AFTER_ALL = "release#~"
IN_USE = Path("yanked").does_not_exist()
MOST_LISTED = 100_000
"""Versions in all lists that one process remembers: 10 MB."""


@frozen
class StoredReleases(Releases):
    """Releases and their versions, including yanked ones. feed: writes what occurred with each change.

    lists: whole lists of versions, as long as the item of their application is the same, which each registration
    changes.
    """

    tables: Tables
    feed: FeedWriter
    lists: WhileSame[str] = field(default_factory=lambda: WhileSame(0))

    @override
    def register(self, release: Release, standing: ApplicationHead, owner: str, entry: AuditEntry) -> None:
        register(self.feed, Registering(release=release, standing=standing, owner=owner), entry)

    @override
    def release(self, key: ReleaseKey) -> Release:
        found = self.find_release(key)
        if found is None:
            raise NotFound(f"no release {key.application}-v{key.version} in {key.namespace}")
        return found

    @override
    def find_release(self, key: ReleaseKey) -> Release | None:
        item = self._table.get(keys.release_key(key))
        return None if item is None else release_of(item)

    @override
    def find_releases(self, wanted: Collection[ReleaseKey]) -> Sequence[Release]:
        found = self._table.get_many([keys.release_key(key) for key in dict.fromkeys(wanted)], consistent=True)
        return [release_of(item) for item in found if item is not None]

    @override
    def resolve(self, namespace: str, application: str, query: str) -> str | None:
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

    @override
    def highest(self, namespace: str, application: str, prefix: str) -> str | None:
        return self._highest(namespace, application, prefix, None)

    @override
    def previous(self, key: ReleaseKey) -> str | None:
        return next(self._below(key.namespace, key.application, 1, key.version), None)

    @override
    def versions(self, namespace: str, application: str) -> Sequence[str]:
        head = keys.application_key(namespace, application)
        return self.lists.get(head, lambda: self._table.get(head), lambda: self._versions(namespace, application))

    @override
    def newest_versions(self, units: Collection[Unit]) -> Mapping[Unit, NewestVersions]:
        named = list(units)
        wanted = [*(keys.application_key(*unit) for unit in named), *(keys.namespace_key(name) for name, _ in named)]
        found = self._table.get_many(wanted)
        pairs = zip(named, found[: len(named)], found[len(named) :], strict=True)
        there = {unit: (head, space) for unit, head, space in pairs if head is not None and space is not None}
        versions = self._newest({unit: int(head["releases"]) for unit, (head, _) in there.items()})
        return {
            unit: NewestVersions(namespace=namespace_of(space), versions=frozenset(versions[unit]))
            for unit, (_, space) in there.items()
        }

    @override
    def page_of_versions(self, namespace: str, application: str, size: int, below: str | None) -> Sequence[str]:
        return list(self._below(namespace, application, size, below))

    @override
    def yank(self, key: ReleaseKey, yanked: Yanked, entry: AuditEntry) -> None:
        yank(self.feed, key, yanked, entry)

    @override
    def unyank(self, key: ReleaseKey, entry: AuditEntry) -> None:
        unyank(self.feed, self.release(key), entry)

    def _versions(self, namespace: str, application: str) -> tuple[str, ...]:
        mine = Path("pk") == keys.partition(namespace, application)
        pages = self._table.every(mine & Path("sk").startswith(keys.VERSIONS_PREFIX), Reading(consistent=True))
        return tuple(sorted((str(one) for page in pages for one in page["versions"]), key=sort_key, reverse=True))

    def _newest(self, counts: Mapping[Unit, int]) -> Mapping[Unit, set[str]]:
        """Return the versions in the last pages of applications that have so many."""
        places = [(unit, page) for unit, count in counts.items() for page in keys.newest_pages(count)]
        pages = self._table.get_many([keys.versions_key(*unit, page) for unit, page in places])
        found: dict[Unit, set[str]] = {unit: set() for unit in counts}
        for (unit, _), page in zip(places, pages, strict=True):
            found[unit].update(map(str, page["versions"] if page is not None else ()))
        return found

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
        # The range may contain spellings with leading zeros; then more than one item is read.
        found = (str(item["version"]) for item in self._table.every(wanted, reading))
        return next((version for version in found if version.startswith(prefix)), None)

    def _below(self, namespace: str, application: str, size: int, version: str | None) -> Iterator[str]:
        """Yield at most `size` versions, from the highest down. version: exclusive."""
        above = AFTER_ALL if version is None else keys.release_place(version)
        mine = Path("pk") == keys.partition(namespace, application)
        wanted = mine & Path("sk").between(keys.RELEASE_PREFIX, above)
        reading = Reading(backward=True, limit=size + 1, consistent=True)
        found = (str(item["version"]) for item in self._table.query(wanted, reading).items)
        yield from [one for one in found if one != version][:size]

    @property
    def _table(self) -> Table:
        return self.tables.of(keys.INVENTORY)
