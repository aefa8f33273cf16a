"""Rows about deployment jobs and their executions."""

from chalicelib.dialects.state import shapes_builds
from chalicelib.dialects.state import shapes_jobs as shapes
from chalicelib.dialects.state import words_executions as runs
from chalicelib.dialects.state import words_jobs as words
from chalicelib.dialects.state.dialect import STATE
from chalicelib.dialects.state.words_common import show_execution_id, show_nothing
from chalicelib.http.operation import About, Flag, operation
from chalicelib.http.permission import AUTHENTICATED, PROJECT_READ, PROJECT_WRITE
from chalicelib.use_cases.definitions.deployment_jobs import remove_job, trigger_job
from chalicelib.use_cases.definitions.executions import (
    cancel_execution,
    list_executions,
    list_executions_in,
    retry_execution,
    see_execution,
)
from chalicelib.use_cases.definitions.lists import job_added, job_saved, job_seen, list_jobs
from chalicelib.use_cases.logs.execution_logs import add_to_log, read_execution_log
from chalicelib.use_cases.logs.watch_log import offer_log

GROUP = "Deployment Jobs"
RUNS = "Deployment Job Executions"
ENVIRONMENT = "/api/v1/deployment-jobs/by-project/{project}/by-environment/{environment}"
JOB = ENVIRONMENT + "/by-name/{deployment}"
EXECUTION = JOB + "/executions/{execution_id}"
OPTIONAL = frozenset({Flag.OPTIONAL_BODY})
CHANGES = frozenset({Flag.CHANGES})

_JOBS = (
    operation(
        STATE,
        "GET /api/v1/deployment-jobs/",
        read=words.read_jobs,
        verb=list_jobs,
        show=words.show_all_jobs,
        permission=AUTHENTICATED,
        about=About(
            group=GROUP,
            summary="The deployment jobs that the caller may read, by project, environment and deployment.",
            answer=dict[str, dict[str, dict[str, shapes.JobShape]]],
        ),
    ),
    operation(
        STATE,
        "GET /api/v1/deployment-jobs/by-project/{project}/",
        read=words.read_jobs,
        verb=list_jobs,
        show=words.show_jobs_of_project,
        permission=PROJECT_READ,
        about=About(
            group=GROUP,
            summary="A project's deployment jobs by environment and deployment.",
            answer=dict[str, dict[str, shapes.JobShape]],
        ),
    ),
    operation(
        STATE,
        "POST /api/v1/deployment-jobs/by-project/{project}/add",
        read=words.read_new_job,
        verb=job_added,
        show=words.show_job,
        permission=PROJECT_WRITE,
        about=About(
            group=GROUP, summary="Define the job of a deployment.", body=shapes.JobBody, answer=shapes.JobShape
        ),
    ),
    operation(
        STATE,
        f"GET {ENVIRONMENT}/",
        read=words.read_jobs,
        verb=list_jobs,
        show=words.show_jobs,
        permission=PROJECT_READ,
        about=About(
            group=GROUP, summary="An environment's deployment jobs by deployment.", answer=dict[str, shapes.JobShape]
        ),
    ),
    operation(
        STATE,
        f"GET {JOB}/",
        read=words.read_job,
        verb=job_seen,
        show=words.show_job,
        permission=PROJECT_READ,
        about=About(group=GROUP, summary="A deployment job.", answer=shapes.JobShape),
    ),
    operation(
        STATE,
        f"PUT {JOB}/",
        read=words.read_save_job,
        verb=job_saved,
        show=words.show_job,
        permission=PROJECT_WRITE,
        about=About(
            group=GROUP, summary="Say anew what a deployment job is.", body=shapes.JobBody, answer=shapes.JobShape
        ),
    ),
    operation(
        STATE,
        f"DELETE {JOB}/",
        read=words.read_job,
        verb=remove_job,
        show=show_nothing,
        permission=PROJECT_WRITE,
        about=About(group=GROUP, summary="Remove a deployment job; what it deployed stays."),
    ),
    operation(
        STATE,
        f"POST {JOB}/trigger",
        read=words.read_trigger,
        verb=trigger_job,
        show=show_execution_id,
        permission=PROJECT_WRITE,
        about=About(
            group=GROUP,
            summary="Deploy, the version that is said or the job's own.",
            body=shapes.TriggerJobBody,
            answer=shapes_builds.ExecutionID,
        ),
        flags=OPTIONAL,
    ),
    operation(
        STATE,
        f"POST {JOB}/trigger/smoke",
        read=words.read_smoke,
        verb=trigger_job,
        show=show_execution_id,
        permission=PROJECT_WRITE,
        about=About(
            group=GROUP,
            summary="Run the smoke tests of what is deployed.",
            body=shapes.TriggerJobBody,
            answer=shapes_builds.ExecutionID,
        ),
        flags=OPTIONAL,
    ),
    operation(
        STATE,
        f"POST {JOB}/trigger/destroy",
        read=words.read_destroy,
        verb=trigger_job,
        show=show_execution_id,
        permission=PROJECT_WRITE,
        about=About(
            group=GROUP,
            summary="Destroy what is deployed.",
            body=shapes.TriggerJobBody,
            answer=shapes_builds.ExecutionID,
        ),
        flags=OPTIONAL,
    ),
    operation(
        STATE,
        f"POST {JOB}/trigger/errand",
        read=words.read_errand,
        verb=trigger_job,
        show=show_execution_id,
        permission=PROJECT_WRITE,
        about=About(
            group=GROUP,
            summary="Run an errand on what is deployed.",
            body=shapes.ErrandBody,
            answer=shapes_builds.ExecutionID,
        ),
    ),
)

