"""Query the index by due time, which runs, jobs and deliveries share."""

from collections.abc import Iterator
from datetime import datetime

from pynamodb.expressions.operand import Path

from chalicelib.store.dynamo.due_memory import DueMemory
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.key_parts import instant, milliseconds
from chalicelib.store.dynamo.tables import Reading, Table
from chalicelib.use_cases.ports.runs import Due

REMEMBERED = 30_000
"""Milliseconds. So long it is remembered that nothing is due: what another process writes is found after them."""


def due_in(table: Table, shard: str, before: datetime, page: int) -> Iterator[Due]:
    """Yield what is due at or before a time in one shard of the index, earliest first, read by the page.

    Ids: without the item's prefix. The one process that writes items reads no shard of which it knows that nothing is.
    """
    known, last = table.due, milliseconds(before)
    if known is None:
        yield from (_due_from(item) for item in _due_items(table, shard, last, page))
    elif not known.is_empty(shard, last):
        yield from _remembered(table, known, (shard, last), page)


def _remembered(table: Table, known: DueMemory, asked: tuple[str, int], page: int) -> Iterator[Due]:
    """Read somewhat further than is asked, and note until when nothing is due if nothing is now."""
    shard, last = asked
    writes, until, is_found = known.writes(shard), last + REMEMBERED, False
    for item in _due_items(table, shard, until, page):
        if item["due_at"] > last:
            until = int(item["due_at"])
            break
        is_found = True
        yield _due_from(item)
    # What was found stays due until somebody has looked after it.
    if not is_found:
        known.note_empty(shard, writes, until)


def _due_items(table: Table, shard: str, last: int, page: int) -> Iterator[Item]:
    wanted = (Path("due_shard") == shard) & (Path("due_at") <= last)
    return table.every(wanted, Reading(index="by_due", limit=page))


def _due_from(item: Item) -> Due:
    return Due(id=_id(item["pk"], item["sk"]), at=instant(item["due_at"]))


def _id(pk: str, sk: str) -> str:
    """Return the id: for a job from `sk`, otherwise from `pk`."""
    kind, _, thing = sk.partition("#")
    return thing if kind == "job" else pk.partition("#")[2]
