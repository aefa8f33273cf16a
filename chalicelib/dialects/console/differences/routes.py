"""The row of what differs between two environments."""

from chalicelib.dialects.console.dialect import CONSOLE
from chalicelib.dialects.console.differences import words
from chalicelib.dialects.console.differences.page import differences_page
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import PROJECT_READ
from chalicelib.http.reply import HTML_MEDIA

GROUP = Group(CONSOLE, "Projects")

OPERATIONS = (
    GROUP.operation(
        "GET /projects/{project}/diff",
        "What differs between environments (`?old=&new=`) now or then (`&old_at=&new_at=`), or of one `&deployment=`.",
        PROJECT_READ,
        Handling(words.read_differences, differences_page, words.show_differences),
        schema=Schema(answer=str, media=HTML_MEDIA),
    ),
)
