"""Ports for releases: one for each noun, and the package store.

Versions passed to these ports are concrete and returned versions exist; version queries are passed as text.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.releases.delivery import PendingDelivery
from chalicelib.kernel.releases.hook import Hooks
from chalicelib.kernel.releases.links import Edge, Offer
from chalicelib.kernel.releases.release import Application, Namespace, Package, Release, ReleaseKey, Upload, Yanked
from chalicelib.kernel.releases.search import Hit
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.frozen import frozen
from slipway_formats.readable import Readable

Unit = tuple[str, str]
"""A namespace and an application in it; the namespace alone if the second is empty."""


@frozen
class ApplicationHead:
    """The state of an application before a registration. project: owner of the namespace; in the default one, of the
    application. count: of releases.

    yanks: how many of these are yanked. words: search words by which the application is found.
    """

    project: str | None = None
    has_namespace: bool = False
    latest: str | None = None
    count: int = 0
    yanks: int = 0
    words: frozenset[str] = frozenset()


@frozen
class PartAddress:
    """The URL to which a part of an upload is PUT. number: from 1."""

    number: int
    url: str


@frozen
class PartsPlan:
    """How an upload is split. part_size: bytes; the last part is the rest."""

    part_size: int
    parts: tuple[PartAddress, ...]


@frozen
class Part:
    """An uploaded part, with the ETag of its response."""

    number: int
    etag: str


@frozen
class NewestVersions:
    """Versions of an application that were registered last, 1,024 at most, unordered. namespace: which it is in."""

    namespace: Namespace
    versions: frozenset[str]


class Namespaces(Protocol):
    """Namespaces and their owners. Reads are consistent; audit entries are handled as in projects.py."""

    def namespace(self, name: str) -> Namespace:
        """Return the namespace. Faults: NotFound."""

    def find_namespace(self, name: str) -> Namespace | None:
        """Return the namespace, if there is one."""

    def project_of(self, namespace: str, application: str = "") -> str | None:
        """Return the project that owns the namespace, if there is one.

        The default namespace is the platform's, whose project is empty; an application in it is owned by a project.
        """

    def namespaces(self, page: Page | None = None, projects: Collection[str] | None = None) -> Sequence[Namespace]:
        """List namespaces by name: all or a page; of every project or of these. A page's `after`: a name."""

    def public_namespaces(self, page: Page | None = None) -> Sequence[Namespace]:
        """List public namespaces, which any authenticated caller may read, by name: all or a page.

        A page's `after`: a name.
        """

    def named(self, names: Sequence[str]) -> Sequence[Namespace]:
        """Return those of the names that are namespaces, in that order."""

    def create_namespace(self, namespace: Namespace, entry: AuditEntry) -> None:
        """Store a new namespace. Faults: Conflict."""

    def update_namespace(self, namespace: Namespace, entry: AuditEntry) -> None:
        """Replace a namespace; its project stays. Faults: NotFound."""

    def mark_namespace_deleting(self, name: str, entry: AuditEntry) -> None:
        """Mark the namespace as deleting, so that nothing can be registered in it; a missing one is no fault."""

    def remove_namespace(self, name: str) -> None:
        """Delete a namespace that is marked as deleting, and all in it but the files of packages; idempotent.

        An interrupted removal is resumed by calling it again.
        """


class Applications(Protocol):
    """Applications, to which releases belong."""

    def application(self, namespace: str, name: str) -> Application:
        """Return the application. Faults: NotFound."""

    def applications(self, namespace: str, page: Page | None = None) -> Sequence[Application]:
        """List the applications of a namespace, by name: all or a page. A page's `after`: a name."""

    def application_head(self, namespace: str, application: str) -> ApplicationHead:
        """Return, in one read, what a registration must know of the application and its namespace."""

    def remove_application(self, namespace: str, name: str) -> None:
        """Delete an application and all its releases but the files of packages; idempotent and resumable."""


class Releases(Protocol):
    """Releases and their versions, including yanked ones."""

    def register(self, release: Release, head: ApplicationHead, owner: str, entry: AuditEntry) -> None:
        """Store a new release in one transaction, with its application and its namespace (owned by `owner`) if missing.

        In the default namespace `owner` owns the application from then on. Its dependencies, provided interfaces and
        search words go with it. Faults: Conflict if the version exists; Stale if the head has changed; TooLarge.
        """

    def release(self, key: ReleaseKey) -> Release:
        """Return the release. Faults: NotFound."""

    def find_release(self, key: ReleaseKey) -> Release | None:
        """Return the release, if there is one."""

    def find_releases(self, wanted: Collection[ReleaseKey]) -> Sequence[Release]:
        """Return those of these releases that exist, as they are now (a consistent read)."""

    def resolve(self, namespace: str, application: str, query: str) -> str | None:
        """Return the version that a query selects, if any: `latest`, `v1.0.@`, `1.0`, a tag.

        Faults: Invalid, if the query is empty. A yanked release is selected by its exact version alone.
        """

    def highest(self, namespace: str, application: str, prefix: str) -> str | None:
        """Return the highest version with this prefix. One item is read if the prefix consists of whole plain parts."""

    def previous(self, key: ReleaseKey) -> str | None:
        """Return the highest version below this one, which need not exist."""

    def versions(self, namespace: str, application: str) -> Sequence[str]:
        """List all versions, highest first."""

    def newest_versions(self, units: Collection[Unit]) -> Mapping[Unit, NewestVersions]:
        """Return the versions of several applications that were registered last, of those applications that exist.

        What has come within this second may be missing.
        """

    def page_of_versions(self, namespace: str, application: str, size: int, below: str | None) -> Sequence[str]:
        """List the highest versions, below one if given, highest first."""

    def yank(self, key: ReleaseKey, yanked: Yanked, entry: AuditEntry) -> None:
        """Yank a release; one that is yanked stays as it is, without an entry. Faults: NotFound, Stale."""

    def unyank(self, key: ReleaseKey, entry: AuditEntry) -> None:
        """Undo a yank; one that is not yanked stays as it is, without an entry. Faults: NotFound, Stale."""


