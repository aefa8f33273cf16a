"""Read which project or pipeline is looked at, and what is started on its page."""

from urllib.parse import urlencode

from chalicelib.dialects.console.frame.headers import leave_for, page_reply
from chalicelib.dialects.console.frame.instants import read_instant
from chalicelib.dialects.console.frame.live import Unchanged, live_reply
from chalicelib.dialects.console.frame.templates import render
from chalicelib.dialects.console.frame.words import read_frame
from chalicelib.dialects.console.projects.environment import MOST_CHANGES, EnvironmentPage, EnvironmentQuery
from chalicelib.dialects.console.projects.page import ProjectPage, ProjectQuery
from chalicelib.dialects.console.projects.pipeline import PipelinePage, PipelineQuery
from chalicelib.http.reply import Reply
from chalicelib.http.request import Request
from chalicelib.kernel.engine.run import Run
from chalicelib.use_cases.definitions.pipelines import TriggerPipeline


def read_project(request: Request) -> ProjectQuery:
    """Read which project is looked at."""
    return ProjectQuery(
        frame=read_frame(request),
        by=request.asker,
        now=request.now,
        project=request.parameters["project"],
        known=request.query.text("known") or "",
    )


def show_project(page: ProjectPage | Unchanged) -> Reply:
    """Show the page of a project, or nothing to who sees it already."""
    return live_reply(
        page,
        lambda shown: page_reply(render("projects/project.html", shown.asked.frame, page=shown, now=shown.asked.now)),
    )


def read_pipeline(request: Request) -> PipelineQuery:
    """Read which pipeline is looked at. Faults: Invalid."""
    return PipelineQuery(
        frame=read_frame(request),
        origin=request.origin,
        project=request.parameters["project"],
        name=request.parameters["pipeline"],
        page_from=request.query.text("page_from") or "",
        known=request.query.text("known") or "",
    )


def show_pipeline(page: PipelinePage | Unchanged) -> Reply:
    """Show the page of a pipeline, or nothing to who sees it already."""
    return live_reply(
        page,
        lambda shown: page_reply(render("projects/pipeline.html", shown.asked.frame, page=shown, now=shown.asked.now)),
    )


def read_environment(request: Request) -> EnvironmentQuery:
    """Read which environment is looked at, and as it was when. Faults: Invalid."""
    query = request.query
    at = query.text("at")
    return EnvironmentQuery(
        frame=read_frame(request),
        by=request.asker,
        now=request.now,
        project=request.parameters["project"],
        name=request.parameters["environment"],
        at=read_instant(at, "at") if at else None,
        change=query.whole("change", default=0, least=0, most=MOST_CHANGES) if query.text("change") else None,
        page_from=query.text("page_from") or "",
        known=query.text("known") or "",
    )


def show_environment(page: EnvironmentPage | Unchanged) -> Reply:
    """Show the page of an environment, or nothing to who sees it already."""
    return live_reply(page, _shown_environment)


def _shown_environment(page: EnvironmentPage) -> Reply:
    asked = page.asked
    # At a change it asks for that instant: what is done meanwhile counts the changes anew.
    instant = {"at": asked.at.isoformat()} if asked.at is not None else {}
    again = urlencode({**instant, **({"page_from": asked.page_from} if asked.page_from else {})})
    return page_reply(render("projects/environment.html", asked.frame, page=page, again=again, now=asked.now))


def read_trigger(request: Request) -> TriggerPipeline:
    """Read which pipeline is started."""
    return TriggerPipeline(
        origin=request.origin, project=request.parameters["project"], name=request.parameters["pipeline"]
    )


def show_begun(run: Run) -> Reply:
    """Lead to the run that began."""
    return leave_for(f"../../../../runs/{run.id}")
