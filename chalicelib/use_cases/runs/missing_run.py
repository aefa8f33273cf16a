"""Whether a run is there at all: one that was removed with its project has nobody who waits for it."""

from chalicelib.kernel.faults import NotFound
from chalicelib.use_cases.ports.bundle import Ports


def is_gone(ports: Ports, run_id: str) -> bool:
    """Whether there is no such run, or no more."""
    try:
        ports.runs.run(run_id)
    except NotFound:
        return True
    return False
