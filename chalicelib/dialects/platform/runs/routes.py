"""Rows of runs of any kind: watch and decide. The other dialects have their own words for the same."""

from chalicelib.dialects.platform.dialect import PLATFORM
from chalicelib.dialects.platform.runs import shapes, shapes_approvals, shapes_list, words, words_approvals, words_list
from chalicelib.http.answers.explanation import ExplanationShape
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED, PROJECT_READ, InProject
from chalicelib.http.request import Request
from chalicelib.kernel.access.role import Level
from chalicelib.use_cases.overview.approvals import decide_many, get_approval, list_approvals
from chalicelib.use_cases.overview.find_runs import find_runs
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.decide import decide_node, decide_run
from chalicelib.use_cases.runs.explain import explain_run
from chalicelib.use_cases.runs.pass_freeze import pass_freeze
from chalicelib.use_cases.runs.read import project_of
from chalicelib.use_cases.runs.redacted import get_redacted_run, list_redacted_runs
from chalicelib.use_cases.runs.redeploy import redeploy
from chalicelib.use_cases.runs.refold import refold_run
from chalicelib.use_cases.runs.report_tests import report_tests

GROUP = Group(PLATFORM, "Runs")


def _project_of_run(ports: Ports, request: Request) -> str | None:
    return project_of(ports, request.parameters["run"])


READ = InProject(Level.READ, _project_of_run)
WRITE = InProject(Level.WRITE, _project_of_run)
WORK = InProject(Level.JOB, _project_of_run)

OPERATIONS = (
    GROUP.operation(
        "GET /api/v1/runs",
        "Runs of all projects that the caller may read, newest first, by project, status (a phase, `open`, `ended` or "
        "`waiting`), kind, release, environment, by (`me`), since and `waiting_for=me`; `page_size`, `page_from`.",
        AUTHENTICATED,
        Handling(words_list.read_find, find_runs, words_list.show_found),
        schema=Schema(query=shapes_list.RunsQuery, answer=shapes_list.FoundRunsShape),
    ),
    GROUP.operation(
        "GET /api/v1/approvals",
        "What waits in runs that the caller may read, or for their word (`?mine=true`), of the oldest run first, with "
        "tests, releases and change set (`?whole=true`: commits and files), by project; `page_size`, `page_from`.",
        AUTHENTICATED,
        Handling(words_approvals.read_approvals, list_approvals, words_approvals.show_approvals),
        schema=Schema(query=shapes_approvals.ApprovalsQuery, answer=shapes_approvals.ApprovalsShape),
    ),
    GROUP.operation(
        "GET /api/v1/runs/{run}/approvals/{node}",
        "What waits at a node of a run (`?execution=`), with all of its change set.",
        READ,
        Handling(words_approvals.read_approval, get_approval, words_approvals.show_approval),
        schema=Schema(query=shapes_approvals.ApprovalQuery, answer=shapes_approvals.ApprovalShape),
    ),
    GROUP.operation(
        "POST /api/v1/approvals",
        "Make many decisions at once, each by itself: of each its status, and why it was refused.",
        AUTHENTICATED,
        Handling(words_approvals.read_decisions, decide_many, words_approvals.show_decided),
        schema=Schema(body=shapes_approvals.DecisionsBody, answer=shapes_approvals.ManyDecidedShape),
    ),
    GROUP.operation(
        "GET /api/v1/projects/{project}/runs",
        "A project's runs of a kind (`?kind=`), newest first, by `page_size` and `page_from`.",
        PROJECT_READ,
        Handling(words.read_list, list_redacted_runs, words.show_runs),
        schema=Schema(query=shapes.RunsOfProjectQuery, answer=list[shapes.RunShape]),
    ),
    GROUP.operation(
        "GET /api/v1/runs/{run}",
        "A run with its stages, gates and steps; with `?explain=true` also what holds it, with `?times=true` when the "
        "jobs of its steps were queued, leased, began and ended.",
        READ,
        Handling(words.read_run, get_redacted_run, words.show_run),
        schema=Schema(query=shapes.RunQuery, answer=shapes.RunShape),
    ),
    GROUP.operation(
        "GET /api/v1/runs/{run}/explain",
        "What holds a run, who may act, and since when; of one that ended badly, how, with the last lines of its log.",
        READ,
        Handling(words.read_explain, explain_run, words.show_explanation),
        schema=Schema(answer=ExplanationShape),
    ),
    GROUP.operation(
        "GET /api/v1/runs/{run}/refold",
        "Fold again what a run was given, by the present engine: whether the same comes out, or where not.",
        READ,
        Handling(words.read_refold, refold_run, words.show_refolded),
        schema=Schema(answer=shapes.RefoldedShape),
    ),
    GROUP.operation(
        "POST /api/v1/runs/{run}/decisions",
        "Approve, reject or override what waits, or take an approval back; the node itself says who may.",
        READ,
        Handling(words.read_decision, decide_node, words.show_decided),
        schema=Schema(body=shapes.DecisionBody, answer=shapes.RunShape),
    ),
    GROUP.operation(
        "POST /api/v1/runs/{run}/acts",
        "Cancel or retry a run, abort or replay a stage, promote to one.",
        WRITE,
        Handling(words.read_act, decide_run, words.show_run),
        schema=Schema(body=shapes.ActBody, answer=shapes.RunShape),
    ),
    GROUP.operation(
        "POST /api/v1/runs/{run}/pass",
        "Let a stage that a freeze holds begin all the same; the freeze itself says who may, and with which reasons.",
        READ,
        Handling(words.read_pass, pass_freeze, words.show_decided),
        schema=Schema(body=shapes.PassBody, answer=shapes.RunShape),
    ),
    GROUP.operation(
        "POST /api/v1/runs/{run}/redeploy",
        "Deploy what an ended run carried to some of its stages again; shows the run that does so.",
        WRITE,
        Handling(words.read_redeploy, redeploy, words.show_run),
        schema=Schema(body=shapes.RedeployBody, answer=shapes.RunShape),
    ),
    GROUP.operation(
        "POST /api/v1/runs/{run}/tests",
        "Report test results of a stage, for its test gates; the job of a test step those of that step.",
        WORK,
        Handling(words.read_tests, report_tests, words.show_run),
        schema=Schema(body=shapes.TestsBody, answer=shapes.RunShape),
    ),
)
