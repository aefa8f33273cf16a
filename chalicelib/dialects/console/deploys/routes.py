"""Rows of the page that tells what a deploy would change, and of the deploy."""

from chalicelib.dialects.console.deploys import words
from chalicelib.dialects.console.deploys.page import deploy_by_form, deploy_page
from chalicelib.dialects.console.dialect import CONSOLE
from chalicelib.dialects.console.frame.headers import FORM
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import PROJECT_READ, PROJECT_WRITE
from chalicelib.http.reply import HTML_MEDIA

GROUP = Group(CONSOLE, "Projects")
DEPLOY = "/projects/{project}/environments/{environment}/deploy/{deployment}/to/{version}"

OPERATIONS = (
    GROUP.operation(
        f"GET {DEPLOY}",
        "What a deploy of a version would change and do, with the form that does it.",
        PROJECT_READ,
        Handling(words.read_deploy, deploy_page, words.show_deploy),
        schema=Schema(answer=str, media=HTML_MEDIA),
    ),
    GROUP.operation(
        f"POST {DEPLOY}/acts",
        "Deploy what was shown; refused if it would change something else by now.",
        PROJECT_WRITE,
        Handling(words.read_act, deploy_by_form, words.show_begun),
        schema=FORM,
    ),
)
