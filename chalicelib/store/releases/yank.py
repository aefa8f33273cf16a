"""Yank and unyank releases: the release and its application's head change in one transaction."""

from collections.abc import Sequence

from pynamodb.expressions.operand import Path

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import NotFound, Stale
from chalicelib.kernel.feed.occurrence import OccurrenceType
from chalicelib.kernel.feed.of_releases import occurrences_of_release
from chalicelib.kernel.releases.release import Release, ReleaseKey, Yanked
from chalicelib.store.audit.transaction import is_done, transact_audited
from chalicelib.store.dynamo.expressions import ConditionFailed
from chalicelib.store.dynamo.packing import packed
from chalicelib.store.dynamo.tables import Change, Write
from chalicelib.store.feed.writer import FeedWriter
from chalicelib.store.releases import keys


def yank(feed: FeedWriter, key: ReleaseKey, yanked: Yanked, entry: AuditEntry) -> None:
    """Yank a release; do nothing if it is yanked. Faults: NotFound, Stale."""
    encoded = packed(Yanked, yanked)
    set_it = Path("yanked").set(encoded)
    table, head = feed.tables.of(keys.INVENTORY), keys.application_key(key.namespace, key.application)
    known = Path("pk").exists()
    writes = (
        Change(table, keys.release_key(key), (set_it,), known & Path("yanked").does_not_exist()),
        Change(table, head, (Path("yanks").add(1),), known),
    )
    _write(feed, OccurrenceType.RELEASE_YANKED, writes, (key, entry))


def unyank(feed: FeedWriter, release: Release, entry: AuditEntry) -> None:
    """Reverse the yank of a release; do nothing if it is not yanked. Faults: NotFound, Stale."""
    if release.yanked is None:
        is_done(feed.tables, entry)  # an old Idempotency-Key is refused here too
        return
    encoded, key = packed(Yanked, release.yanked), release.key
    table, head = feed.tables.of(keys.INVENTORY), keys.application_key(key.namespace, key.application)
    writes = (
        Change(table, keys.release_key(key), (Path("yanked").remove(),), Path("yanked") == encoded),
        Change(table, head, (Path("yanks").add(-1),), Path("yanks") > 0),
    )
    _write(feed, OccurrenceType.RELEASE_UNYANKED, writes, (key, entry))


def _write(feed: FeedWriter, kind: OccurrenceType, writes: Sequence[Write], of: tuple[ReleaseKey, AuditEntry]) -> None:
    key, entry = of
    try:
        feed.transact(
            occurrences_of_release(kind, key, entry),
            lambda last: transact_audited(feed.tables, (*writes, *last), entry),
        )
    except ConditionFailed as error:
        _explain(error, key)


def _explain(error: ConditionFailed, key: ReleaseKey) -> None:
    if 0 not in error.places:
        raise Stale(f"application {key.application} has changed") from error
    if error.there[0] is None:
        raise NotFound(f"no release {key.application}-v{key.version} in {key.namespace}") from error
