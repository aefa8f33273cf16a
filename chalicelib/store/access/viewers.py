"""Store tickets and viewers of live logs in the table `access`. Keys: keys.py.

A viewer is stored in the partition of its run, with a second item that finds it by its connection. All items expire
after a day: no WebSocket connection lasts longer.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from pynamodb.expressions.operand import Path

from chalicelib.kernel.faults import Stale
from chalicelib.store.access import keys
from chalicelib.store.dynamo.expressions import ConditionFailed
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.key_parts import instant, milliseconds
from chalicelib.store.dynamo.records import expiry
from chalicelib.store.dynamo.saving import COMMIT, NEW, is_own
from chalicelib.store.dynamo.tables import Put, Reading, Remove, Table, Tables
from chalicelib.use_cases.ports.live import Ticket, Viewer, Viewers
from slipway_formats.frozen import frozen
from slipway_formats.override import override

KEPT = timedelta(days=1)
UNTIL, USED_BY, AFTER = "until", "used_by", "after"


@frozen
class StoredViewers(Viewers):
    """Implement the port Viewers on DynamoDB."""

    tables: Tables
    identifier: Callable[[], str]

    @override
    def create_ticket(self, ticket: Ticket) -> None:
        self._table().put(
            {
                **keys.ticket_key(ticket.key)._asdict(),
                "run": ticket.run,
                AFTER: ticket.after,
                UNTIL: milliseconds(ticket.until),
                "expires_at": expiry(ticket.until + KEPT),
            }
        )

    @override
    def use_ticket(self, key: str, connection: str, now: datetime) -> Ticket | None:
        # Using it again from the same connection is allowed: the first reply may be lost.
        is_unused_or_ours = Path(USED_BY).does_not_exist() | (Path(USED_BY) == connection)
        is_valid = Path("pk").exists() & (Path(UNTIL) > milliseconds(now)) & is_unused_or_ours
        try:
            item = self._table().update(keys.ticket_key(key), (Path(USED_BY).set(connection),), is_valid)
        except ConditionFailed:
            return None
        return Ticket(key=key, run=item["run"], after=int(item[AFTER]), until=instant(int(item[UNTIL])))

    @override
    def add(self, viewer: Viewer) -> None:
        is_new, gone = NEW, {"expires_at": expiry(viewer.since + KEPT)}
        pointer = {**keys.viewer_key(viewer.connection)._asdict(), "run": viewer.run, **gone}
        writes = (
            Put(self._table(), {**_item(viewer), **gone}, is_new),
            Put(self._table(), pointer, is_new),
        )
        try:
            self.tables.transact(writes, self.identifier())
        except ConditionFailed:
            return

    @override
    def find_viewer(self, connection: str) -> Viewer | None:
        pointer = self._table().get(keys.viewer_key(connection))
        if pointer is None:
            return None
        item = self._table().get(keys.viewer_of_run_key(pointer["run"], connection))
        if item is None:
            return None
        return Viewer(
            connection=connection, run=pointer["run"], after=int(item[AFTER]), since=instant(int(item["since"]))
        )

    @override
    def of_run(self, run: str) -> Sequence[str]:
        hashed = keys.viewer_of_run_key(run, "").pk
        reading = Reading(consistent=True, attributes=("sk",))
        return [str(item["sk"]) for item in self._table().every(Path("pk") == hashed, reading)]

    @override
    def move(self, viewer: Viewer, after: int) -> Viewer:
        key = keys.viewer_of_run_key(viewer.run, viewer.connection)
        commit = self.identifier()
        moved = (Path(AFTER).set(after), Path(COMMIT).set(commit))
        try:
            self._table().update(key, moved, Path(AFTER) == viewer.after)
        except ConditionFailed as error:
            if not is_own(error, commit):
                raise Stale(f"viewer {viewer.connection} has moved") from error
        return replace(viewer, after=after)

    @override
    def remove(self, connection: str) -> None:
        pointer = self._table().get(keys.viewer_key(connection))
        if pointer is None:
            return
        gone = (keys.viewer_of_run_key(pointer["run"], connection), keys.viewer_key(connection))
        self.tables.transact([Remove(self._table(), key) for key in gone], self.identifier())

    def _table(self) -> Table:
        return self.tables.of(keys.ACCESS)


def _item(viewer: Viewer) -> Item:
    key = keys.viewer_of_run_key(viewer.run, viewer.connection)
    return {**key._asdict(), AFTER: viewer.after, "since": milliseconds(viewer.since)}
