"""Which executor a runner has."""

from __future__ import annotations

from slipway.runner.executors.port import Executor
from slipway.runner.executors.process import ProcessExecutor
from slipway.runner.settings import ExecutorName


def executor_named(name: ExecutorName) -> Executor | None:
    """Return the executor of this name; None for a runner that runs no workloads."""
    match name:
        case ExecutorName.PROCESS:
            return ProcessExecutor()
        case ExecutorName.NONE:
            return None
