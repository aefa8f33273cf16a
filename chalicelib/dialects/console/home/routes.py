"""The row of the page where everybody begins."""

from chalicelib.dialects.console.dialect import CONSOLE
from chalicelib.dialects.console.home import words
from chalicelib.dialects.console.home.page import home_page
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED
from chalicelib.http.reply import HTML_MEDIA

GROUP = Group(CONSOLE, "Home")

OPERATIONS = (
    GROUP.operation(
        "GET /home",
        "The page where everybody begins: what waits for one, and the latest runs of each project.",
        AUTHENTICATED,
        Handling(words.read_home, home_page, words.show_home),
        schema=Schema(answer=str, media=HTML_MEDIA),
    ),
)
