"""Read of which project the numbers are wanted, and show them."""

from chalicelib.dialects.console.frame.forms import Field
from chalicelib.dialects.console.frame.headers import page_reply
from chalicelib.dialects.console.frame.templates import render
from chalicelib.dialects.console.frame.words import read_frame
from chalicelib.dialects.console.insights.page import Insights, InsightsPage
from chalicelib.http.reply import Reply
from chalicelib.http.request import Request
from chalicelib.use_cases.insights.read import InsightsQuery

USUAL_WEEKS, MOST_WEEKS = 12, 104


def read_query(request: Request) -> Insights:
    """Read which numbers are wanted. Faults: Invalid."""
    query, project = request.query, request.query.text("project") or ""
    weeks = query.whole("weeks", default=USUAL_WEEKS, least=1, most=MOST_WEEKS) if query.text("weeks") else USUAL_WEEKS
    sought = InsightsQuery(
        project=project,
        environment=query.text("environment") or "",
        application=query.text("application") or "",
        weeks=weeks,
    )
    return Insights(frame=read_frame(request), by=request.asker, now=request.now, sought=sought if project else None)


def show_insights(page: InsightsPage) -> Reply:
    """Show the page."""
    asked, sought = page.asked, page.asked.sought
    fields = [
        Field(name="project", word="Project", value=sought.project if sought else ""),
        Field(name="environment", word="Environment", value=sought.environment if sought else ""),
        Field(name="application", word="Application", value=sought.application if sought else ""),
        Field(name="weeks", word="Weeks", value=str(sought.weeks) if sought and sought.weeks != USUAL_WEEKS else ""),
    ]
    return page_reply(render("insights/insights.html", asked.frame, page=page, fields=fields, now=asked.now))
