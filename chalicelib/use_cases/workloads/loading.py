"""Loads of configurations as they are seen, and what follows one that has ended. Who asks for one: loads.py."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.kernel.definitions.compile_build import NODE
from chalicelib.kernel.definitions.compile_load import FOLLOWED, LOADED, LoadKind
from chalicelib.kernel.definitions.run_request import Beginning, begun_as
from chalicelib.kernel.definitions.task_pipelines.compile import PipelinePlace, task_pipeline_ref
from chalicelib.kernel.definitions.task_pipelines.read import read_task_pipeline
from chalicelib.kernel.engine.effects import step_id
from chalicelib.kernel.engine.job import Job, JobPhase
from chalicelib.kernel.engine.phase import GOOD
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.plans.plan import Plan
from chalicelib.use_cases.launch.in_turn import in_line
from chalicelib.use_cases.launch.plan import plan_task_pipeline
from chalicelib.use_cases.launch.start_child import create_run
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen

KEPT = timedelta(hours=24)
SUFFIX = "-load"
"""Behind the id of a pipeline: the id of the load that it follows."""


class LoadStatus(StrEnum):
    """How far a load is."""

    PENDING = "pending"
    CLONING = "cloning"
    DONE = "done"
    ERROR = "error"


@frozen
class LoadView:
    """A load, and what it has come to. configuration: JSON, once it is there. message: why there is none."""

    id: str
    kind: LoadKind
    status: LoadStatus
    commit: str = ""
    configuration: object = None
    message: str = ""
    expires_at: datetime


def load_view(ports: Ports, run: Run, plan: Plan) -> LoadView:
    """Return what a load has come to."""
    job = _job_of(ports, run)
    ending = job.ending if job is not None else None
    view = LoadView(
        id=run.id,
        kind=LoadKind(str(plan.snapshot[LOADED])),
        status=_status(run, job),
        commit=ending.commit.revision if ending is not None and ending.commit is not None else "",
        message=_reason(run, job),
        expires_at=plan.created_at + KEPT,
    )
    return view if view.status is not LoadStatus.DONE else _with_document(view, ending.document if ending else "")


def _with_document(view: LoadView, document: str) -> LoadView:
    """Return a load with what its runner handed over, which can be anything."""
    try:
        return replace(view, configuration=json.loads(document))
    except (ValueError, RecursionError):
        return replace(view, status=LoadStatus.ERROR, message="its runner handed over no JSON")


def follow_load(ports: Ports, plan: Plan, run: Run) -> None:
    """Begin the pipeline that follows a load that has ended well, if one does; repeating it begins no other."""
    place = plan.snapshot.get(FOLLOWED)
    if not isinstance(place, Mapping) or run.phase not in GOOD:
        return
    own = run.id.removesuffix(SUFFIX)
    view = load_view(ports, run, plan)
    if view.status is not LoadStatus.DONE or ports.runs.find_run(own) is not None:
        return
    try:
        pipeline = read_task_pipeline(view.configuration, name=str(place["name"]))
    except Invalid:
        # Whoever asks for its state is told: the configuration says it each time.
        return
    if ports.projects.find_environment(plan.definition.project, str(place["environment"])) is None:
        return
    beginning = Beginning(id=own, by=plan.started_by, begun_by=begun_as(plan))
    there = _place(plan, place, view.commit)
    ref = task_pipeline_ref(there, pipeline.name)
    in_line(ports, ref, lambda: create_run(ports, plan_task_pipeline(ports, pipeline, there, beginning)))


def _place(plan: Plan, place: Mapping[str, object], commit: str) -> PipelinePlace:
    source = plan.snapshot.get("source")
    known = {str(name): str(text) for name, text in source.items()} if isinstance(source, Mapping) else {}
    return PipelinePlace(
        project=plan.definition.project,
        environment=str(place["environment"]),
        namespace=str(place["namespace"]),
        pool=str(place["pool"]),
        branch=str(place["branch"]),
        source={**known, "commit": commit},
    )


def _job_of(ports: Ports, run: Run) -> Job | None:
    """Return the job of the latest attempt, which costs one read."""
    latest = run.stages[-1] if run.stages else None
    return ports.jobs.find_job(step_id(run.id, latest.address_of(NODE))) if latest and NODE in latest.nodes else None


def _status(run: Run, job: Job | None) -> LoadStatus:
    if run.is_final:
        return LoadStatus.DONE if run.phase in GOOD else LoadStatus.ERROR
    return LoadStatus.CLONING if job is not None and job.phase is JobPhase.LEASED else LoadStatus.PENDING


def _reason(run: Run, job: Job | None) -> str:
    if not run.is_final or run.phase in GOOD:
        return ""
    return job.ending.reason if job is not None and job.ending is not None and job.ending.reason else run.reason
