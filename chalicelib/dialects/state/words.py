"""Read and show what every noun needs: the caller, pages, timestamps, statuses, short answers."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from chalicelib.http.instant import read_instant, utc
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.engine.phase import FINAL, GOOD, Phase
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.partial_read import UnreadableFields
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.runs.read import RunView
from slipway_formats.defect import Defect

LARGEST_PAGE = 200
RUNNING = frozenset({Phase.RUNNING, Phase.STOPPING})


def read_asker(request: Request) -> Principal:
    """Return the caller. Faults: Unauthenticated."""
    return request.asker


def read_page(request: Request) -> Page:
    """Read which page of a list is requested. Faults: Invalid."""
    size = request.query.whole("page_size", default=50, least=1, most=LARGEST_PAGE)
    return Page(size=size, after=request.query.text("page_from") or None)


def read_at(request: Request) -> datetime | None:
    """Read `?at=`, the time as of which to answer; None for now. Faults: Invalid."""
    text = request.query.text("at")
    if not text:
        return None
    try:
        at = utc(read_instant(text))
    except ValueError as error:
        raise Invalid.single("at", str(error)) from error
    if at is None:
        raise Invalid.single("at", "is beyond all calendars")
    return at


def other_name(unreadable: UnreadableFields, given: str | None, wanted: str, path: str = "name") -> UnreadableFields:
    """Return the unreadable fields, with a defect if the body's name differs from the path's."""
    if not given or given == wanted:
        return unreadable
    return replace(unreadable, defects=(*unreadable.defects, Defect(path, f"should be {wanted}, as in the address")))


def shown_instant(at: datetime | None) -> str | None:
    """Return a timestamp in RFC 3339."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at is not None else None


def present(fields: Mapping[str, Json]) -> dict[str, Json]:
    """Return the fields that are set; False counts as set."""
    return {name: value for name, value in fields.items() if value or value is False}


def said(fields: Mapping[str, Json]) -> dict[str, Json]:
    """Return the fields that are not false, zero or empty."""
    return {name: value for name, value in fields.items() if value}


def status_of(phase: Phase | None) -> str:
    """Return the dialect's status of a phase."""
    if phase is None or phase is Phase.NEW:
        return "new"
    if phase in FINAL:
        return "ok" if phase in GOOD else "failed"
    return "running" if phase in RUNNING else "pending"


def run_fields(view: RunView) -> dict[str, Json]:
    """Return the fields that every execution has from its run."""
    run, plan = view.run, view.plan
    return {
        "id": run.id,
        "run_nr": plan.number,
        "status": status_of(view.phase),
        "reason": _reason(view),
        "started_at": shown_instant(run.began_at),
        "finished_at": shown_instant(run.ended_at),
        "started_by": plan.started_by,
    }


def _reason(view: RunView) -> str:
    """Return the run's reason, with its phase if the dialect has no status for it."""
    run = view.run
    if run.phase in (Phase.CANCELLED, Phase.SUPERSEDED, Phase.REJECTED, Phase.BROKEN):
        return f"{run.phase}: {run.reason}" if run.reason else run.phase.value
    return view.reason


def show_nothing(_: object) -> Reply:
    """Return an empty JSON object."""
    return json_reply({})


def show_execution_id(run: Run) -> Reply:
    """Show the id of an execution."""
    return json_reply({"id": run.id})
