"""Rows of the page of a run, and of what is said on it."""

from chalicelib.dialects.console.dialect import CONSOLE
from chalicelib.dialects.console.frame.decide import decide_by_form
from chalicelib.dialects.console.frame.headers import FORM
from chalicelib.dialects.console.runs import words
from chalicelib.dialects.console.runs.page import run_page
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import InProject
from chalicelib.http.reply import HTML_MEDIA
from chalicelib.http.request import Request
from chalicelib.kernel.access.role import Level
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.read import project_of

GROUP = Group(CONSOLE, "Runs")


def _project_of_run(ports: Ports, request: Request) -> str | None:
    return project_of(ports, request.parameters["run"])


READ = InProject(Level.READ, _project_of_run)
WRITE = InProject(Level.WRITE, _project_of_run)

OPERATIONS = (
    GROUP.operation(
        "GET /runs/{run}",
        "A run: why it is not further, its stages by `?view=`, the log of `?step=`; 204 while `?known=` is so.",
        READ,
        Handling(words.read_run, run_page, words.show_run),
        schema=Schema(answer=str, media=HTML_MEDIA),
    ),
    GROUP.operation(
        "POST /runs/{run}/decisions",
        "Approve, reject or override what waits, by the form beside it; the node itself says who may.",
        READ,
        Handling(words.read_decision, decide_by_form, words.show_back),
        schema=FORM,
    ),
    GROUP.operation(
        "POST /runs/{run}/acts",
        "Cancel or retry a run, or promote it to a stage, by the forms of its page.",
        WRITE,
        Handling(words.read_act, decide_by_form, words.show_back),
        schema=FORM,
    ),
)
