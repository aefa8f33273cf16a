"""Rows of the pages of projects and their pipelines."""

from chalicelib.dialects.console.dialect import CONSOLE
from chalicelib.dialects.console.frame.headers import FORM
from chalicelib.dialects.console.projects import words
from chalicelib.dialects.console.projects.environment import environment_page
from chalicelib.dialects.console.projects.page import project_page
from chalicelib.dialects.console.projects.pipeline import pipeline_page
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import PROJECT_READ, PROJECT_WRITE
from chalicelib.http.reply import HTML_MEDIA
from chalicelib.use_cases.definitions.pipelines import trigger_pipeline

GROUP = Group(CONSOLE, "Projects")

OPERATIONS = (
    GROUP.operation(
        "GET /projects/{project}",
        "A project: what is where, its pipelines, builds and jobs with how their last runs went, its latest runs.",
        PROJECT_READ,
        Handling(words.read_project, project_page, words.show_project),
        schema=Schema(answer=str, media=HTML_MEDIA),
    ),
    GROUP.operation(
        "GET /projects/{project}/environments/{environment}",
        "An environment, now, `?at=` an instant or at a `?change=` of those that it shows; what was done there.",
        PROJECT_READ,
        Handling(words.read_environment, environment_page, words.show_environment),
        schema=Schema(answer=str, media=HTML_MEDIA),
    ),
    GROUP.operation(
        "GET /projects/{project}/pipelines/{pipeline}",
        "A pipeline: its phases, gates and steps, and how far its latest runs came, older ones by `?page_from=`.",
        PROJECT_READ,
        Handling(words.read_pipeline, pipeline_page, words.show_pipeline),
        schema=Schema(answer=str, media=HTML_MEDIA),
    ),
    GROUP.operation(
        "POST /projects/{project}/pipelines/{pipeline}/runs",
        "Start a run of a pipeline, by the button of its page.",
        PROJECT_WRITE,
        Handling(words.read_trigger, trigger_pipeline, words.show_begun),
        schema=FORM,
    ),
)
