"""Store, for each train and stage, the newest run that passed the stage's gates, in the table `runs`."""

from pynamodb.expressions.operand import Path

from chalicelib.store.dynamo.expressions import ConditionFailed
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.runs import keys
from chalicelib.use_cases.ports.locks import Behind, Passed, Watermarks
from slipway_formats.override import override


class StoredWatermarks(Watermarks):
    """Implement the port Watermarks on DynamoDB."""

    def __init__(self, tables: Tables) -> None:
        self._table = tables.of(keys.RUNS)

    @override
    def take(self, train: str, stage: str, number: int, run_id: str) -> Passed | Behind:
        raised = (Path("passed").set(number), Path("run_id").set(run_id))
        may = Path("passed").does_not_exist() | (Path("passed") <= number)
        try:
            self._table.update(keys.watermark_key(train, stage), raised, may)
        except ConditionFailed as error:
            return _behind(error.there[0] or {})
        return Passed()

    @override
    def compare(self, train: str, stage: str, number: int) -> Passed | Behind:
        there = self._table.get(keys.watermark_key(train, stage))
        return _behind(there) if there is not None and there["passed"] > number else Passed()


def _behind(mark: Item) -> Behind:
    return Behind(by_run=mark["run_id"], by_number=mark["passed"])