_EXECUTIONS = (
    operation(
        STATE,
        "GET /api/v1/deployment-jobs/executions/",
        read=runs.read_jobs_executions,
        verb=list_executions_in,
        show=runs.show_job_executions,
        permission=AUTHENTICATED,
        about=About(
            group=RUNS,
            summary="Executions of deployment jobs that the caller may read, newest first.",
            answer=list[shapes.JobExecutionShape],
        ),
    ),
    operation(
        STATE,
        "GET /api/v1/deployment-jobs/by-project/{project}/executions/",
        read=runs.read_jobs_executions,
        verb=list_executions_in,
        show=runs.show_job_executions,
        permission=PROJECT_READ,
        about=About(
            group=RUNS,
            summary="Executions of a project's deployment jobs, newest first.",
            answer=list[shapes.JobExecutionShape],
        ),
    ),
    operation(
        STATE,
        f"GET {JOB}/executions/",
        read=runs.read_job_executions,
        verb=list_executions,
        show=runs.show_job_executions,
        permission=PROJECT_READ,
        about=About(
            group=RUNS, summary="A deployment job's executions, newest first.", answer=list[shapes.JobExecutionShape]
        ),
    ),
    operation(
        STATE,
        f"GET {EXECUTION}/",
        read=runs.read_job_execution,
        verb=see_execution,
        show=runs.show_job_execution,
        permission=PROJECT_READ,
        about=About(group=RUNS, summary="An execution of a deployment job.", answer=shapes.JobExecutionShape),
    ),
    operation(
        STATE,
        f"POST {EXECUTION}/cancel",
        read=runs.read_job_execution,
        verb=cancel_execution,
        show=show_nothing,
        permission=PROJECT_WRITE,
        about=About(group=RUNS, summary="Have an execution stop."),
    ),
    operation(
        STATE,
        f"POST {EXECUTION}/retry",
        read=runs.read_job_execution,
        verb=retry_execution,
        show=runs.show_retried,
        permission=PROJECT_WRITE,
        about=About(group=RUNS, summary="Have an ended execution done again.", answer=shapes_builds.ExecutionID),
    ),
    operation(
        STATE,
        f"GET {EXECUTION}/logs",
        read=runs.read_job_log,
        verb=read_execution_log,
        show=runs.show_log,
        permission=PROJECT_READ,
        about=About(
            group=RUNS, summary="The log of an execution from `?after=` on.", answer=list[shapes_builds.ChunkShape]
        ),
    ),
    operation(
        STATE,
        f"GET {EXECUTION}/logs_ws",
        read=runs.read_job_log,
        verb=offer_log,
        show=runs.show_offered_log,
        permission=PROJECT_READ,
        about=About(
            group=RUNS,
            summary="Where to watch the log of an execution from `?after=` on, by WebSocket, once and soon.",
            answer=shapes_builds.OfferedLogShape,
        ),
        flags=CHANGES,
    ),
    operation(
        STATE,
        f"POST {EXECUTION}/logs",
        read=runs.read_to_job_log,
        verb=add_to_log,
        show=runs.show_head,
        permission=PROJECT_WRITE,
        about=About(
            group=RUNS,
            summary="Add to the log of an execution.",
            body=shapes_builds.LinesBody,
            answer=shapes_builds.HeadShape,
        ),
    ),
)

OPERATIONS = (*_JOBS, *_EXECUTIONS)
