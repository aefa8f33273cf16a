"""The row of the page of runners."""

from chalicelib.dialects.console.dialect import CONSOLE
from chalicelib.dialects.console.runners import words
from chalicelib.dialects.console.runners.page import runners_page
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED
from chalicelib.http.reply import HTML_MEDIA

GROUP = Group(CONSOLE, "Runners")

OPERATIONS = (
    GROUP.operation(
        "GET /runners",
        "Pools of runners (`?pool=`) that do jobs of the reader's projects, who is up, and what waits for them.",
        AUTHENTICATED,
        Handling(words.read_runners, runners_page, words.show_runners),
        schema=Schema(answer=str, media=HTML_MEDIA),
    ),
)
