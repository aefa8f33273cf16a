"""Keep new jobs from a runner, so that it can be stopped once what it holds is done; or give it jobs again."""

from dataclasses import replace

from chalicelib.kernel.explanation.runner import is_up
from chalicelib.kernel.faults import NotFound
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.jobs.runners import RunnerView
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen


@frozen
class DrainRunner:
    """Drain a runner of a pool; goes_on: it is given jobs again."""

    origin: Origin
    pool: str
    name: str
    goes_on: bool = False


def drain_runner(ports: Ports, command: DrainRunner) -> RunnerView:
    """Drain the runner, of which every process hears within 15 s, and return it. Faults: NotFound."""
    known = next((one for one in ports.runners.of_pool(command.pool) if one.name == command.name), None)
    if known is None:
        raise NotFound(f"no runner {command.name} of pool {command.pool}")
    drained = replace(known, drained_by="" if command.goes_on else command.origin.by.name)
    act = "resumed-runner" if command.goes_on else "drained-runner"
    action = AuditAction(act=act, subject=f"runner {command.name} of pool {command.pool}")
    ports.runners.drain(drained, entry_of(command.origin, action))
    return RunnerView(runner=drained, is_up=is_up(drained, ports.clock.now()))
