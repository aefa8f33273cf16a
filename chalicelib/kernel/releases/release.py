"""What is kept of releases, of the applications they are of, and of the namespaces these are in. Source: Escape core.

What the maker of a release says of it stands in slipway_formats/release.py; which of it may be registered in check.py.
"""

from datetime import datetime

from slipway_formats.frozen import frozen
from slipway_formats.release import Metadata


@frozen
class ReleaseKey:
    """Which release: the version is concrete."""

    namespace: str
    application: str
    version: str


@frozen
class Package:
    """The file of a release, uploaded in full. object: where it is kept. size: bytes. sha256: in hex."""

    object: str
    size: int
    sha256: str
    at: datetime


@frozen
class Yanked:
    """That a release was taken out of use: only who asks for exactly its version gets it."""

    reason: str
    by: str
    at: datetime


@frozen
class Built:
    """That a run of ours built a release. by: who started the run."""

    run: str
    by: str


@frozen
class Release:
    """An immutable, versioned package. package: nothing until its upload is finished.

    built: nothing where no run of ours is known to have built it.
    """

    namespace: str
    metadata: Metadata
    by: str
    at: datetime
    built: Built | None = None
    package: Package | None = None
    yanked: Yanked | None = None

    @property
    def key(self) -> ReleaseKey:
        """Which release this is."""
        return ReleaseKey(namespace=self.namespace, application=self.metadata.name, version=self.metadata.version)


@frozen
class Application:
    """What releases are of. description, logo, by and at: those of the release registered last; latest: the highest.

    project: that owns it, where it is in the default namespace, which is the platform's; elsewhere the namespace says.
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
    """An upload in parts that somebody began. id: of the store of packages. size: bytes. sha256: as they declare it."""

    id: str
    release: ReleaseKey
    object: str
    size: int
    sha256: str
    at: datetime
