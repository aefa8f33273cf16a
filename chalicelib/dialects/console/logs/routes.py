"""Rows of the log of a job: as text, and as lines for the page that shows it."""

from chalicelib.dialects.console.dialect import CONSOLE
from chalicelib.dialects.console.logs import words
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import InProject
from chalicelib.http.reply import TEXT_MEDIA
from chalicelib.http.request import Request
from chalicelib.kernel.access.role import Level
from chalicelib.use_cases.logs.read_log import read_log_part, read_whole_log
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.read import project_of

GROUP = Group(CONSOLE, "Logs")


def _project_of_job(ports: Ports, request: Request) -> str | None:
    return project_of(ports, request.parameters["job"].partition(".")[0])


READ = InProject(Level.READ, _project_of_job)

OPERATIONS = (
    GROUP.operation(
        "GET /logs/{job}",
        "The log of a job as plain text, from `?after=` on.",
        READ,
        Handling(words.read_whole, read_whole_log, words.show_text),
        schema=Schema(answer=str, media=TEXT_MEDIA),
    ),
    GROUP.operation(
        "GET /logs/{job}/chunks",
        "The log of a job from `?after=` on, or back from `?before=`, as its page takes it: chunk by chunk.",
        READ,
        Handling(words.read_chunks, read_log_part, words.show_chunks),
        schema=Schema(answer=list[tuple[int, str, str, str]]),
    ),
)
