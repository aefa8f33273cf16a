"""Rows about runs of any kind, for those who watch and decide. The dialects have their own words for the same."""

from chalicelib.dialects.platform.dialect import PLATFORM
from chalicelib.dialects.platform.runs import shapes, words
from chalicelib.http.operation import About, operation
from chalicelib.http.permission import PROJECT_READ, InProject
from chalicelib.http.request import Request
from chalicelib.kernel.access.role import Level
from chalicelib.use_cases.logs.read_log import read_log
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.decide import decide_node, decide_run, report_tests
from chalicelib.use_cases.runs.read import list_runs, project_of, see_run

GROUP = "Runs"


def _project_of_run(ports: Ports, request: Request) -> str | None:
    return project_of(ports, request.parameters["run"])


def _project_of_job(ports: Ports, request: Request) -> str | None:
    return project_of(ports, request.parameters["job"].partition(".")[0])


READ = InProject(Level.READ, _project_of_run)
WRITE = InProject(Level.WRITE, _project_of_run)

OPERATIONS = (
    operation(
        PLATFORM,
        "GET /api/v1/projects/{project}/runs",
        read=words.read_list,
        verb=list_runs,
        show=words.show_runs,
        permission=PROJECT_READ,
        about=About(
            group=GROUP,
            summary="A project's runs of a kind (`?kind=`), newest first, by `page_size` and `page_from`.",
            answer=list[shapes.RunShape],
        ),
    ),
    operation(
        PLATFORM,
        "GET /api/v1/runs/{run}",
        read=words.read_run,
        verb=see_run,
        show=words.show_run,
        permission=READ,
        about=About(group=GROUP, summary="A run with its stages, gates and steps.", answer=shapes.RunShape),
    ),
    operation(
        PLATFORM,
        "POST /api/v1/runs/{run}/decisions",
        read=words.read_decision,
        verb=decide_node,
        show=words.show_run,
        permission=READ,
        about=About(
            group=GROUP,
            summary="Approve, reject or override what waits; the node itself says who may.",
            body=shapes.DecisionBody,
            answer=shapes.RunShape,
        ),
    ),
    operation(
        PLATFORM,
        "POST /api/v1/runs/{run}/acts",
        read=words.read_act,
        verb=decide_run,
        show=words.show_run,
        permission=WRITE,
        about=About(
            group=GROUP,
            summary="Cancel or retry a run, abort or replay a stage, promote to one.",
            body=shapes.ActBody,
            answer=shapes.RunShape,
        ),
    ),
    operation(
        PLATFORM,
        "POST /api/v1/runs/{run}/tests",
        read=words.read_tests,
        verb=report_tests,
        show=words.show_run,
        permission=WRITE,
        about=About(
            group=GROUP,
            summary="Report test results of a stage, for its test gates.",
            body=shapes.TestsBody,
            answer=shapes.RunShape,
        ),
    ),
    operation(
        PLATFORM,
        "GET /api/v1/job-logs/{job}",
        read=words.read_log,
        verb=read_log,
        show=words.show_log,
        permission=InProject(Level.READ, _project_of_job),
        about=About(group=GROUP, summary="The log of a job from `?after=` on.", answer=list[shapes.ChunkShape]),
    ),
)
