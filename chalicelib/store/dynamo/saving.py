"""Write whole items so that a retry after a lost reply is not a conflict.

Each call stores a unique commit name in the item. If its condition fails and the stored item has that name, the call
already succeeded.
"""

from collections.abc import Sequence

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from chalicelib.kernel.faults import Stale
from chalicelib.store.dynamo.expressions import ConditionFailed
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.tables import Put, Table, Tables, Write
from slipway_formats.frozen import frozen

NEW: Condition = Path("pk").does_not_exist()
COMMIT = "commit"


@frozen
class Save:
    """A new version of an item. since: the version that it replaces, or None for a new item.

    thing: its name in fault messages. commit: unique name of this call. beside: items to write in the same transaction.
    last: writes to end it with.
    """

    item: Item
    since: int | None
    thing: str
    commit: str
    beside: Sequence[Item] = ()
    last: Sequence[Write] = ()


def on_version(since: int | None) -> Condition:
    """Condition: the item has this version; or, for None, it does not exist."""
    return NEW if since is None else Path("version") == since


def create(table: Table, item: Item, commit: str) -> Item | None:
    """Write a new item and return None; or return the existing item that another call wrote."""
    try:
        table.put({**item, COMMIT: commit}, NEW)
    except ConditionFailed as error:
        return None if is_own(error, commit) else error.there[0]
    return None


def create_with(tables: Tables, put: Put, last: Sequence[Write], commit: str) -> bool:
    """Write a new item in one transaction with other writes; return False if the item exists.

    Faults: ConditionFailed, where another write's failed.
    """
    if not last:
        return create(put.table, put.item, commit) is None
    try:
        tables.transact((put._replace(item={**put.item, COMMIT: commit}, condition=NEW), *last), commit)
    except ConditionFailed as error:
        if 0 not in error.places:
            raise
        return is_own(error, commit)
    return True


def save(tables: Tables, table: Table, change: Save) -> None:
    """Write the item if the stored version is `since`. Faults: Stale; ConditionFailed of one of the last writes."""
    put = Put(table, {**change.item, COMMIT: change.commit}, on_version(change.since))
    try:
        if change.beside or change.last:
            tables.transact((put, *(Put(table, one) for one in change.beside), *change.last), change.commit)
        else:
            table.put(put.item, put.condition)
    except ConditionFailed as error:
        if 0 not in error.places:
            raise
        if not is_own(error, change.commit):
            raise Stale(f"{change.thing} has changed since version {change.since or 0}") from error


def is_own(error: ConditionFailed, commit: str) -> bool:
    """True when the conflicting item was written by the call with this commit name."""
    return (error.there[0] or {}).get(COMMIT) == commit
