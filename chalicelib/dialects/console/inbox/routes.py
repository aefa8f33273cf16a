"""Rows of the inbox, and of what is decided in it."""

from chalicelib.dialects.console.dialect import CONSOLE
from chalicelib.dialects.console.inbox import words
from chalicelib.dialects.console.inbox.page import decide_in_inbox, inbox_page
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED
from chalicelib.http.reply import HTML_MEDIA
from chalicelib.http.request import FORM

GROUP = Group(CONSOLE, "Inbox")

OPERATIONS = (
    GROUP.operation(
        "GET /inbox",
        "What waits for the reader's word, of the oldest run first, with what it lets in; 204 while `?known=` is so.",
        AUTHENTICATED,
        Handling(words.read_inbox, inbox_page, words.show_inbox),
        schema=Schema(answer=str, media=HTML_MEDIA),
    ),
    GROUP.operation(
        "POST /inbox",
        "Approve or reject all that is chosen, with one note; the inbox then says what became of each.",
        AUTHENTICATED,
        Handling(words.read_decisions, decide_in_inbox, words.show_inbox),
        schema=Schema(body=dict[str, str], answer=str, media=HTML_MEDIA, takes=FORM),
    ),
)
