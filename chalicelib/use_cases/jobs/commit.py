"""Report the commit of a build that is built elsewhere. Our own runners report it when they finish."""

from dataclasses import replace

from chalicelib.kernel.engine.job import Commit
from chalicelib.kernel.faults import Conflict
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.audit.run_entries import run_entry
from chalicelib.use_cases.definitions.executions import ExecutionNamed, get_execution
from chalicelib.use_cases.effects.update_job import update_job
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen


@frozen
class ReportCommit:
    """Report the commit from which an execution's last attempt is built."""

    origin: Origin
    execution: ExecutionNamed
    commit: Commit


def report_commit(ports: Ports, command: ReportCommit) -> None:
    """Store the commit of the execution; the last report wins. Faults: NotFound, Conflict before it began."""
    execution = get_execution(ports, command.execution)
    jobs = ports.jobs.of_run(command.execution.id)
    if not jobs:
        raise Conflict(f"execution {command.execution.id} has not begun to build")
    entry = run_entry(command.origin, execution.seen.plan, "reported-commit", notes=command.commit.revision)
    update_job(ports, jobs[-1].id, lambda job: replace(job, commit=command.commit), entry=entry)
