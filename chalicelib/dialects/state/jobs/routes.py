"""Rows of deployment jobs. Their executions: executions/routes_jobs.py."""

from chalicelib.dialects.state import shapes as shapes_builds
from chalicelib.dialects.state.dialect import STATE
from chalicelib.dialects.state.jobs import shapes, words
from chalicelib.dialects.state.words import show_execution_id, show_nothing
from chalicelib.http.operation import Flag, Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED, PROJECT_READ, PROJECT_WRITE
from chalicelib.use_cases.definitions.deployment_jobs import remove_job, trigger_job
from chalicelib.use_cases.definitions.lists import get_listed_job, job_added, job_saved, list_jobs

GROUP = Group(STATE, "Deployment Jobs")
ENVIRONMENT = "/api/v1/deployment-jobs/by-project/{project}/by-environment/{environment}"
JOB = ENVIRONMENT + "/by-name/{deployment}"
OPTIONAL = frozenset({Flag.OPTIONAL_BODY})
FOR_JOBS = frozenset({Flag.FOR_JOBS})

OPERATIONS = (
    GROUP.operation(
        "GET /api/v1/deployment-jobs/",
        "The deployment jobs that the caller may read, by project, environment and deployment.",
        AUTHENTICATED,
        Handling(words.read_jobs, list_jobs, words.show_all_jobs),
        schema=Schema(answer=dict[str, dict[str, dict[str, shapes.JobShape]]]),
    ),
    GROUP.operation(
        "GET /api/v1/deployment-jobs/by-project/{project}/",
        "A project's deployment jobs by environment and deployment.",
        PROJECT_READ,
        Handling(words.read_jobs, list_jobs, words.show_jobs_of_project),
        schema=Schema(answer=dict[str, dict[str, shapes.JobShape]]),
    ),
    GROUP.operation(
        "POST /api/v1/deployment-jobs/by-project/{project}/add",
        "Define the job of a deployment.",
        PROJECT_WRITE,
        Handling(words.read_new_job, job_added, words.show_job),
        schema=Schema(body=shapes.JobBody, answer=shapes.JobShape),
    ),
    GROUP.operation(
        f"GET {ENVIRONMENT}/",
        "An environment's deployment jobs by deployment.",
        PROJECT_READ,
        Handling(words.read_jobs, list_jobs, words.show_jobs),
        schema=Schema(answer=dict[str, shapes.JobShape]),
    ),
    GROUP.operation(
        f"GET {JOB}/",
        "A deployment job.",
        PROJECT_READ,
        Handling(words.read_job, get_listed_job, words.show_job),
        schema=Schema(answer=shapes.JobShape),
    ),
    GROUP.operation(
        f"PUT {JOB}/",
        "Say anew what a deployment job is.",
        PROJECT_WRITE,
        Handling(words.read_save_job, job_saved, words.show_job),
        schema=Schema(body=shapes.JobBody, answer=shapes.JobShape),
    ),
    GROUP.operation(
        f"DELETE {JOB}/",
        "Remove a deployment job; what it deployed stays.",
        PROJECT_WRITE,
        Handling(words.read_job, remove_job, show_nothing),
    ),
    GROUP.operation(
        f"POST {JOB}/trigger",
        "Deploy, the version that is said or the job's own.",
        PROJECT_WRITE,
        Handling(words.read_trigger, trigger_job, show_execution_id),
        schema=Schema(body=shapes.TriggerJobBody, answer=shapes_builds.ExecutionID),
        flags=OPTIONAL | FOR_JOBS,
    ),
    GROUP.operation(
        f"POST {JOB}/trigger/smoke",
        "Run the smoke tests of what is deployed.",
        PROJECT_WRITE,
        Handling(words.read_smoke, trigger_job, show_execution_id),
        schema=Schema(body=shapes.TriggerJobBody, answer=shapes_builds.ExecutionID),
        flags=OPTIONAL | FOR_JOBS,
    ),
    GROUP.operation(
        f"POST {JOB}/trigger/destroy",
        "Destroy what is deployed.",
        PROJECT_WRITE,
        Handling(words.read_destroy, trigger_job, show_execution_id),
        schema=Schema(body=shapes.TriggerJobBody, answer=shapes_builds.ExecutionID),
        flags=OPTIONAL | FOR_JOBS,
    ),
    GROUP.operation(
        f"POST {JOB}/trigger/errand",
        "Run an errand on what is deployed.",
        PROJECT_WRITE,
        Handling(words.read_errand, trigger_job, show_execution_id),
        schema=Schema(body=shapes.ErrandBody, answer=shapes_builds.ExecutionID),
        flags=FOR_JOBS,
    ),
)
