"""Components beside those of `frame/parts.html`, each with what it is shown with, in which others wrote markup."""

from datetime import date, timedelta
from types import SimpleNamespace

from chalicelib.dialects.console.calendar.page import LOOKS as CALENDAR_LOOKS
from chalicelib.dialects.console.calendar.page import Day, DayEntry
from chalicelib.dialects.console.frame.change import ChangePart
from chalicelib.dialects.console.frame.crumbs import tile_of
from chalicelib.dialects.console.frame.forms import Question
from chalicelib.dialects.console.home.board import LOOKS, Board, BoardCell, BoardProject, BoardRow
from chalicelib.dialects.console.runs.gantt import gantt
from chalicelib.dialects.console.runs.graph import graph
from chalicelib.dialects.console.runs.view import StagePart, StepPart
from chalicelib.dialects.console.runs.why import WhyItem
from chalicelib.dialects.console.tasks.rows import PipelineRow, TaskRow
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.explanation.hold import Given, Hold, HoldKind, LogTail, RunTitle
from chalicelib.kernel.projects.cell import CellPhase
from chalicelib.use_cases.freezes.calendar import CalendarEntry, Happening
from tests.dialects.console.given import HOSTILE
from tests.dialects.console.test_parts import ASKED, CHANGE, FRAME, NOW

HOUR = timedelta(hours=1)
HERE = "/projects/web/environments/staging"


def a_step(key: str, phase: Phase, needs: tuple[str, ...] = (), *, is_gate: bool = False) -> StepPart:
    """A step that began an hour ago, unless it has not begun."""
    has_begun = phase is not Phase.NEW
    return StepPart(
        address=f"1/{key}",
        key=key,
        name=f"{key} {HOSTILE}",
        is_gate=is_gate,
        phase=phase,
        needs=needs,
        began_at=NOW - HOUR if has_begun else None,
        ended_at=NOW - HOUR / 2 if has_begun else None,
    )


