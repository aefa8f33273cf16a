"""Recording the package of a release, together with what is owed to those who want to hear of it."""

from pynamodb.expressions.operand import Path

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Conflict, NotFound
from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.releases.delivery import PendingDelivery
from chalicelib.kernel.releases.release import Package, ReleaseKey
from chalicelib.store.audit.transaction import transact_audited
from chalicelib.store.dynamo.expressions import ConditionFailed
from chalicelib.store.dynamo.packing import packed
from chalicelib.store.dynamo.tables import Change, Put, Tables
from chalicelib.store.releases.keys import INVENTORY, release_key
from chalicelib.store.runs import keys
from chalicelib.store.runs.deliveries import delivery_item


@frozen
class Attaching:
    """Which release gets which package, and what is owed for it."""

    key: ReleaseKey
    package: Package
    notice: PendingDelivery


def attach(tables: Tables, asked: Attaching, entry: AuditEntry) -> None:
    """Record the finished package of a release, once. Faults: NotFound, Conflict."""
    said, release = packed(Package, asked.package), f"release {asked.key.application}-v{asked.key.version}"
    without = Path("pk").exists() & Path("package").does_not_exist()
    writes = (
        Change(tables.of(INVENTORY), release_key(asked.key), (Path("package").set(said),), without),
        Put(tables.of(keys.RUNS), delivery_item(asked.notice)),
    )
    try:
        transact_audited(tables, writes, entry)
    except ConditionFailed as missed:
        there = missed.there[0]
        if there is None:
            raise NotFound(f"no {release}") from missed
        if there.get("package") != said:
            raise Conflict(f"{release} has a package already") from missed
