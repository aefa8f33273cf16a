"""What lies between the releases of a change set, and what of it a caller may read."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.changes.between import files_that_differ
from chalicelib.kernel.changes.change_set import Between, ChangeSet, Commit, DeploymentChange, FileChange
from chalicelib.kernel.releases.release import Release, ReleaseKey
from chalicelib.use_cases.access.authorise import may_read
from chalicelib.use_cases.changes.reading import Reading
from slipway_formats.version import is_version, sort_key

MOST_COMMITS = 30
MOST_FILES = 200


def for_caller(by: Principal, changes: ChangeSet) -> ChangeSet:
    """Return the change set without the inputs of deployments in projects that the caller may not read."""
    if all(may(by, Level.READ, one.project) for one in changes.deployments):
        return changes
    seen = (
        one if may(by, Level.READ, one.project) else replace(one, inputs=(), providers=())
        for one in changes.deployments
    )
    return replace(changes, deployments=tuple(seen))


def with_what_lies_between(reading: Reading, by: Principal, changes: ChangeSet) -> ChangeSet:
    """Return the change set with commits and files, of applications that the caller may read."""
    return replace(changes, deployments=tuple(_looked_up(reading, by, one) for one in changes.deployments))


def _looked_up(reading: Reading, by: Principal, change: DeploymentChange) -> DeploymentChange:
    namespace, _, application = change.application.rpartition("/")
    space = reading.once(("space", namespace), lambda: reading.ports.namespaces.find_namespace(namespace))
    if not change.new or space is None or not may_read(by, space):
        return change
    key = ReleaseKey(namespace=namespace, application=application, version=change.new)
    between = reading.once((key, change.old), lambda: _between(reading, key, change.old))
    return replace(change, between=between)


def _between(reading: Reading, key: ReleaseKey, old: str) -> Between | None:
    """Return the releases from the older one, which is left out, to the newer; of one alone its own commit."""
    if not is_version(key.version) or old == key.version:
        return None
    if not is_version(old):
        return Between(commits=tuple(_commits(reading, key, (key.version,))))
    is_back = sort_key(key.version) < sort_key(old)
    low, high = (key.version, old) if is_back else (old, key.version)
    below = reading.ports.releases.page_of_versions(key.namespace, key.application, MOST_COMMITS + 1, high)
    versions = (high, *takewhile(lambda one: sort_key(one) > sort_key(low), below))
    files = _files(reading, key, old)
    return Between(
        commits=tuple(_commits(reading, key, versions[:MOST_COMMITS])),
        files=files[:MOST_FILES],
        is_back=is_back,
        is_cut=len(versions) > MOST_COMMITS or len(files) > MOST_FILES,
    )


def _files(reading: Reading, key: ReleaseKey, old: str) -> tuple[FileChange, ...]:
    before, now = _release(reading, replace(key, version=old)), _release(reading, key)
    if before is None or now is None:
        return ()
    return tuple(files_that_differ(before.metadata, now.metadata))


def _commits(reading: Reading, key: ReleaseKey, versions: Sequence[str]) -> Iterator[Commit]:
    found = (_release(reading, replace(key, version=version)) for version in versions)
    return (_commit(release) for release in found if release is not None)


def _commit(release: Release) -> Commit:
    said = release.metadata
    return Commit(
        version=said.version,
        revision=said.git_revision,
        branch=said.branch,
        message=said.revision_message,
        author=said.revision_author,
        by=release.by,
        at=release.at,
    )


def _release(reading: Reading, key: ReleaseKey) -> Release | None:
    return reading.once(key, lambda: reading.ports.releases.find_release(key))