class Tags(Protocol):
    """Names that can move from release to release of an application."""

    def update_tag(self, key: ReleaseKey, tag: str, by: str, entry: AuditEntry | None) -> None:
        """Set the tag to this release, whatever it named before. entry: None if a run does it.

        Faults: NotFound, if there is no such release.
        """

    def tags(self, namespace: str, application: str, page: Page | None = None) -> Mapping[str, str]:
        """Map tags to their versions, in order of tags: all or a page. A page's `after`: a tag."""


class PackageRecords(Protocol):
    """Records of a release's package: uploads, the finished file, downloads."""

    def keep_upload(self, upload: Upload) -> None:
        """Store an upload in parts, for a week."""

    def upload(self, key: ReleaseKey, upload_id: str) -> Upload:
        """Return an upload of this release that was begun. Faults: NotFound."""

    def attach(self, key: ReleaseKey, package: Package, notice: PendingDelivery, entry: AuditEntry) -> None:
        """Record the package of a release, once, with its upload notice or its check in the outbox; idempotent.

        Faults: NotFound, Conflict.
        """

    def pass_check(self, key: ReleaseKey, package: Package) -> None:
        """Let the package that is being checked be had; idempotent."""

    def refuse_package(self, key: ReleaseKey, package: Package, why: str) -> None:
        """Take the package that is being checked from its release, and record why; idempotent."""

    def count_download(self, key: ReleaseKey, request: str) -> None:
        """Count a download, once for each request within ten minutes."""

    def downloads(self, key: ReleaseKey) -> int:
        """Return how often the package was downloaded."""


class Links(Protocol):
    """Dependencies between releases, and the interfaces they provide."""

    def downstream(self, key: ReleaseKey, page: Page | None = None) -> Sequence[Edge]:
        """List the dependents of exactly this release, by name: all or a page. A page's `after`: an edge's name."""

    def offers(self, interface: str, page: Page | None = None) -> Sequence[Offer]:
        """List the providers of the interface, each application in its highest such version, by name: all or a page.

        A page's `after`: an offer's name.
        """

    def subscribers(self, namespace: str, application: str) -> Sequence[Unit]:
        """List the applications of which a release ever depended on this application."""


class UnitHooks(Protocol):
    """Hooks of namespaces and applications."""

    def hooks(self, unit: Unit) -> Hooks:
        """Return the hooks of a namespace or an application; empty if it does not exist."""

    def update_hooks(self, unit: Unit, hooks: Hooks, entry: AuditEntry) -> frozenset[str]:
        """Replace the hooks of a namespace or an application; return the secrets that no hook has any more.

        Faults: NotFound, Stale.
        """


class Search(Protocol):
    """The search index of words."""

    def hits(self, word: str, most: int) -> Sequence[Hit]:
        """Return what the search index has for words with this prefix. It may name what no longer exists.

        A prefix of one letter finds that word alone.
        """

    def latest_of(self, units: Sequence[Unit]) -> Sequence[Release]:
        """Return the highest release of each existing application."""


class Packages(Protocol):
    """The files of releases, each written once under a unique name."""

    @property
    def largest_direct(self) -> int | None:
        """Return the largest package in bytes that the API itself accepts; None for no limit."""

    def put(self, name: str, content: bytes) -> None:
        """Store a whole package. The same name and content again is no fault. Faults: Conflict."""

    def begin(self, name: str, size: int) -> str:
        """Begin an upload in parts and return its id. size: bytes."""

    def plan(self, upload: Upload, now: datetime) -> PartsPlan:
        """Return how the upload is split, with the URLs of its parts, valid for half a day."""

    def complete(self, upload: Upload, parts: Sequence[Part]) -> None:
        """Assemble the parts to one package; idempotent.

        Faults: Invalid, if parts or size are wrong; then the parts are still there, and wrong ones may be sent again.
        """

    def reopen(self, upload: Upload) -> str:
        """Take a completed upload apart again; return the id under which its parts are now. The package stays."""

    def content(self, name: str) -> AbstractContextManager[Readable]:
        """Open a stored package to read it once, from its beginning. Faults: NotFound."""

    def remove(self, name: str) -> None:
        """Delete a package that no release has."""

    def address(self, name: str, file_name: str, *, only_head: bool = False) -> str:
        """Return a download URL, valid for an hour for whoever has it.

        file_name: the name of the downloaded file. only_head: it is good for a HEAD, as others are for a GET alone.
        """
