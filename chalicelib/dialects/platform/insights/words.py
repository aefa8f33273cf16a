"""Read which numbers of delivery are wanted, and show them."""

from datetime import timedelta

from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.insights.measures import Measure
from chalicelib.use_cases.insights.read import InsightsQuery, InsightsView


def read_query(request: Request) -> InsightsQuery:
    """Read which numbers are wanted. Faults: Invalid."""
    return InsightsQuery(
        project=request.query.needed("project"),
        environment=request.query.text("environment") or "",
        application=request.query.text("application") or "",
        weeks=request.query.whole("weeks", default=12, least=1, most=104),
    )


def show_insights(view: InsightsView) -> Reply:
    """Show the numbers."""
    items: list[Json] = [
        {"application": one.application, "weeks": [_shown(measure) for measure in one.measures]}
        for one in view.applications
    ]
    return json_reply(
        {"project": view.project, "environment": view.environment, "weeks": list(view.weeks), "items": items}
    )


def _shown(measure: Measure) -> Json:
    return {
        "week": measure.week,
        "deployments": measure.deployments,
        "attempts": measure.attempts,
        "failed": measure.failed,
        "failed_share": measure.failed_share,
        "lead_seconds": _seconds(measure.lead),
        "restore_seconds": _seconds(measure.restore),
        "runs": list(measure.runs),
        "failed_runs": list(measure.failed_runs),
    }


def _seconds(length: timedelta | None) -> float | None:
    return length.total_seconds() if length is not None else None
