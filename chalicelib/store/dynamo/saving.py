"""Writing whole items, each once: what this very call wrote before its reply was lost is no conflict.

Each call leaves a name of its own in the item that it writes. Where its condition fails on that name, it took effect.
"""

from collections.abc import Sequence

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from chalicelib.kernel.faults import Stale
from chalicelib.kernel.frozen import frozen
from chalicelib.store.dynamo.expressions import ConditionFailed
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.tables import Put, Table, Tables

NEW: Condition = Path("pk").does_not_exist()
COMMIT = "commit"


@frozen
class Save:
    """An item that follows one of a version. since: that version, or None where nothing is yet.

    thing: as faults call it. commit: the name of this call, like no other. beside: what is written with it.
    """

    item: Item
    since: int | None
    thing: str
    commit: str
    beside: Sequence[Item] = ()


def on_version(since: int | None) -> Condition:
    """That an item has this version, or is not there."""
    return NEW if since is None else Path("version") == since


def create(table: Table, item: Item, commit: str) -> Item | None:
    """Write a new item; the one that stands there already, where another call wrote it."""
    try:
        table.put({**item, COMMIT: commit}, NEW)
    except ConditionFailed as missed:
        return None if is_own(missed, commit) else missed.there[0]
    return None


def save(tables: Tables, table: Table, asked: Save) -> None:
    """Write the item in the place of its version before. Faults: Stale."""
    put = Put(table, {**asked.item, COMMIT: asked.commit}, on_version(asked.since))
    try:
        if asked.beside:
            tables.transact((put, *(Put(table, one) for one in asked.beside)), asked.commit)
        else:
            table.put(put.item, put.condition)
    except ConditionFailed as missed:
        if not is_own(missed, asked.commit):
            raise Stale(f"{asked.thing} has changed since version {asked.since or 0}") from missed


def is_own(missed: ConditionFailed, commit: str) -> bool:
    """Whether what stands in the way was written by the call of this name."""
    return (missed.there[0] or {}).get(COMMIT) == commit
