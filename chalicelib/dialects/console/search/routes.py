"""The row of the search by names, which the palette asks too."""

from chalicelib.dialects.console.dialect import CONSOLE
from chalicelib.dialects.console.search import words
from chalicelib.dialects.console.search.page import search_page
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED
from chalicelib.http.reply import HTML_MEDIA

GROUP = Group(CONSOLE, "Search")

OPERATIONS = (
    GROUP.operation(
        "GET /search",
        "Runs, projects, pipelines, releases, environments, people, pages and commands by `?q=` what people type.",
        AUTHENTICATED,
        Handling(words.read_search, search_page, words.show_found),
        schema=Schema(answer=str, media=HTML_MEDIA),
    ),
)
