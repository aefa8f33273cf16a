"""List the entries that earlier versions wrote as this one does: people's and machines' apart, and all in one line."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from chalicelib.kernel.access.audit_entry import AuditEntry, Seal
from chalicelib.store.audit import keys
from chalicelib.store.audit.transaction import entry_item
from chalicelib.store.dynamo.key_parts import milliseconds
from chalicelib.store.dynamo.tables import Table

STILL_WRITTEN = timedelta(hours=1)
"""So long after this version began, an earlier one may still write beside it."""


AT_ONCE = 1000
"""Entries of a round, and at most half of these more: 60 calls to AWS."""
SEALS_AT_ONCE = 500
"""So long as few was done in a minute, its seal is small."""


def relist_older(
    table: Table,
    now: datetime,
    seals_after: Callable[[int, int], Sequence[Seal]],
    entries: Callable[[Sequence[str]], Mapping[str, AuditEntry]],
) -> None:
    """List the entries of the next seals, unless those of earlier versions are all listed; note how far it came."""
    state = table.get(keys.LISTED_KEY, consistent=False) or _beginning(now)
    if state["done"]:
        return
    ids: list[str] = []
    number = state["seal"]
    for seal in seals_after(number, SEALS_AT_ONCE):
        if len(ids) >= AT_ONCE:
            break
        ids += (one.id for one in seal.entries)
        number = seal.number
    # Entries never change: what is put is what is there, and where it is listed.
    table.write_many(puts=[entry_item(entry) for entry in entries(ids).values()])
    table.put({**state, "seal": number, "done": not ids and milliseconds(now) > state["until"]})


def _beginning(now: datetime) -> dict[str, Any]:
    return {**keys.LISTED_KEY._asdict(), "seal": 0, "until": milliseconds(now + STILL_WRITTEN), "done": False}
