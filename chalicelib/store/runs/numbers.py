"""Store counters in the table `runs`."""

from pynamodb.expressions.operand import Path

from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.runs import keys


class StoredNumbers:
    """Implement the port Numbers on DynamoDB."""

    def __init__(self, tables: Tables) -> None:
        self._table = tables.of(keys.RUNS)

    def following(self, counter: str) -> int:
        """Return the next number of a counter, from 1, never twice. A retry after a lost reply leaves a gap."""
        counted = self._table.update(keys.counter_key(counter), (Path("counted").add(1),))
        return int(counted["counted"])
