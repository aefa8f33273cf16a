"""What the use cases need from outside about releases: a port for each noun, and the store of packages.

Versions given to these ports are concrete and versions answered exist; queries for versions are told as text.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.releases.delivery import PendingDelivery
from chalicelib.kernel.releases.hook import Hooks
from chalicelib.kernel.releases.links import Edge, Offer
from chalicelib.kernel.releases.release import Application, Namespace, Package, Release, ReleaseKey, Upload, Yanked
from chalicelib.kernel.releases.search import Hit
from chalicelib.use_cases.ports.runs import Page

Unit = tuple[str, str]
"""A namespace and an application in it; the namespace alone where the second is empty."""


@frozen
class ApplicationHead:
    """What is there where a release is to be registered. project: that owns the namespace. count: of its releases.

    yanks: how many of these are yanked. words: by which the application is found.
    """

    project: str | None = None
    latest: str | None = None
    count: int = 0
    yanks: int = 0
    words: frozenset[str] = frozenset()


@frozen
class PartAddress:
    """Where a part of an upload is PUT. number: from 1."""

    number: int
    url: str


@frozen
class PartsPlan:
    """How an upload is cut. part_size: bytes; the last part is what is left."""

    part_size: int
    parts: tuple[PartAddress, ...]


@frozen
class Part:
    """A part that was PUT, and the ETag that answered it."""

    number: int
    etag: str


class Namespaces(Protocol):
    """Namespaces and who owns them. Reads are consistent; entries of the audit log are taken as in projects.py."""

    def namespace(self, name: str) -> Namespace:
        """The namespace. Faults: NotFound."""

    def find_namespace(self, name: str) -> Namespace | None:
        """The namespace, if there is one."""

    def project_of(self, namespace: str) -> str | None:
        """The project that owns the namespace, if there is one."""

    def namespaces(self, page: Page | None = None, projects: Collection[str] | None = None) -> Sequence[Namespace]:
        """Namespaces by name: all, or a page; of every project, or of these. A page's `after`: a name."""

    def public_namespaces(self, page: Page | None = None) -> Sequence[Namespace]:
        """Those that anybody known may read, by name: all, or a page. A page's `after`: a name."""

    def named(self, names: Sequence[str]) -> Sequence[Namespace]:
        """Those of the names that are namespaces, in that order."""

    def create_namespace(self, namespace: Namespace, entry: AuditEntry) -> None:
        """Store a new namespace. Faults: Conflict."""

    def update_namespace(self, namespace: Namespace, entry: AuditEntry) -> None:
        """Replace a namespace; its project stays. Faults: NotFound."""

    def mark_namespace_deleting(self, name: str, entry: AuditEntry) -> None:
        """Have nothing be registered in the namespace any more; one that is not there is no fault."""

    def remove_namespace(self, name: str) -> None:
        """Forget a namespace that was left, and all in it but the files of packages; nothing, when there is none.

        Broken off, it is gone on with by asking again.
        """


class Applications(Protocol):
    """What releases are of."""

    def application(self, namespace: str, name: str) -> Application:
        """The application. Faults: NotFound."""

    def applications(self, namespace: str, page: Page | None = None) -> Sequence[Application]:
        """The applications of a namespace, by name: all, or a page. A page's `after`: a name."""

    def application_head(self, namespace: str, application: str) -> ApplicationHead:
        """What is there before a registration, in one read."""


class Releases(Protocol):
    """Releases and their versions, in use or yanked."""

    def register(self, release: Release, standing: ApplicationHead, owner: str, entry: AuditEntry) -> None:
        """Store a new release, or nothing; its application and, owned by `owner`, its namespace where they are missing.

        What it needs, offers and is found by is stored with it. Faults: Conflict, when another registration has the
        version; Stale, when the standing is no longer true; TooLarge.
        """

    def release(self, key: ReleaseKey) -> Release:
        """The release. Faults: NotFound."""

    def find_release(self, key: ReleaseKey) -> Release | None:
        """The release, if there is one."""

    def resolve(self, namespace: str, application: str, query: str) -> str | None:
        """The version that a version query means: `latest`, `v1.0.@`, `1.0`, a tag. Faults: Invalid, when empty.

        A yanked release is meant by its exact version alone.
        """

    def highest(self, namespace: str, application: str, prefix: str) -> str | None:
        """The highest version whose text begins so. One item is read, if the prefix is of whole plain parts."""

    def previous(self, key: ReleaseKey) -> str | None:
        """The highest version below this one, which need not exist."""

    def versions(self, namespace: str, application: str) -> Sequence[str]:
        """All versions, the highest first."""

    def page_of_versions(self, namespace: str, application: str, size: int, below: str | None) -> Sequence[str]:
        """The highest versions, those below one where it is given; the highest first."""

    def yank(self, key: ReleaseKey, yanked: Yanked, entry: AuditEntry) -> None:
        """Take a release out of use; one that is stays as it is, without an entry. Faults: NotFound, Stale."""

    def unyank(self, key: ReleaseKey, entry: AuditEntry) -> None:
        """Take a release into use again; one that is stays as it is, without an entry. Faults: NotFound, Stale."""


