"""Report results of tests for the test gates of a run: a person for any stage, the job of a test step for its own."""

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.definitions.compile_step import REPORTS_TESTS
from chalicelib.kernel.engine.events import TestsReported
from chalicelib.kernel.engine.job import Job
from chalicelib.kernel.faults import Forbidden
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.advance import advance_run
from chalicelib.use_cases.runs.decide import stage_named
from chalicelib.use_cases.runs.read import RunView, run_view
from slipway_formats.frozen import frozen


@frozen
class ReportTests:
    """Report the results of a test set of a stage (key or name)."""

    run: str
    by: Principal
    stage: str
    name: str
    passed: int
    failed: int
    skipped: int


def report_tests(ports: Ports, command: ReportTests) -> RunView:
    """Fold test results into the run and return it. Faults: NotFound, Forbidden, Stale.

    The job of a test step reports those of that step: under its name, for the stage that it is in. Others report none.
    """
    run = ports.runs.run(command.run)
    stage = stage_named(ports.runs.plan(run.plan), command.stage).key
    name = command.name
    if command.by.kind is PrincipalKind.JOB:
        job = _job_of_tests(ports, command)
        execution = run.execution(job.execution)
        if execution is None or execution.stage != stage:
            raise Forbidden(f"job {job.id} reports tests of another stage")
        name = f"{job.node}/{name}"
    results = TestsReported(
        at=ports.clock.now(),
        stage=stage,
        name=name,
        passed=command.passed,
        failed=command.failed,
        skipped=command.skipped,
    )
    return run_view(ports, advance_run(ports, run.id, (results,)))


def _job_of_tests(ports: Ports, command: ReportTests) -> Job:
    """Return the job that asks, if it is of a test step of the run. Faults: Forbidden."""
    job = ports.jobs.find_job(command.by.name)
    if job is None or job.run != command.run or not job.ask.get(REPORTS_TESTS):
        raise Forbidden(f"job {command.by.name} is of no test step of run {command.run}: it reports no tests")
    return job
