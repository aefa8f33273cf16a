"""A workload as a plan of one job, which a runner does by its executor."""

from chalicelib.kernel.definitions.compile_build import NODE, STAGE
from chalicelib.kernel.definitions.run_request import RunRequest, plan_of
from chalicelib.kernel.plans.plan import DefinitionRef, Node, Plan, Stage
from chalicelib.kernel.plans.work import DefinitionKind, Job, JobKind
from chalicelib.kernel.workloads.workload import Workload

WORKLOAD = "workload"
"""In a job's request and a plan's snapshot: the id of the workload. All else its record says, as it is then."""

LASTS = "lasts"
"""In a job's request: it ends only when it is stopped, and so counts towards no limit of jobs at once."""


def task_ref(workload: Workload) -> DefinitionRef:
    """Return the definition that runs of a workload execute: named as it, or as its directory until that is known."""
    directory = workload.source.directory if workload.source is not None else ""
    # Jobs of a cronjob are called each by its own name, and are all runs of one definition.
    named = workload.manifest.name if workload.manifest is not None else workload.name
    name = named or workload.given_name or directory or workload.id
    return DefinitionRef(
        kind=DefinitionKind.TASK, project=workload.project, environment=workload.environment, name=name
    )


def compile_task(workload: Workload, request: RunRequest) -> Plan:
    """Compile one run of a workload."""
    ref, held = task_ref(workload), {WORKLOAD: workload.id}
    request_of_job = {**held, LASTS: True} if workload.lasts else held
    node = Node(key=NODE, name=ref.name, work=Job(kind=JobKind.TASK, pool=workload.pool, ask=request_of_job))
    stage = Stage(key=STAGE, name="task", environment=workload.environment, steps=(node,))
    return plan_of(ref, request, (stage,), held)
