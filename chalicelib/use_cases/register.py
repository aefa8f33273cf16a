"""Registering a release, and the version that the next one should have."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.kernel import names, version
from chalicelib.kernel.faults import Conflict, Invalid, NotFound, Stale, Throttled
from chalicelib.kernel.principal import Principal, may
from chalicelib.kernel.release import Metadata, Release
from chalicelib.kernel.release_check import check_namespace, checked, refused
from chalicelib.kernel.role import EVERY_PROJECT, Level, projects_of
from chalicelib.use_cases.ports_inventory import InventoryPorts, Standing

ATTEMPTS = 5
"""Each lost one means that another release of the application was registered in between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A release to be registered. owner: project of a new namespace, if the asker names one. id: of the asking."""

    namespace: str
    metadata: Metadata | None
    owner: str = ""
    by: Principal
    at: datetime
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NextVersion:
    """A question for the version after the highest one with a prefix."""

    namespace: str
    application: str
    prefix: str
    by: Principal


def register(ports: InventoryPorts, ask: Register) -> None:
    """Ensures that the release is registered, or that nothing is stored. Faults: Invalid, NotFound, TooLarge."""
    metadata = checked(ask.metadata)
    check_namespace(ask.namespace)
    release = Release(namespace=ask.namespace, metadata=metadata, by=ask.by.name, at=ask.at, registration=ask.id)
    owner = owner_of_new(ask.namespace, ask.owner, ask.by)
    for _ in range(ATTEMPTS):
        try:
            return _registered(ports, release, owner, ask.by)
        except Stale:
            continue
        except Conflict:
            raise refused(f"Release {metadata.name}-v{metadata.version} already exists") from None
    raise Throttled(f"{ask.namespace}/{metadata.name} changes too often")


def next_version(ports: InventoryPorts, ask: NextVersion) -> str:
    """Answers the prefix and one more than the highest number that follows it; from 0 where nothing is, or is shown."""
    standing = ports.inventory.standing(ask.namespace, ask.application)
    latest = standing.latest
    if latest is None or standing.project is None or not may(ask.by, Level.READ, standing.project):
        return version.next_version(ask.prefix, ())
    if not version.is_plain_prefix(ask.prefix):
        return version.next_version(ask.prefix, ports.inventory.versions(ask.namespace, ask.application))
    # The highest of all is the highest of those that begin as it does: in most lines of releases one read is enough.
    if not latest.startswith(ask.prefix):
        latest = ports.inventory.highest(ask.namespace, ask.application, ask.prefix)
    return version.next_version(ask.prefix, () if latest is None else (latest,))


def owner_of_new(namespace: str, asked: str, by: Principal) -> str:
    """The project to which a new namespace belongs: the one asked for, the asker's only one, or its own name's."""
    if asked:
        if defects := names.project(asked, "X-Slipway-Project"):
            raise Invalid(defects)
        return asked
    own = projects_of(by.roles) - {EVERY_PROJECT}
    return next(iter(own)) if len(own) == 1 else namespace


def _registered(ports: InventoryPorts, release: Release, owner: str, by: Principal) -> None:
    standing: Standing = ports.inventory.standing(release.namespace, release.metadata.name)
    if not may(by, Level.WRITE, standing.project or owner):
        raise NotFound(f"no namespace {release.namespace}")
    ports.inventory.register(release, standing, owner)
