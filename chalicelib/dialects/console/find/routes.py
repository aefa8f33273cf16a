"""The row of the list of runs."""

from chalicelib.dialects.console.dialect import CONSOLE
from chalicelib.dialects.console.find import words
from chalicelib.dialects.console.find.page import search_page
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED
from chalicelib.http.reply import HTML_MEDIA

GROUP = Group(CONSOLE, "Runs")

OPERATIONS = (
    GROUP.operation(
        "GET /runs",
        "Runs across projects, newest first, by project, status, release, environment, who began them, and waiting.",
        AUTHENTICATED,
        Handling(words.read_search, search_page, words.show_found),
        schema=Schema(answer=str, media=HTML_MEDIA),
    ),
)
