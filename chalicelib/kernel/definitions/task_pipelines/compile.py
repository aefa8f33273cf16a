"""A pipeline of tasks as a plan of one stage: each task starts a run of its own, as soon as what it needs has ended."""

import re
from collections.abc import Mapping
from dataclasses import replace

from chalicelib.kernel.definitions.run_request import RunRequest, plan_of
from chalicelib.kernel.definitions.task_pipelines.pipeline import PipelineTask, TaskPipeline
from chalicelib.kernel.definitions.task_pipelines.read import written_task_pipeline
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.plans import check as plan_check
from chalicelib.kernel.plans.plan import Concurrency, DefinitionRef, Node, Plan, Policy, Stage
from chalicelib.kernel.plans.work import DefinitionKind, RunDefinition
from slipway_formats.frozen import frozen

STAGE = "p1"
PIPELINE, NAMESPACE, SOURCE = "task_pipeline", "namespace", "source"
"""In a plan's snapshot: the pipeline as JSON, the namespace as it is called, and where the pipeline was read."""

LONGEST_NAME = 63
_OTHER = re.compile(r"[^a-z0-9]+")


@frozen
class PipelinePlace:
    """Where a pipeline of tasks runs. namespace: the environment, as it is called. source: where it was read.

    branch: of tasks that name none; empty for those of their repositories.
    """

    project: str
    environment: str
    namespace: str
    pool: str = "default"
    branch: str = ""
    source: Mapping[str, str]


def task_pipeline_ref(place: PipelinePlace, name: str) -> DefinitionRef:
    """Return the definition that runs of a pipeline execute: those of one name in a namespace go one after another."""
    return DefinitionRef(
        kind=DefinitionKind.TASK_PIPELINE, project=place.project, environment=place.environment, name=name
    )


def compile_task_pipeline(pipeline: TaskPipeline, place: PipelinePlace, request: RunRequest) -> Plan:
    """Compile one run of a pipeline. Faults: Invalid, if it is too large."""
    keys = {task.name: f"s{number}" for number, task in enumerate(pipeline.tasks, 1)}
    steps = tuple(_node(pipeline, place, task, keys) for task in pipeline.tasks)
    stage = Stage(key=STAGE, name="tasks", environment=place.environment, steps=steps)
    held = {PIPELINE: written_task_pipeline(pipeline), NAMESPACE: place.namespace, SOURCE: dict(place.source)}
    plan = replace(
        plan_of(task_pipeline_ref(place, pipeline.name), request, (stage,), held), concurrency=Concurrency.QUEUE
    )
    if defects := plan_check.defects(plan):
        raise Invalid(defects)
    return plan


def _node(pipeline: TaskPipeline, place: PipelinePlace, task: PipelineTask, keys: Mapping[str, str]) -> Node:
    work = RunDefinition(
        kind=DefinitionKind.TASK,
        project=place.project,
        environment=place.environment,
        name=workload_name(pipeline.name, task.name),
        inputs={
            "namespace": place.namespace,
            "pool": place.pool,
            "repository": task.repository,
            "directory": task.directory,
            "branch": task.branch or place.branch,
            "env": dict(task.env),
        },
    )
    policy = Policy(
        run_on_failure=task.runs_if_error,
        run_on_cancel=task.runs_if_error,
        attempts=task.retries + 1,
        timeout=task.timeout,
    )
    return Node(
        key=keys[task.name], name=task.name, work=work, needs=tuple(keys[one] for one in task.needs), policy=policy
    )


def workload_name(pipeline: str, task: str) -> str:
    """Return the name that a task of a pipeline has in its namespace: both names, as Kubernetes would take them."""
    plain = _OTHER.sub("-", f"{pipeline}-{task}".lower()).strip("-")
    return plain[:LONGEST_NAME].rstrip("-") or "task"
