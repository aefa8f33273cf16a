"""Rows of the pages of releases."""

from chalicelib.dialects.console.dialect import CONSOLE
from chalicelib.dialects.console.releases import words
from chalicelib.dialects.console.releases.page import application_page, search_page
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED, NAMESPACE_SEEN
from chalicelib.http.reply import HTML_MEDIA

GROUP = Group(CONSOLE, "Releases")

OPERATIONS = (
    GROUP.operation(
        "GET /releases",
        "Applications with their highest releases, by `?q=` words.",
        AUTHENTICATED,
        Handling(words.read_search, search_page, words.show_found),
        schema=Schema(answer=str, media=HTML_MEDIA),
    ),
    GROUP.operation(
        "GET /releases/{namespace}/{application}",
        "The releases of an application, the highest first: from which commit, by whom, yanked, and where each is.",
        NAMESPACE_SEEN,
        Handling(words.read_application, application_page, words.show_application),
        schema=Schema(answer=str, media=HTML_MEDIA),
    ),
)
