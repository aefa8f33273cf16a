"""What readers and showers of every noun share: who asks, pages, instants, statuses, short answers."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.engine.phase import FINAL, GOOD, Phase
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import Defect, Invalid
from chalicelib.kernel.partial_read import UnreadableFields
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.runs.read import RunView

LARGEST_PAGE = 200
RUNNING = frozenset({Phase.RUNNING, Phase.STOPPING})


def read_asker(request: Request) -> Principal:
    """Who asks. Faults: Unauthenticated."""
    return request.asker


def read_page(request: Request) -> Page:
    """Which part of a list is asked for. Faults: Invalid."""
    size = request.query.whole("page_size", default=50, least=1, most=LARGEST_PAGE)
    return Page(size=size, after=request.query.text("page_from") or None)


def read_at(request: Request) -> datetime | None:
    """The instant of which the answer is to be. Faults: Invalid."""
    text = request.query.text("at")
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid.single("at", "should be an instant such as 2026-01-31T12:00:00Z") from error
    if at.tzinfo is None:
        raise Invalid.single("at", "needs an offset, such as Z")
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise Invalid.single("at", "is beyond all calendars") from error


def other_name(unreadable: UnreadableFields, given: str | None, wanted: str, path: str = "name") -> UnreadableFields:
    """What could not be read, and that a body names another than the address does."""
    if not given or given == wanted:
        return unreadable
    return replace(unreadable, defects=(*unreadable.defects, Defect(path, f"should be {wanted}, as in the address")))


def shown_instant(at: datetime | None) -> str | None:
    """An instant as RFC 3339 has it."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at is not None else None


def present(fields: Mapping[str, Json]) -> dict[str, Json]:
    """The fields that say something."""
    return {name: value for name, value in fields.items() if value or value is False}


def said(fields: Mapping[str, Json]) -> dict[str, Json]:
    """The fields that differ from nothing at all, be it no, zero or empty."""
    return {name: value for name, value in fields.items() if value}


def status_of(phase: Phase | None) -> str:
    """A phase in this dialect's word."""
    if phase is None or phase is Phase.NEW:
        return "new"
    if phase in FINAL:
        return "ok" if phase in GOOD else "failed"
    return "running" if phase in RUNNING else "pending"


def run_fields(seen: RunView) -> dict[str, Json]:
    """What every execution says of its run."""
    run, plan = seen.run, seen.plan
    return {
        "id": run.id,
        "run_nr": plan.number,
        "status": status_of(run.phase),
        "reason": _reason(run),
        "started_at": shown_instant(run.began_at),
        "finished_at": shown_instant(run.ended_at),
        "started_by": plan.started_by,
    }


def _reason(run: Run) -> str:
    """Why it is as it is; of what has no word here, also which it is."""
    if run.phase in (Phase.CANCELLED, Phase.SUPERSEDED, Phase.REJECTED, Phase.BROKEN):
        return f"{run.phase}: {run.reason}" if run.reason else run.phase.value
    return run.reason


def show_nothing(_: object) -> Reply:
    """That it was done."""
    return json_reply({})


def show_execution_id(run: Run) -> Reply:
    """Which execution it is."""
    return json_reply({"id": run.id})
