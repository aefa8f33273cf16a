"""The fake of the ports of releases, held to one contract with the store by tests/store/releases/test_inventory.py."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Conflict, NotFound, Stale
from chalicelib.kernel.feed.occurrence import OccurrenceType
from chalicelib.kernel.feed.of_releases import occurrences_of_release
from chalicelib.kernel.names import DEFAULT_NAMESPACE
from chalicelib.kernel.releases.delivery import PendingDelivery
from chalicelib.kernel.releases.hook import Hooks, secrets_of
from chalicelib.kernel.releases.links import Edge, Offer, edges_of, offers_of
from chalicelib.kernel.releases.release import Application, Namespace, Package, Release, ReleaseKey, Upload, Yanked
from chalicelib.kernel.releases.search import Hit, words_about, words_of
from chalicelib.use_cases.ports.releases import (
    ApplicationHead,
    Applications,
    Links,
    Namespaces,
    NewestVersions,
    PackageRecords,
    Releases,
    Search,
    Tags,
    Unit,
    UnitHooks,
)
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.version import Exact, parse_query, previous, resolve, sort_key
from tests.fakes.audits import FakeAudits
from tests.fakes.feed import FakeFeed
from tests.fakes.outbox import FakeOutbox

Place = tuple[str, str]
T = TypeVar("T")


PORTS = ("namespaces", "applications", "releases", "tags", "package_records", "links", "hooks", "search")


class Inventory(Namespaces, Applications, Releases, Tags, PackageRecords, Links, UnitHooks, Search, Protocol):
    """All ports of releases in one: they speak of one table."""


def as_ports(inventory: object) -> dict[str, Any]:
    """One for all ports of releases, by the names that these have in `Ports`."""
    return dict.fromkeys(PORTS, inventory)


def paged(found: Mapping[str, T], page: Page | None) -> Mapping[str, T]:
    """What was found by name, in order; a page of it where one is asked for."""
    names = sorted(name for name in found if page is None or name > (page.after or ""))
    return {name: found[name] for name in names[: None if page is None else page.size]}


@dataclass
class FakeInventory(Inventory):
    """Namespaces, applications, releases and tags in memory."""

    audits: FakeAudits = field(default_factory=FakeAudits)
    kept: dict[str, Namespace] = field(default_factory=dict)
    heads: dict[Place, Application] = field(default_factory=dict)
    releases: dict[ReleaseKey, Release] = field(default_factory=dict)
    tagged: dict[Place, dict[str, str]] = field(default_factory=dict)
    uploads: dict[tuple[ReleaseKey, str], Upload] = field(default_factory=dict)
    counted: set[tuple[ReleaseKey, str]] = field(default_factory=set)
    leaving: set[str] = field(default_factory=set)
    counts: dict[ReleaseKey, int] = field(default_factory=dict)
    hooked: dict[Unit, Hooks] = field(default_factory=dict)
    left: dict[Unit, frozenset[str]] = field(default_factory=dict)
    outbox: FakeOutbox = field(default_factory=FakeOutbox)
    feed: FakeFeed = field(default_factory=FakeFeed)

    def __post_init__(self) -> None:
        self.outbox.audits = self.audits

    def namespace(self, name: str) -> Namespace:
        if name not in self.kept:
            raise NotFound(f"no namespace {name}")
        return self.kept[name]

    def find_namespace(self, name: str) -> Namespace | None:
        return self.kept.get(name)

    def project_of(self, namespace: str, application: str = "") -> str | None:
        if namespace == DEFAULT_NAMESPACE and application:
            head = self.heads.get((namespace, application))
            return None if head is None else head.project
        return self.kept[namespace].project if namespace in self.kept else None

    def namespaces(self, page: Page | None = None, projects: Collection[str] | None = None) -> Sequence[Namespace]:
        found = {name: one for name, one in self.kept.items() if projects is None or one.project in projects}
        return list(paged(found, page).values())

    def public_namespaces(self, page: Page | None = None) -> Sequence[Namespace]:
        return list(paged({name: one for name, one in self.kept.items() if one.is_public}, page).values())

    def named(self, names: Sequence[str]) -> Sequence[Namespace]:
        return [self.kept[name] for name in names if name in self.kept]

    def create_namespace(self, namespace: Namespace, entry: AuditEntry) -> None:
        if self.audits.has(entry):
            return
        if namespace.name in self.kept:
            raise Conflict(f"namespace {namespace.name} exists already")
        self.kept[namespace.name] = namespace
        self.audits.write(entry)

    def update_namespace(self, namespace: Namespace, entry: AuditEntry) -> None:
        if not self.audits.has(entry):
            self.kept[namespace.name] = replace(namespace, project=self.namespace(namespace.name).project)
            self.audits.write(entry)

    def applications(self, namespace: str, page: Page | None = None) -> Sequence[Application]:
        return list(paged({name: one for (of, name), one in self.heads.items() if of == namespace}, page).values())

    def application(self, namespace: str, name: str) -> Application:
        if (namespace, name) not in self.heads:
            raise NotFound(f"no application {name} in namespace {namespace}")
        return self.heads[namespace, name]

    def application_head(self, namespace: str, application: str) -> ApplicationHead:
        head = self.heads.get((namespace, application))
        return ApplicationHead(
            project=self.project_of(namespace, application),
            has_namespace=namespace in self.kept,
            latest=None if head is None else head.latest,
            count=len(self.versions(namespace, application)),
            yanks=sum(one.yanked is not None for one in self._of(namespace, application)),
            words=frozenset(
                word for one in self._of(namespace, application) for word in words_about(namespace, one.metadata)
            ),
        )

    def register(self, release: Release, standing: ApplicationHead, owner: str, entry: AuditEntry) -> None:
        key = release.key
        if self.audits.has(entry):
            return
        if key in self.releases:
            raise Conflict(f"release {key.application}-v{key.version} exists")
        if standing != self.application_head(key.namespace, key.application) or key.namespace in self.leaving:
            raise Stale(f"application {key.application} has changed")
        is_default = key.namespace == DEFAULT_NAMESPACE
        made = Namespace(name=key.namespace, project="" if is_default else owner, is_public=is_default)
        self.kept.setdefault(key.namespace, made)
        self.releases[key] = release
        self.heads[key.namespace, key.application] = Application(
            namespace=key.namespace,
            name=key.application,
            description=release.metadata.description,
            logo=release.metadata.logo,
            latest=max((standing.latest or key.version, key.version), key=sort_key),
            by=release.by,
            at=release.at,
            project=(owner or standing.project or "") if is_default else "",
        )
        self._occurred(OccurrenceType.RELEASE_REGISTERED, key, entry)
        self.audits.write(entry)

    def release(self, key: ReleaseKey) -> Release:
        if key not in self.releases:
            raise NotFound(f"no release {key.application}-v{key.version} in {key.namespace}")
        return self.releases[key]

    def find_release(self, key: ReleaseKey) -> Release | None:
        return self.releases.get(key)

    def find_releases(self, wanted: Collection[ReleaseKey]) -> Sequence[Release]:
        return [self.releases[key] for key in dict.fromkeys(wanted) if key in self.releases]

    def resolve(self, namespace: str, application: str, query: str) -> str | None:
        parsed = parse_query(query)
        used = [one.key.version for one in self._of(namespace, application) if one.yanked is None]
        known = self.versions(namespace, application) if isinstance(parsed, Exact) else used
        return resolve(parsed, known, self.tags(namespace, application))

    def highest(self, namespace: str, application: str, prefix: str) -> str | None:
        return next((one for one in self.versions(namespace, application) if one.startswith(prefix)), None)

    def previous(self, key: ReleaseKey) -> str | None:
        return previous(key.version, self.versions(key.namespace, key.application))

    def versions(self, namespace: str, application: str) -> Sequence[str]:
        mine = (key.version for key in self.releases if (key.namespace, key.application) == (namespace, application))
        return sorted(mine, key=sort_key, reverse=True)

    def newest_versions(self, units: Collection[Unit]) -> Mapping[Unit, NewestVersions]:
        known: dict[Unit, list[str]] = {}
        for one in self.releases:
            known.setdefault((one.namespace, one.application), []).append(one.version)
        # By pages of 256, as the store has it: the last one is seldom full.
        last = {unit: of[max(0, (len(of) - 1) // 256 - 3) * 256 :] for unit, of in known.items() if unit in units}
        return {
            unit: NewestVersions(namespace=self.namespace(unit[0]), versions=frozenset(of)) for unit, of in last.items()
        }

    def page_of_versions(self, namespace: str, application: str, size: int, below: str | None) -> Sequence[str]:
        all_of_them = self.versions(namespace, application)
        return [one for one in all_of_them if below is None or sort_key(one) < sort_key(below)][:size]

    def update_tag(self, key: ReleaseKey, tag: str, by: str, entry: AuditEntry | None) -> None:
        assert by
        if entry is not None and self.audits.has(entry):
            return
        self.release(key)
        self.tagged.setdefault((key.namespace, key.application), {})[tag] = key.version
        if entry is not None:
            self.audits.write(entry)

    def tags(self, namespace: str, application: str, page: Page | None = None) -> Mapping[str, str]:
        return paged(self.tagged.get((namespace, application), {}), page)

    def attach(self, key: ReleaseKey, package: Package, notice: PendingDelivery, entry: AuditEntry) -> None:
        known = self.release(key)
        if self.audits.has(entry) or known.package == package:
            return
        if known.package is not None:
            raise Conflict(f"release {key.application}-v{key.version} has a package already")
        self.outbox.kept[notice.id] = notice
        self.releases[key] = replace(known, package=package, refused="")
        self._occurred(OccurrenceType.RELEASE_UPLOADED, key, entry)
        self.audits.write(entry)

    def pass_check(self, key: ReleaseKey, package: Package) -> None:
        if key in self.releases and self.releases[key].package == package:
            self.releases[key] = replace(self.releases[key], package=replace(package, is_checking=False))

    def refuse_package(self, key: ReleaseKey, package: Package, why: str) -> None:
        if key in self.releases and self.releases[key].package == package:
            self.releases[key] = replace(self.releases[key], package=None, refused=why)

    def keep_upload(self, upload: Upload) -> None:
        self.uploads[upload.release, upload.id] = upload

    def upload(self, key: ReleaseKey, upload_id: str) -> Upload:
        if (key, upload_id) not in self.uploads:
            raise NotFound(f"no upload {upload_id[:100]}")
        return self.uploads[key, upload_id]

    def count_download(self, key: ReleaseKey, ask: str) -> None:
        if (key, ask) not in self.counted:
            self.counted.add((key, ask))
            self.counts[key] = self.downloads(key) + 1

    def downloads(self, key: ReleaseKey) -> int:
        return self.counts.get(key, 0)

    def yank(self, key: ReleaseKey, yanked: Yanked, entry: AuditEntry) -> None:
        known = self.release(key)
        if not self.audits.has(entry) and known.yanked is None:
            self.releases[key] = replace(known, yanked=yanked)
            self._occurred(OccurrenceType.RELEASE_YANKED, key, entry)
            self.audits.write(entry)

    def unyank(self, key: ReleaseKey, entry: AuditEntry) -> None:
        known = self.release(key)
        if not self.audits.has(entry) and known.yanked is not None:
            self.releases[key] = replace(known, yanked=None)
            self._occurred(OccurrenceType.RELEASE_UNYANKED, key, entry)
            self.audits.write(entry)

    def _occurred(self, kind: OccurrenceType, key: ReleaseKey, entry: AuditEntry) -> None:
        self.feed.add(occurrences_of_release(kind, key, entry))

    def downstream(self, key: ReleaseKey, page: Page | None = None) -> Sequence[Edge]:
        edges = (edge for one in self.releases.values() for edge in edges_of(one) if edge.upstream == key)
        return list(paged({edge.name: edge for edge in edges}, page).values())

    def offers(self, interface: str, page: Page | None = None) -> Sequence[Offer]:
        every = (offer for one in self.releases.values() for offer in offers_of(one) if offer.interface == interface)
        highest: dict[str, Offer] = {}
        for offer in sorted(every, key=lambda offer: sort_key(offer.version)):
            highest[offer.name] = offer
        return list(paged(highest, page).values())

    def subscribers(self, namespace: str, application: str) -> Sequence[Unit]:
        edges = (edge for one in self.releases.values() for edge in edges_of(one))
        mine = [e for e in edges if (e.upstream.namespace, e.upstream.application) == (namespace, application)]
        return sorted({(edge.downstream.namespace, edge.downstream.application) for edge in mine})

    def hooks(self, unit: Unit) -> Hooks:
        return self.hooked.get(unit, {})

    def update_hooks(self, unit: Unit, hooks: Hooks, entry: AuditEntry) -> frozenset[str]:
        if self.audits.has(entry):
            return self.left.get(unit, frozenset())
        if unit not in self.heads and (unit[1] or unit[0] not in self.kept):
            raise NotFound(f"no {unit}")
        self.left[unit] = secrets_of(self.hooks(unit)) - secrets_of(hooks)
        self.hooked[unit] = hooks
        self.audits.write(entry)
        return self.left[unit]

    def hits(self, word: str, most: int) -> Sequence[Hit]:
        fits = [hit for hit in self._hits() if hit.word.startswith(word) and (len(word) > 1 or hit.word == word)]
        return sorted(fits, key=lambda hit: (hit.word, hit.namespace, hit.application, hit.tag))[:most]

    def latest_of(self, units: Sequence[Unit]) -> Sequence[Release]:
        heads = (self.heads[unit] for unit in units if unit in self.heads)
        keys = (ReleaseKey(namespace=one.namespace, application=one.name, version=one.latest) for one in heads)
        return [self.releases[key] for key in keys]

    def remove_application(self, namespace: str, name: str) -> None:
        unit = (namespace, name)
        for kept in (self.heads, self.tagged, self.hooked):
            kept.pop(unit, None)
        self.releases = {key: one for key, one in self.releases.items() if (key.namespace, key.application) != unit}
        self.counts = {key: count for key, count in self.counts.items() if (key.namespace, key.application) != unit}

    def mark_namespace_deleting(self, name: str, entry: AuditEntry) -> None:
        if name in self.kept and not self.audits.has(entry):
            self.leaving.add(name)
            self.audits.write(entry)

    def remove_namespace(self, name: str) -> None:
        self.leaving.discard(name)
        self.kept.pop(name, None)
        self.heads = {place: head for place, head in self.heads.items() if place[0] != name}
        self.releases = {key: one for key, one in self.releases.items() if key.namespace != name}
        self.tagged = {place: tags for place, tags in self.tagged.items() if place[0] != name}
        self.counts = {key: count for key, count in self.counts.items() if key.namespace != name}
        self.hooked = {unit: hooks for unit, hooks in self.hooked.items() if unit[0] != name}

    def _of(self, namespace: str, application: str) -> Sequence[Release]:
        wanted = (namespace, application)
        return [one for one in self.releases.values() if (one.namespace, one.key.application) == wanted]

    def _hits(self) -> Iterator[Hit]:
        for one in self.releases.values():
            for word in words_about(one.namespace, one.metadata):
                yield Hit(word=word, namespace=one.namespace, application=one.key.application)
        for (namespace, application), tags in self.tagged.items():
            for tag, version in tags.items():
                for word in words_of(tag):
                    yield Hit(word=word, namespace=namespace, application=application, tag=tag, version=version)
