"""Note that a runner has spoken."""

from contextlib import suppress

from chalicelib.kernel.explanation.runner import Runner
from chalicelib.kernel.faults import PASSING
from chalicelib.use_cases.ports.bundle import Ports


def note_runner(ports: Ports, runner: Runner) -> None:
    """Store that the runner has spoken. That this fails for a moment keeps no job from it."""
    with suppress(*PASSING):
        ports.runners.note(runner)
