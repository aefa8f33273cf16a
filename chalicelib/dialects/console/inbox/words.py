"""Read what is decided in the inbox, and show what waits."""

from urllib.parse import urlencode

from chalicelib.dialects.console.frame.decide import by_form
from chalicelib.dialects.console.frame.headers import page_reply
from chalicelib.dialects.console.frame.live import Unchanged, live_reply
from chalicelib.dialects.console.frame.templates import render
from chalicelib.dialects.console.frame.words import read_frame
from chalicelib.dialects.console.inbox.chosen import Chosen, chosen_in
from chalicelib.dialects.console.inbox.page import DecideInInbox, Inbox, InboxPage
from chalicelib.http.reply import Reply
from chalicelib.http.request import Request
from chalicelib.kernel.engine.run import ActKind
from chalicelib.kernel.faults import Invalid
from chalicelib.use_cases.runs.decide import DecideNode

DECISIONS = {"approve": ActKind.APPROVED, "reject": ActKind.REJECTED}


def read_inbox(request: Request) -> Inbox:
    """Read whose inbox is asked for, and what they know of it."""
    return Inbox(
        frame=read_frame(request),
        by=request.asker,
        now=request.now,
        page_from=request.query.text("page_from") or "",
        known=request.query.text("known") or "",
    )


def read_decisions(request: Request) -> DecideInInbox:
    """Read one decision about all that is chosen. Faults: Invalid, TooLarge."""
    pairs = request.form()
    form, chosen = dict(pairs), [chosen_in(value) for name, value in pairs if name == "chosen"]
    kind = DECISIONS.get(form.get("decision", ""))
    if kind is None:
        raise Invalid.single("decision", f"should be one of {', '.join(DECISIONS)}")
    if not chosen:
        raise Invalid.single("chosen", "nothing is chosen: tick what it is about")
    decisions = (_decision(request, kind, one, form.get("notes", "")) for one in chosen)
    by_forms = tuple(by_form(request, one) for one in decisions)
    return DecideInInbox(asked=read_inbox(request), decisions=by_forms)


def _decision(request: Request, kind: ActKind, chosen: Chosen, notes: str) -> DecideNode:
    return DecideNode(
        run=chosen.run,
        kind=kind,
        by=request.asker,
        node=chosen.node,
        execution=chosen.execution,
        notes=notes,
        changes=chosen.digest,
    )


def show_inbox(page: InboxPage | Unchanged) -> Reply:
    """Show the page, or nothing to who sees it already."""
    return live_reply(page, _shown)


def _shown(page: InboxPage) -> Reply:
    more = urlencode({"page_from": page.more}) if page.more else ""
    rendered = render("inbox/inbox.html", page.asked.frame, page=page, more=more, now=page.asked.now)
    return page_reply(rendered, page.outcomes.status)
