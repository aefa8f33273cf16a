"""What is kept of releases, of the applications they are of, and of the namespaces these are in. Source: Escape core.

The fields of metadata have the names, and in their order, that clients know; what was null stays null. Which metadata
may be registered stands in check.py.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from chalicelib.kernel.frozen import frozen

API_VERSION = 15
"""The metadata version that this house speaks, and the highest it takes."""

CORE_VERSION = "0.15.6"
"""The Escape core whose behaviour the inventory has."""


@frozen
class Consumer:
    """An interface that a release needs from a provider."""

    name: str = ""
    scopes: tuple[str, ...] | None = None
    variable: str = ""
    skip_activate: bool = False
    skip_deactivate: bool = False


@frozen
class Provider:
    """An interface that a release offers to consumers."""

    name: str = ""


@frozen
class Extension:
    """A release that this one was made on top of."""

    release_id: str = ""


@frozen
class Dependency:
    """A release that is deployed with this one. mappings: its inputs, in Escape Script."""

    release_id: str = ""
    mapping: Mapping[str, object] | None = None
    build_mapping: Mapping[str, object] | None = None
    deploy_mapping: Mapping[str, object] | None = None
    consumes: Mapping[str, str] | None = None
    deployment_name: str = ""
    variable: str = ""
    scopes: tuple[str, ...] | None = None


@frozen
class Download:
    """A file to be fetched before a stage."""

    url: str = ""
    dest: str = ""
    overwrite: bool = False
    if_not_exists: tuple[str, ...] | None = None
    unpack: bool = False
    platform: str = ""
    arch: str = ""
    scopes: tuple[str, ...] | None = None


@frozen
class Variable:
    """An input or an output."""

    id: str = ""
    type: str = ""
    default: object = None
    description: str = ""
    friendly: str = ""
    visible: bool = False
    options: Mapping[str, object] | None = None
    sensitive: bool = False
    items: object = None
    eval_before_dependencies: bool = False
    scopes: tuple[str, ...] | None = None


@frozen
class ReleaseStage:
    """What is executed: a command with arguments, an inline script, or a script of the package."""

    cmd: str = ""
    args: tuple[str, ...] | None = None
    inline: str = ""
    script: str = ""


@frozen
class Errand:
    """Something that can be done to a deployment."""

    name: str = ""
    description: str = ""
    script: str = ""
    exec_stage: ReleaseStage | None = None
    inputs: tuple[Variable, ...] | None = None


@frozen
class Template:
    """A file that is rendered before a stage."""

    file: str = ""
    target: str = ""
    scopes: tuple[str, ...] | None = None
    mapping: Mapping[str, object] | None = None


@frozen
class Metadata:
    """What the maker of a release says of it. files: path to MD5. project: the namespace that it names, unchecked."""

    api_version: int = API_VERSION
    built_with_core_version: str = CORE_VERSION
    built_with_escape_version: str = ""
    description: str = ""
    files: Mapping[str, str] | None = field(default_factory=dict)
    license: str = ""
    logo: str = ""
    name: str = ""
    repository: str = ""
    branch: str = ""
    git_revision: str = ""
    revision_message: str = ""
    revision_author: str = ""
    metadata: Mapping[str, str] | None = field(default_factory=dict)
    version: str = ""
    generates: tuple[str, ...] | None = ()
    consumes: tuple[Consumer, ...] | None = ()
    downloads: tuple[Download, ...] | None = None
    depends: tuple[Dependency, ...] | None = ()
    errands: Mapping[str, Errand] | None = field(default_factory=dict)
    extends: tuple[Extension, ...] | None = ()
    inputs: tuple[Variable, ...] | None = ()
    outputs: tuple[Variable, ...] | None = ()
    project: str = ""
    provides: tuple[Provider, ...] | None = ()
    stages: Mapping[str, ReleaseStage] | None = field(default_factory=dict)
    templates: tuple[Template, ...] | None = ()
    variable_context: Mapping[str, str] | None = field(default_factory=dict)


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
    """What releases are of. description, logo, by and at: those of the release registered last; latest: the highest."""

    namespace: str
    name: str
    description: str = ""
    logo: str = ""
    latest: str
    by: str
    at: datetime


@frozen
class Namespace:
    """A group of applications, owned by a project."""

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
