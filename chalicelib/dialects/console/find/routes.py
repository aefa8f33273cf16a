"""Rows of the list of runs, and of what is done with all that is chosen in it."""

from chalicelib.dialects.console.dialect import CONSOLE
from chalicelib.dialects.console.find import words
from chalicelib.dialects.console.find.page import act_on_found, search_page
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED
from chalicelib.http.reply import HTML_MEDIA
from chalicelib.http.request import FORM

GROUP = Group(CONSOLE, "Runs")

OPERATIONS = (
    GROUP.operation(
        "GET /runs",
        "Runs across projects, newest first, by project, status, release, environment, who began them, and waiting.",
        AUTHENTICATED,
        Handling(words.read_search, search_page, words.show_found),
        schema=Schema(answer=str, media=HTML_MEDIA),
    ),
    GROUP.operation(
        "POST /runs",
        "Cancel or retry all that is chosen, with one note; the list then says what became of each.",
        AUTHENTICATED,
        Handling(words.read_acts, act_on_found, words.show_found),
        schema=Schema(body=dict[str, str], answer=str, media=HTML_MEDIA, takes=FORM),
    ),
)
