"""The row of the page of insights."""

from chalicelib.dialects.console.dialect import CONSOLE
from chalicelib.dialects.console.insights import words
from chalicelib.dialects.console.insights.page import insights_page
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED
from chalicelib.http.reply import HTML_MEDIA

GROUP = Group(CONSOLE, "Insights")

OPERATIONS = (
    GROUP.operation(
        "GET /insights",
        "The numbers of delivery of `?project=` by application and week; without it, the projects to choose from.",
        AUTHENTICATED,
        Handling(words.read_query, insights_page, words.show_insights),
        schema=Schema(answer=str, media=HTML_MEDIA),
    ),
)
