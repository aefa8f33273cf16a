"""What the inbox shows: everything that waits for the reader's word, with what they need to judge it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.dialects.console.frame.change import ChangePart, change_part
from chalicelib.dialects.console.frame.crumbs import Tile, tile_of
from chalicelib.dialects.console.frame.decide import DecideByForm
from chalicelib.dialects.console.frame.forms import Button, Question
from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.dialects.console.frame.live import Live, Pace, Pulse, Unchanged, kept_live, mark_of
from chalicelib.dialects.console.frame.outcomes import Outcomes, decide_by_forms
from chalicelib.dialects.console.inbox.chosen import Chosen
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.engine.run import Results
from chalicelib.kernel.explanation.place import title
from chalicelib.kernel.releases.release import Release
from chalicelib.use_cases.overview.approvals import ListApprovals, PendingApproval, list_approvals
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.frozen import frozen
from slipway_formats.release_id import of_version

PAGE_SIZE = 10
BUTTONS = (
    Button(value="approve", word="Approve", tone="primary"),
    Button(value="reject", word="Reject", tone="danger"),
)


@frozen
class Inbox:
    """Query: the inbox. known: what the reader sees."""

    frame: Frame
    by: Principal
    now: datetime
    page_from: str = ""
    known: str = ""


@frozen
class DecideInInbox:
    """Command: decide, and see the inbox after it."""

    asked: Inbox
    decisions: tuple[DecideByForm, ...]


@frozen
class InboxItem:
    """What waits. where: stage and gate. facts: who may, how many have, what was tested and built."""

    pending: PendingApproval
    tile: Tile
    title: str
    where: str
    into: str
    facts: Sequence[str]
    change: ChangePart
    chosen: str
    question: Question


@frozen
class InboxPage:
    """What the inbox shows. outcomes: of what the reader has just decided. more: query of the next page."""

    asked: Inbox
    items: Sequence[InboxItem]
    live: Live
    more: str
    outcomes: Outcomes = Outcomes()
    buttons: Sequence[Button] = BUTTONS


def inbox_page(ports: Ports, asked: Inbox) -> InboxPage | Unchanged:
    """Return what waits for the reader's word."""
    return kept_live(ports, asked, lambda: _look(ports, asked))


def decide_in_inbox(ports: Ports, command: DecideInInbox) -> InboxPage:
    """Make the decisions, and return what waits then, with what became of each.

    Faults: Forbidden or NotFound for who may make none of them; Invalid; Unauthenticated, before any is made.
    """
    outcomes = decide_by_forms(ports, command.decisions)
    pulse, page = _look(ports, command.asked)
    return replace(page(Live(known=pulse.mark, every=pulse.pace)), outcomes=outcomes)


def _look(ports: Ports, asked: Inbox) -> tuple[Pulse, Callable[[Live], InboxPage]]:
    page = Page(size=PAGE_SIZE, after=asked.page_from or None)
    found = list_approvals(ports, ListApprovals(by=asked.by, mine=True, whole=True, page=page))
    pulse = Pulse(
        mark=mark_of([(one.run.id, one.awaited, one.digest, one.results) for one in found.approvals]),
        pace=Pace.WAITING,
        runs=list(dict.fromkeys(one.run.id for one in found.approvals)),
    )
    items = [_item(one) for one in found.approvals]
    return pulse, lambda live: InboxPage(asked=asked, items=items, live=live, more=found.after or "")


def _item(pending: PendingApproval) -> InboxItem:
    run, awaited = pending.run, pending.awaited
    chosen = str(Chosen(run=run.id, execution=awaited.execution, digest=pending.digest, node=awaited.key))
    return InboxItem(
        pending=pending,
        tile=tile_of(run.definition.project),
        title=title(run.definition, run.number),
        where=f"{awaited.stage} / {awaited.name}",
        into=f"{run.definition.project}/{awaited.environment}" if awaited.environment else "",
        facts=tuple(_facts(pending)),
        change=change_part(pending.changes),
        chosen=chosen,
        question=Question(path="/inbox", id=chosen, hidden=(("chosen", chosen),), buttons=BUTTONS),
    )


def _facts(pending: PendingApproval) -> Iterator[str]:
    awaited = pending.awaited
    if awaited.quorum > 1:
        yield f"{len(awaited.given)} of {awaited.quorum} approvals are given"
    yield from (f"{one.by} approved{f': {one.notes}' if one.notes else ''}" for one in awaited.given)
    yield f"begun by {pending.run.started_by}"
    yield from map(_tests, pending.results)
    yield from map(_built, pending.releases)


def _tests(results: Results) -> str:
    skipped = f", {results.skipped} skipped" if results.skipped else ""
    return f"tests {results.name}: {results.passed} passed, {results.failed} failed{skipped}"


def _built(release: Release) -> str:
    metadata = release.metadata
    named = of_version(release.namespace, metadata.name, metadata.version)
    commit = f" from {metadata.git_revision[:10]}" if metadata.git_revision else ""
    return f"{named} by {release.by}{commit}{', yanked' if release.yanked is not None else ''}"
