"""Which pools run workloads: those of which a runner has an executor."""

from chalicelib.kernel.explanation.runner import is_up
from chalicelib.kernel.faults import Conflict
from chalicelib.use_cases.ports.bundle import Ports


def executor_of(ports: Ports, pool: str) -> str:
    """Return the executor of the pool's runners that are up; blank if none has one.

    Until one of its runners has spoken, a pool has the executor that the settings say.
    """
    now = ports.clock.now()
    up = [one for one in ports.runners.of_pool(pool) if is_up(one, now)]
    if not up:
        return ports.settings.executor
    return next((one.executor for one in up if one.executor), "")


def require_executor(ports: Ports, pool: str, project: str) -> None:
    """Require that the pool runs workloads of the project. Faults: Conflict."""
    if defect := ports.settings.pool_defect(pool, project):
        raise Conflict(defect)
    if not executor_of(ports, pool):
        raise Conflict(
            f"pool {pool} has no runner with an executor for workloads: start one with slipway runner --executor"
        )
