"""Which pools run workloads: those of which a runner has an executor."""

from chalicelib.kernel.explanation.runner import KEPT_FOR, is_up
from chalicelib.kernel.faults import Conflict, Invalid
from chalicelib.use_cases.ports.bundle import Ports

USUAL_POOL = "default"
"""The pool of whoever names none: work may wait in it before its first runner has started."""


def executor_of(ports: Ports, pool: str) -> str:
    """Return the executor of the pool's runners that are up; blank if none has one.

    While none of its runners is up, a pool that somebody knows has the executor that the settings say.
    """
    now = ports.clock.now()
    known = ports.runners.of_pool(pool)
    up = [one for one in known if is_up(one, now)]
    if not known and pool != USUAL_POOL:
        said = f"no runner has offered pool {pool[:64]} within {KEPT_FOR.days} days: start one with {_start(pool)}"
        raise Invalid.single("pool", said)
    if not up:
        return ports.settings.executor
    return next((one.executor for one in up if one.executor), "")


def require_executor(ports: Ports, pool: str, project: str) -> None:
    """Require that the pool runs workloads of the project. Faults: Conflict; Invalid for a pool that nobody knows."""
    if defect := ports.settings.pool_defect(pool, project):
        raise Conflict(defect)
    if not executor_of(ports, pool):
        raise Conflict(
            f"pool {pool} has no runner with an executor for workloads: start one with {_start(pool)} --executor"
        )


def _start(pool: str) -> str:
    return "slipway runner" if pool == USUAL_POOL else f"slipway runner --pool {pool[:64]}"
