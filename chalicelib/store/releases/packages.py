"""Implement the port PackageRecords on the table `inventory`.

A package is recorded together with its pending notice.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Conflict, NotFound
from chalicelib.kernel.feed.occurrence import OccurrenceType
from chalicelib.kernel.feed.of_releases import occurrences_of_release
from chalicelib.kernel.releases.delivery import PendingDelivery
from chalicelib.kernel.releases.release import Package, ReleaseKey, Upload
from chalicelib.store.audit.transaction import transact_audited
from chalicelib.store.dynamo.expressions import ConditionFailed
from chalicelib.store.dynamo.packing import packed
from chalicelib.store.dynamo.records import expiry
from chalicelib.store.dynamo.tables import Change, Put, Table, Tables
from chalicelib.store.feed.writer import FeedWriter
from chalicelib.store.releases.items import upload_item, upload_of
from chalicelib.store.releases.keys import INVENTORY, downloads_key, release_key, upload_key
from chalicelib.store.runs import keys
from chalicelib.store.runs.deliveries import delivery_item
from chalicelib.use_cases.ports.releases import PackageRecords
from slipway_formats.frozen import frozen
from slipway_formats.override import override

UPLOADS_KEPT = timedelta(days=7)


@frozen
class StoredPackageRecords(PackageRecords):
    """Records of uploads, packages and downloads of releases. feed: writes that packages came."""

    tables: Tables
    feed: FeedWriter

    @override
    def keep_upload(self, upload: Upload) -> None:
        self._table.put(upload_item(upload, expiry(upload.at + UPLOADS_KEPT)))

    @override
    def upload(self, key: ReleaseKey, upload_id: str) -> Upload:
        item = self._table.get(upload_key(key, upload_id))
        if item is None:
            raise NotFound(f"no upload {upload_id[:100]}")
        return upload_of(item)

    @override
    def attach(self, key: ReleaseKey, package: Package, notice: PendingDelivery, entry: AuditEntry) -> None:
        encoded, release = packed(Package, package), f"release {key.application}-v{key.version}"
        without = Path("pk").exists() & Path("package").does_not_exist()
        writes = (
            Change(self._table, release_key(key), (Path("package").set(encoded), Path("refused").remove()), without),
            Put(self.tables.of(keys.RUNS), delivery_item(notice)),
        )
        try:
            self.feed.transact(
                occurrences_of_release(OccurrenceType.RELEASE_UPLOADED, key, entry),
                lambda last: transact_audited(self.tables, (*writes, *last), entry),
            )
        except ConditionFailed as error:
            there = error.there[0]
            if there is None:
                raise NotFound(f"no {release}") from error
            if there.get("package") != encoded:
                raise Conflict(f"{release} has a package already") from error

    @override
    def pass_check(self, key: ReleaseKey, package: Package) -> None:
        self._settle_check(key, package, Path("package").set(packed(Package, replace(package, is_checking=False))))

    @override
    def refuse_package(self, key: ReleaseKey, package: Package, why: str) -> None:
        self._settle_check(key, package, Path("package").remove(), Path("refused").set(why))

    def _settle_check(self, key: ReleaseKey, package: Package, *actions: Action) -> None:
        with suppress(ConditionFailed):  # it was settled before
            self._table.update(release_key(key), actions, Path("package") == packed(Package, package))

    @override
    def count_download(self, key: ReleaseKey, ask: str) -> None:
        counted = Change(self._table, downloads_key(key), (Path("downloads").add(1),))
        # DynamoDB remembers a transaction's token for ten minutes.
        self.tables.transact((counted,), ask)

    @override
    def downloads(self, key: ReleaseKey) -> int:
        item = self._table.get(downloads_key(key))
        return 0 if item is None else int(item["downloads"])

    @property
    def _table(self) -> Table:
        return self.tables.of(INVENTORY)
