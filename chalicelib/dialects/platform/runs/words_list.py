"""Read which runs are looked for, and show their summaries."""

from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.explanation.summary import Awaited, RunSummary
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.plans.plan import DecidedBy
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.use_cases.overview.find_runs import STATUSES, FindRuns, FoundRuns
from chalicelib.use_cases.ports.runs import Page

ME = "me"
COUNTS = ("total", "done", "bad", "waiting")


def read_find(request: Request) -> FindRuns:
    """Read which runs are looked for. Faults: Invalid."""
    size = request.query.whole("page_size", default=50, least=1, most=200)
    kind, started_by = request.query.text("kind"), request.query.text("by") or ""
    return FindRuns(
        by=request.asker,
        project=request.query.text("project") or "",
        status=_one_of(request, "status", STATUSES),
        kind=DefinitionKind(_one_of(request, "kind", tuple(DefinitionKind))) if kind else None,
        release=request.query.text("release") or "",
        environment=request.query.text("environment") or "",
        started_by=request.asker.name if started_by == ME else started_by,
        since=request.query.instant("since"),
        waits_for_caller=_one_of(request, "waiting_for", (ME,)) == ME,
        page=Page(size=size, after=request.query.text("page_from") or None),
    )


def show_found(found: FoundRuns) -> Reply:
    """Show a page of runs."""
    return json_reply({"items": [shown_summary(one) for one in found.runs], "next": found.after})


def shown_summary(run: RunSummary) -> dict[str, Json]:
    """Return the summary of a run as JSON."""
    return {
        "id": run.id,
        "project": run.definition.project,
        "kind": run.definition.kind.value,
        "environment": run.definition.environment,
        "name": run.definition.name,
        "run_nr": run.number,
        "phase": run.phase.value,
        "reason": run.reason,
        "started_by": run.started_by,
        "trigger": run.trigger,
        "created_at": run.created_at.isoformat(),
        "ended_at": run.ended_at.isoformat() if run.ended_at is not None else None,
        "releases": list(run.releases),
        "environments": list(run.environments),
        "counts": {name: getattr(run.counts, name) for name in COUNTS},
        "awaits": [shown_awaited(one) for one in run.awaits],
    }


def shown_awaited(awaited: Awaited) -> dict[str, Json]:
    """Return what waits for people as JSON."""
    named = awaited.deciders or DecidedBy()
    return {
        "execution": awaited.execution,
        "node": awaited.key,
        "name": awaited.name,
        "stage": awaited.stage,
        "environment": awaited.environment,
        "description": awaited.description,
        "since": awaited.since.isoformat(),
        "expires_at": awaited.expires_at.isoformat() if awaited.expires_at is not None else None,
        "users": list(named.users),
        "teams": list(named.teams),
        "admins": awaited.deciders == DecidedBy(),
        "quorum": awaited.quorum,
        "given": [one.by for one in awaited.given],
    }


def _one_of(request: Request, name: str, words: tuple[str, ...]) -> str:
    """Return the value of a parameter, empty without one. Faults: Invalid if it is none of the words."""
    given = request.query.text(name) or ""
    if given and given not in words:
        raise Invalid.single(name, f"should be one of {', '.join(words)}")
    return given
