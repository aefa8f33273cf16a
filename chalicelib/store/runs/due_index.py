"""Query the index by due time, which runs, jobs and deliveries share."""

from collections.abc import Iterator
from datetime import datetime

from pynamodb.expressions.operand import Path

from chalicelib.store.dynamo.key_parts import instant, milliseconds
from chalicelib.store.dynamo.tables import Reading, Table
from chalicelib.use_cases.ports.runs import Due


def due_in(table: Table, shard: str, before: datetime, page: int) -> Iterator[Due]:
    """Yield what is due at or before a time in one shard of the index, earliest first, read by the page.

    Ids: without the item's prefix.
    """
    wanted = (Path("due_shard") == shard) & (Path("due_at") <= milliseconds(before))
    for item in table.every(wanted, Reading(index="by_due", limit=page)):
        yield Due(id=_id(item["pk"], item["sk"]), at=instant(item["due_at"]))


def _id(pk: str, sk: str) -> str:
    """Return the id: for a job from `sk`, otherwise from `pk`."""
    kind, _, thing = sk.partition("#")
    return thing if kind == "job" else pk.partition("#")[2]