STAGES = (
    StagePart(
        key="production",
        name=HOSTILE,
        environment="production",
        number=1,
        attempt=2,
        phase=Phase.RUNNING,
        reason=HOSTILE,
        began_at=NOW - HOUR,
        ended_at=None,
        steps=(
            a_step("go", Phase.SUCCEEDED, is_gate=True),
            a_step("deploy", Phase.FAILED),
            a_step("smoke", Phase.NEW, ("deploy",)),
        ),
    ),
)
RUN = SimpleNamespace(id="3F", ended_at=None)
RUN_PAGE = SimpleNamespace(
    asked=SimpleNamespace(tab="graph"),
    stages=STAGES,
    graph=graph(STAGES),
    gantt=gantt(STAGES, NOW),
    log=SimpleNamespace(step=STAGES[0].steps[1]),
)
WAITS = WhyItem(
    hold=Hold(
        kind=HoldKind.APPROVAL,
        reason=HOSTILE,
        run="3F",
        node="go",
        execution=1,
        since=NOW - HOUR,
        expires_at=NOW + HOUR,
        given=(Given(by="ann", at=NOW, notes=HOSTILE),),
    ),
    phase=Phase.WAITING_PERSON,
    where="production / ok",
    address="1/go",
    who="team sre",
    facts=("1 of 2 approvals are given",),
    question=ASKED,
    change=ChangePart(deployments=(CHANGE,), steps=()),
)
FAILED = WhyItem(
    hold=Hold(
        kind=HoldKind.FAILED,
        reason="exit code 1",
        run="4A",
        holder=RunTitle(run="2B", title=HOSTILE),
        superseded_by=RunTitle(run="5C"),
        earliest=NOW + HOUR,
        log=LogTail(job="j", lines=(HOSTILE,)),
    ),
    phase=Phase.FAILED,
    where="test / unit",
    address="",
    who="",
    facts=(),
    question=Question(path="", id="", hidden=(), buttons=()),
    lines=(HOSTILE,),
    promotes="production",
)
CELL = BoardCell(
    environment="staging",
    look=LOOKS[CellPhase.FAILED],
    version=HOSTILE,
    path="projects/web/environments/staging",
    since=NOW - HOUR,
    drift="behind test",
    coming="3F",
    before="old=test&new=staging",
)
BOARD = Board(
    environments=("staging", "production"),
    projects=(
        BoardProject(
            name="web",
            tile=tile_of("web"),
            rows=(BoardRow(name=HOSTILE, application="demo/app", cells=(CELL, None)),),
        ),
        BoardProject(name="other", tile=tile_of("other"), rows=()),
    ),
)
PAST = SimpleNamespace(last=3, place=1, at=NOW - HOUR, earlier=NOW - 2 * HOUR, later=NOW - HOUR / 2)
PRESENT = SimpleNamespace(last=0, place=0, at=None, earlier=None, later=None)
PLANNED = CalendarEntry(
    kind=Happening.PROMOTION, begins=NOW, title=HOSTILE, project="web", environment="production", id="3F"
)
WEEKS = (
    (
        None,
        Day(day=date(2026, 11, 30), is_today=True, entries=()),
        Day(
            day=date(2026, 12, 1),
            is_today=False,
            entries=(DayEntry(what=PLANNED, look=CALENDAR_LOOKS[Happening.PROMOTION], at=NOW, others=2),),
        ),
    ),
)
TOKEN = SimpleNamespace(
    id="t0123456789",
    label=HOSTILE,
    is_session=False,
    owner="ann",
    scopes=("read",),
    grants=("web",),
    used_at=None,
    created_at=NOW,
    created_by="root",
    expires_at=NOW + HOUR,
)
TOKENS = (SimpleNamespace(token=TOKEN, look=LOOKS[CellPhase.OK], is_own=True, may_revoke=True),)
LETS = {"read": "read", "owner": "own"}
STEP_CELL = SimpleNamespace(phase=Phase.SUPERSEDED, at=HOSTILE)
TRAVELS = SimpleNamespace(path="/trains/1/snapshots/2", number="1.0", run="3F", cell=STEP_CELL, is_out_of_date=True)
TASK = TaskRow(
    path="/tasks/t1",
    tile=tile_of("web"),
    title=HOSTILE,
    kind="cronjob",
    look=LOOKS[CellPhase.FAILED],
    ready="1 of 2",
    exit_code=3,
    last=NOW - HOUR,
    next=NOW + HOUR,
    by="ann",
)
PIPELINE = PipelineRow(
    run="3F",
    tile=tile_of("web"),
    title=HOSTILE,
    look=LOOKS[CellPhase.CHANGING],
    done="1 of 2",
    message=HOSTILE,
    began_at=NOW - HOUR,
    ended_at=None,
    by="ann",
)

COMPONENTS: dict[str, dict[str, tuple[object, ...]]] = {
    "home/board.html": {"board": (FRAME, BOARD, NOW), "shape": (LOOKS[CellPhase.OK],)},
    "runs/drawings.html": {
        "link": (RUN_PAGE, "./3F", STAGES[0].steps[1]),
        "graph": (RUN_PAGE, "./3F", NOW),
        "gantt": (RUN_PAGE, "./3F", NOW),
        "list": (RUN_PAGE, "./3F", FRAME, NOW),
    },
    "runs/why.html": {"item": (FRAME, WAITS, RUN, "graph", 1, NOW), "item again": (FRAME, FAILED, RUN, "list", 2, NOW)},
    "projects/slider.html": {
        "look_at": (FRAME, HERE, NOW, "Earlier"),
        "slider": (FRAME, HERE, PAST),
        "slider now": (FRAME, HERE, PRESENT),
    },
    "calendar/month.html": {"month": (FRAME, WEEKS)},
    "logs/viewer.html": {"viewer": (FRAME, "j1", (HOSTILE, "1 failed"), True)},
    "tasks/rows.html": {"tasks": (FRAME, (TASK,), NOW), "pipelines": (FRAME, (PIPELINE,), NOW)},
    "trains/travel.html": {
        "in_stage": (FRAME, TRAVELS, NOW),
        "heads": ((SimpleNamespace(name=HOSTILE, environment="production"),),),
    },
    "access/parts.html": {
        "revoke": (FRAME, TOKENS[0]),
        "tokens": (FRAME, TOKENS, NOW, 20, True),
        "make_token": (FRAME, "/access/tokens", "Make a token"),
        "why": (FRAME, LETS, HOSTILE, "web", "owner"),
    },
}
"""What each is shown with, by the template in which it stands; more than once where words follow its name."""
