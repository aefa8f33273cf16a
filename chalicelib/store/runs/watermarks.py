"""The youngest run of each train past the gates of each stage, in the table `runs`."""

from pynamodb.expressions.operand import Path

from chalicelib.store.dynamo.expressions import ConditionFailed
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.runs import keys
from chalicelib.use_cases.ports.runs import Behind, Passed


class StoredWatermarks:
    """The port Watermarks, in DynamoDB."""

    def __init__(self, tables: Tables) -> None:
        self._table = tables.of(keys.RUNS)

    def take(self, train: str, stage: str, number: int, run_id: str) -> Passed | Behind:
        """Raise the mark to this run's number, unless it is higher. Asking again answers the same."""
        raised = (Path("passed").set(number), Path("run_id").set(run_id))
        may = Path("passed").does_not_exist() | (Path("passed") <= number)
        try:
            self._table.update(keys.watermark_key(train, stage), raised, may)
        except ConditionFailed as missed:
            return _behind(missed.there[0] or {})
        return Passed()

    def compare(self, train: str, stage: str, number: int) -> Passed | Behind:
        """How a run of this number stands to the mark, which stays as it is (a consistent read)."""
        there = self._table.get(keys.watermark_key(train, stage))
        return _behind(there) if there is not None and there["passed"] > number else Passed()


def _behind(mark: Item) -> Behind:
    return Behind(by_run=mark["run_id"], by_number=mark["passed"])
