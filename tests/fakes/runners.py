"""The fake of the port Runners, held to the same contract as the store by tests/store/runs/test_runners.py."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.kernel.explanation.runner import Runner
from chalicelib.store.runs.runners import NotedRunners
from chalicelib.use_cases.ports.runners import Runners


class FakeRunners(Runners):
    """Runners in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Runner] = {}
        self._noted = NotedRunners()

    def note(self, runner: Runner) -> None:
        if not self._noted.is_due(runner):
            return
        before = self.kept.get((runner.pool, runner.name), runner)
        self.kept[runner.pool, runner.name] = replace(
            runner,
            slots=before.slots if runner.slots is None else runner.slots,
            busy=before.busy if runner.busy is None else runner.busy,
            version=runner.version or before.version,
            executor=before.executor if runner.slots is None else runner.executor,
        )

    def every(self) -> Sequence[Runner]:
        return [runner for _, runner in sorted(self.kept.items())]

    def of_pool(self, pool: str) -> Sequence[Runner]:
        return [runner for runner in self.every() if runner.pool == pool]
