"""Rows about deployment jobs and their executions."""

from chalicelib.dialects.state import shapes as shapes_builds
from chalicelib.dialects.state.dialect import STATE
from chalicelib.dialects.state.jobs import shapes, words
from chalicelib.dialects.state.words import show_execution_id, show_nothing
from chalicelib.http.operation import About, Flag, operation
from chalicelib.http.permission import AUTHENTICATED, PROJECT_READ, PROJECT_WRITE
from chalicelib.use_cases.definitions.deployment_jobs import remove_job, trigger_job
from chalicelib.use_cases.definitions.lists import job_added, job_saved, job_seen, list_jobs

GROUP = "Deployment Jobs"
ENVIRONMENT = "/api/v1/deployment-jobs/by-project/{project}/by-environment/{environment}"
JOB = ENVIRONMENT + "/by-name/{deployment}"
OPTIONAL = frozenset({Flag.OPTIONAL_BODY})

OPERATIONS = (
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
