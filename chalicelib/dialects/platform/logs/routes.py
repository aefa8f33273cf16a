"""Rows of the logs of jobs: by chunks, and as a file."""

from chalicelib.dialects.platform.dialect import PLATFORM
from chalicelib.dialects.platform.logs import shapes, words
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import InProject
from chalicelib.http.reply import TEXT_MEDIA
from chalicelib.http.request import Request
from chalicelib.kernel.access.role import Level
from chalicelib.use_cases.logs.raw_log import read_raw_log
from chalicelib.use_cases.logs.read_log import read_log_part
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.read import project_of

GROUP = Group(PLATFORM, "Runs")


def _project_of_job(ports: Ports, request: Request) -> str | None:
    return project_of(ports, request.parameters["job"].partition(".")[0])


READ = InProject(Level.READ, _project_of_job)

OPERATIONS = (
    GROUP.operation(
        "GET /api/v1/job-logs/{job}",
        "The log of a job: behind `?after=`, or of `limit` chunks the last before `?before=`; `X-Head`, `X-Lines`.",
        READ,
        Handling(words.read_log, read_log_part, words.show_part),
        schema=Schema(query=shapes.JobLogQuery, answer=list[shapes.JobChunkShape]),
    ),
    GROUP.operation(
        "GET /api/v1/job-logs/{job}/raw",
        "The log of a job as a file, whole where it is short, else by `Range`: 4 MB an answer.",
        READ,
        Handling(words.read_raw, read_raw_log, words.show_raw),
        schema=Schema(answer=str, media=TEXT_MEDIA),
    ),
)