class Tags(Protocol):
    """Names that move from release to release of an application."""

    def update_tag(self, key: ReleaseKey, tag: str, by: str, entry: AuditEntry | None) -> None:
        """Have the tag name this release, whatever it named before. entry: none where a run does it.

        Faults: NotFound, when there is no such release.
        """

    def tags(self, namespace: str, application: str, page: Page | None = None) -> Mapping[str, str]:
        """The version that each tag names, in their order: all, or a page. A page's `after`: a tag."""


class PackageRecords(Protocol):
    """What is known of the package of a release: uploads, the finished file, downloads."""

    def keep_upload(self, upload: Upload) -> None:
        """Remember an upload in parts, for a week."""

    def upload(self, key: ReleaseKey, upload_id: str) -> Upload:
        """An upload of this release that was begun. Faults: NotFound."""

    def attach(self, key: ReleaseKey, package: Package, notice: PendingDelivery, entry: AuditEntry) -> None:
        """Record the finished package of a release, once, and what is owed for it; the same again changes nothing.

        Faults: NotFound, Conflict.
        """

    def count_download(self, key: ReleaseKey, ask: str) -> None:
        """Count one more download; of the same ask, within ten minutes, once."""

    def downloads(self, key: ReleaseKey) -> int:
        """How often the package was downloaded."""


class Links(Protocol):
    """What releases need of one another, and what they offer."""

    def downstream(self, key: ReleaseKey, page: Page | None = None) -> Sequence[Edge]:
        """What needs exactly this release, by name: all, or a page. A page's `after`: an edge's name."""

    def offers(self, interface: str, page: Page | None = None) -> Sequence[Offer]:
        """Who offers the interface, each application in the highest version that does, by name: all, or a page.

        A page's `after`: an offer's name.
        """

    def subscribers(self, namespace: str, application: str) -> Sequence[Unit]:
        """The applications of which a release once needed one of this application."""


class UnitHooks(Protocol):
    """Hooks of namespaces and applications."""

    def hooks(self, unit: Unit) -> Hooks:
        """The hooks of a namespace or an application; none where it is not there."""

    def update_hooks(self, unit: Unit, hooks: Hooks, entry: AuditEntry) -> frozenset[str]:
        """Replace the hooks of a namespace or an application; which secrets of theirs no hook has any more.

        Faults: NotFound, Stale.
        """


class Search(Protocol):
    """What words speak of."""

    def hits(self, word: str, most: int) -> Sequence[Hit]:
        """What a word that begins so speaks of. May speak of what is no longer there."""

    def latest_of(self, units: Sequence[Unit]) -> Sequence[Release]:
        """The highest release of each application that is there."""


class Packages(Protocol):
    """The files of releases, each written once under a name of its own."""

    @property
    def largest_direct(self) -> int | None:
        """Bytes of a package that may come through the API itself; nothing where that does not matter."""

    def put(self, name: str, content: bytes) -> None:
        """Store a whole package. The same name and content again are no fault. Faults: Conflict."""

    def begin(self, name: str, size: int) -> str:
        """The id of a new upload in parts. size: bytes."""

    def plan(self, upload: Upload, now: datetime) -> PartsPlan:
        """Into which parts the upload is cut, and where each is PUT, for half a day."""

    def complete(self, upload: Upload, parts: Sequence[Part]) -> None:
        """Make one package of the parts; doing it again is no fault. Faults: Invalid, when parts or size are wrong."""

    def remove(self, name: str) -> None:
        """Forget a package that no release has."""

    def address(self, name: str, file_name: str) -> str:
        """Where the package can be fetched by whoever has the address, for an hour, and under which file name."""
