"""Recording the package of a release, together with what is owed to those who want to hear of it."""

from pynamodb.expressions.operand import Path

from chalicelib.kernel.faults import Conflict, NotFound
from chalicelib.kernel.owed import Owed
from chalicelib.kernel.release import Package, ReleaseKey
from chalicelib.store import keys
from chalicelib.store.expressions import Missed
from chalicelib.store.keys_inventory import INVENTORY, release_key
from chalicelib.store.owed import owed_item
from chalicelib.store.packing import packed
from chalicelib.store.tables import Change, Put, Tables


def attach(tables: Tables, key: ReleaseKey, package: Package, notice: Owed) -> None:
    """Record the finished package of a release, once. Faults: NotFound, Conflict."""
    said = packed(Package, package)
    without = Path("pk").exists() & Path("package").does_not_exist()
    writes = (
        Change(tables.of(INVENTORY), release_key(key), (Path("package").set(said),), without),
        Put(tables.of(keys.RUNS), owed_item(notice, notice.id)),
    )
    try:
        tables.transact(writes, f"attach/{notice.id}")
    except Missed as missed:
        there = missed.there[0]
        if there is None:
            raise NotFound(f"no release {key.application}-v{key.version}") from missed
        if there.get("package") != said:
            raise Conflict(f"release {key.application}-v{key.version} has a package already") from missed
