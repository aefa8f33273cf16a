"""A task of a task pipeline as a workload of its own, whose manifest a runner reads in the task's directory."""

from collections.abc import Mapping

from chalicelib.kernel.definitions.run_request import Beginning
from chalicelib.kernel.plans.plan import Plan
from chalicelib.kernel.plans.work import RunDefinition
from chalicelib.kernel.workloads.workload import Workload
from chalicelib.use_cases.installation.code_sources import SourcePlace, code_source
from chalicelib.use_cases.launch.plan import plan_task
from chalicelib.use_cases.ports.bundle import Ports


def plan_pipeline_task(ports: Ports, work: RunDefinition, beginning: Beginning) -> Plan:
    """Store the workload of one attempt at a task, unless it is there, and compile its run. Faults: NotFound."""
    known = ports.workloads.find_workload(beginning.id)
    workload = known if known is not None else ports.workloads.save(_workload(ports, work, beginning))
    return plan_task(ports, workload, beginning)


def _workload(ports: Ports, work: RunDefinition, beginning: Beginning) -> Workload:
    given = {name: str(value) for name, value in work.inputs.items() if isinstance(value, str)}
    env = work.inputs.get("env")
    place = SourcePlace(repository=given["repository"], directory=given["directory"], branch=given["branch"])
    return Workload(
        id=beginning.id,
        project=work.project,
        environment=work.environment,
        namespace=given["namespace"],
        pool=given["pool"],
        by=beginning.by,
        created_at=ports.clock.now(),
        source=code_source(ports, work.project, place),
        given_name=work.name,
        given_env={str(name): str(value) for name, value in env.items()} if isinstance(env, Mapping) else {},
        jobs_only=True,
        run=beginning.id,
        # The run of the pipeline sees to it that this one begins.
        look_at=None,
    )
