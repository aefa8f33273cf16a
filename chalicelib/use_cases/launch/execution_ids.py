"""Integer ids of what a run does, which it takes in blocks of its own: those of itself and of its stage executions."""

from collections.abc import Callable
from functools import cache

from chalicelib.kernel.integer_ids import BLOCK
from chalicelib.use_cases.ports.bundle import Ports

OF_RUNS = "run"
BETWEEN = "#"
"""Between a run and which of its blocks of ids it is."""

EXECUTIONS = "executions"


def execution_id(ports: Ports, run: str, number: int = 0) -> int:
    """Return the id of a stage execution of a run. number: of the execution; 0 for the run as a whole."""
    return execution_ids(ports, run)(number)


def execution_ids(ports: Ports, run: str) -> Callable[[int], int]:
    """Return what gives the ids of a run's stage executions by their numbers; each block of them is read once."""

    @cache
    def first(block: int) -> int:
        further = f"/{block}" if block else ""
        return ports.numbers.ensure_ids(OF_RUNS, f"{run}{BETWEEN}{EXECUTIONS}{further}")

    return lambda number: first(number // BLOCK) + number % BLOCK
