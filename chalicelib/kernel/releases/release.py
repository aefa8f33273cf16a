"""What is kept of releases, of the applications they are of, and of the namespaces these are in. Source: Escape core.

What the maker of a release says of it stands in slipway_formats/release.py; which of it may be registered in check.py.
"""

from datetime import datetime

from slipway_formats.frozen import frozen
from slipway_formats.release import Metadata


@frozen
class ReleaseKey:
    """The key of a release. version: exact, no query."""

    namespace: str
    application: str
    version: str


@frozen
class Package:
    """The file of a release, uploaded in full. object: where it is kept. size: bytes. sha256: in hex.

    is_checking: it is still being read, and nobody gets it.
    """

    object: str
    size: int
    sha256: str
    at: datetime
    is_checking: bool = False


@frozen
class Yanked:
    """Mark of a yanked release: only a query for its exact version selects it."""

    reason: str
    by: str
    at: datetime


@frozen
class Built:
    """The run of this platform that built a release. by: who started the run."""

    run: str
    by: str


@frozen
class Release:
    """An immutable, versioned package. package: None until its upload is finished.

    built: None if it was built elsewhere. refused: why the package that came last was not taken.
    """

    namespace: str
    metadata: Metadata
    by: str
    at: datetime
    built: Built | None = None
    package: Package | None = None
    yanked: Yanked | None = None
    refused: str = ""

    @property
    def key(self) -> ReleaseKey:
        """Return the key of the release."""
        return ReleaseKey(namespace=self.namespace, application=self.metadata.name, version=self.metadata.version)


@frozen
class Application:
    """An application with releases. description, logo, by, at: of the release registered last. latest: the highest.

    project: its owner if it is in the default namespace, which belongs to the platform; else empty.
    """

    namespace: str
    name: str
    description: str = ""
    logo: str = ""
    latest: str
    by: str
    at: datetime
    project: str = ""


@frozen
class Namespace:
    """A group of applications, owned by a project. project: empty for the default namespace, the platform's."""

    name: str
    project: str
    description: str = ""
    org_url: str = ""
    logo: str = ""
    is_public: bool = False


@frozen
class Upload:
    """A multipart upload that was begun. id: given by the package store. size: bytes. sha256: as declared.

    is_checked: its package is read when it is completed; not that of one that 0.1 began. reopened: the id in the
    package store since a damaged package was refused; its parts are kept under it.
    """

    id: str
    release: ReleaseKey
    object: str
    size: int
    sha256: str
    at: datetime
    is_checked: bool = False
    reopened: str = ""

    @property
    def stored_id(self) -> str:
        """The id under which the package store has the parts."""
        return self.reopened or self.id
