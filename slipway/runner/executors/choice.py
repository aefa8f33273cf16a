"""Which executor a runner has."""

from __future__ import annotations

import sys
from functools import cache

from slipway.runner.cluster_settings import ClusterSettings
from slipway.runner.executors.port import Executor
from slipway.runner.executors.process import ProcessExecutor
from slipway.runner.settings import ExecutorName, Settings


def executor_of(settings: Settings) -> Executor | None:
    """Return the executor of a runner; None for one that runs no workloads. Faults: OSError if it is not installed."""
    match settings.executor:
        case ExecutorName.PROCESS:
            return ProcessExecutor()
        case ExecutorName.KUBERNETES:
            return _in_cluster(settings.cluster)
        case ExecutorName.NONE:
            return None


@cache
def _in_cluster(settings: ClusterSettings) -> Executor:
    """Return the one executor of a cluster, which all tasks share."""
    try:
        # Its client takes as long to import as all the rest, and has an extra of its own.
        from slipway.runner.executors.kubernetes.executor import KubernetesExecutor
    except ModuleNotFoundError as error:
        raise OSError(
            f"the executor kubernetes needs what `pip install slipway[kubernetes]` brings: {error}"
        ) from error
    return KubernetesExecutor(settings, _say)


def _say(text: str) -> None:
    sys.stderr.write(f"slipway runner: {text}\n")
    sys.stderr.flush()
