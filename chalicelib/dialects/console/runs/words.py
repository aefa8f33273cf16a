"""Read what is asked of a run's page and said on it, and show it."""

from chalicelib.dialects.console.frame.decide import DecideByForm, by_form
from chalicelib.dialects.console.frame.headers import leave_for, page_reply
from chalicelib.dialects.console.frame.live import Unchanged, live_reply
from chalicelib.dialects.console.frame.templates import render
from chalicelib.dialects.console.frame.words import read_frame
from chalicelib.dialects.console.runs.page import RunPage, RunQuery, Tab
from chalicelib.http.reply import Reply
from chalicelib.http.request import Request
from chalicelib.kernel.engine.run import ActKind
from chalicelib.kernel.faults import Invalid
from chalicelib.use_cases.runs.decide import DecideNode, DecideRun
from chalicelib.use_cases.runs.read import RunView

DECISIONS = {"approve": ActKind.APPROVED, "reject": ActKind.REJECTED, "override": ActKind.OVERRODE}
ACTS = {"cancel": ActKind.CANCELLED, "retry": ActKind.RETRIED, "promote": ActKind.PROMOTED}


def read_run(request: Request) -> RunQuery:
    """Read which run is asked for, how, and what the reader knows of it. Faults: Invalid."""
    tab = request.query.text("view") or Tab.GRAPH
    if tab not in set(Tab):
        raise Invalid.single("view", f"should be one of {', '.join(Tab)}")
    return RunQuery(
        frame=read_frame(request),
        by=request.asker,
        run=request.parameters["run"],
        now=request.now,
        tab=Tab(tab),
        step=request.query.text("step") or "",
        known=request.query.text("known") or "",
    )


def show_run(page: RunPage | Unchanged) -> Reply:
    """Show the page, or nothing to who sees it already."""
    return live_reply(
        page, lambda shown: page_reply(render("runs/run.html", shown.asked.frame, page=shown, now=shown.asked.now))
    )


def read_decision(request: Request) -> DecideByForm:
    """Read a decision about a waiting gate or step. Faults: Invalid, TooLarge."""
    form = dict(request.form())
    execution = form.get("execution", "")
    if not (execution.isascii() and execution.isdigit() and len(execution) < 9):
        raise Invalid.single("execution", "should be a whole number")
    decision = DecideNode(
        run=request.parameters["run"],
        kind=_meant(DECISIONS, form.get("decision", ""), "decision"),
        by=request.asker,
        node=form.get("node", ""),
        execution=int(execution),
        notes=form.get("notes", ""),
        changes=form.get("changes", ""),
    )
    return by_form(request, decision)


def read_act(request: Request) -> DecideByForm:
    """Read an act on the run. Faults: Invalid, TooLarge."""
    form = dict(request.form())
    kind = _meant(ACTS, form.get("act", ""), "act")
    if kind is ActKind.PROMOTED and not form.get("stage"):
        raise Invalid.single("stage", "is required to promote")
    act = DecideRun(
        run=request.parameters["run"],
        kind=kind,
        by=request.asker,
        stage=form.get("stage", ""),
        notes=form.get("notes", ""),
    )
    return by_form(request, act)


def _meant(known: dict[str, ActKind], given: str, name: str) -> ActKind:
    if given not in known:
        raise Invalid.single(name, f"should be one of {', '.join(known)}")
    return known[given]


def show_back(view: RunView) -> Reply:
    """Go back to the page of the run."""
    return leave_for(f"../{view.run.id}")
