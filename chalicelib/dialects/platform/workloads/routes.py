"""Rows by which runners ask what jobs of workloads do and report pods, and by which services are found."""

from chalicelib.dialects.platform.dialect import PLATFORM
from chalicelib.dialects.platform.workloads import shapes, words
from chalicelib.http.operation import Flag, Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED, PUBLIC, RUNNER
from chalicelib.use_cases.jobs.workload_jobs import report_pods, settle_job
from chalicelib.use_cases.workloads.services import find_service

GROUP = Group(PLATFORM, "Runners")

SERVICES = Group(PLATFORM, "Services")

OPERATIONS = (
    SERVICES.operation(
        "GET /api/v1/services",
        "Find the service that answers for a path (`?path=`), and where; 503 while none of its pods is ready.",
        AUTHENTICATED,
        Handling(words.read_service, find_service, words.show_service),
        schema=Schema(query=shapes.ServiceQuery, answer=shapes.ServiceShape),
    ),
    SERVICES.operation(
        "GET /api/v1/services/open",
        "The same among services that need no login.",
        PUBLIC,
        Handling(words.read_open_service, find_service, words.show_service),
        schema=Schema(query=shapes.ServiceQuery, answer=shapes.ServiceShape),
    ),
    GROUP.operation(
        "POST /api/v1/jobs/{job}/workload",
        "Ask what a job of a workload does, by the manifest that was read; 400 with every defect of that.",
        RUNNER,
        Handling(words.read_settle, settle_job, words.show_assignment),
        schema=Schema(body=shapes.SettleBody, answer=shapes.AssignmentShape),
        flags=frozenset({Flag.SECRET_ANSWER}),
    ),
    GROUP.operation(
        "POST /api/v1/jobs/{job}/pods",
        "Report all pods of a job of a workload; an older report changes nothing.",
        RUNNER,
        Handling(words.read_pods, report_pods, words.show_noted),
        schema=Schema(body=shapes.PodsBody, answer=shapes.NotedShape),
    ),
)
