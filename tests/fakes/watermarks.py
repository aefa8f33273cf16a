"""The fake of the port Watermarks, held to the same contract as the store by tests/store/runs/test_watermarks.py."""

from threading import Lock

from chalicelib.use_cases.ports.locks import Behind, Passed, Watermarks


class FakeWatermarks(Watermarks):
    """Watermarks in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], tuple[int, str]] = {}
        self._lock = Lock()

    def take(self, train: str, stage: str, number: int, run_id: str) -> Passed | Behind:
        with self._lock:
            passed, by_run = self.kept.get((train, stage), (number, run_id))
            if passed > number:
                return Behind(by_run=by_run, by_number=passed)
            self.kept[train, stage] = (number, run_id)
            return Passed()

    def compare(self, train: str, stage: str, number: int) -> Passed | Behind:
        passed, by_run = self.kept.get((train, stage), (number, ""))
        return Behind(by_run=by_run, by_number=passed) if passed > number else Passed()
