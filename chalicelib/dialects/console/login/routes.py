"""Rows by which people come in and leave, and say how pages look."""

from chalicelib.dialects.console.dialect import CONSOLE
from chalicelib.dialects.console.frame.headers import FORM
from chalicelib.dialects.console.login import words
from chalicelib.dialects.console.login.enter import enter
from chalicelib.http.operation import Flag, Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED, PUBLIC
from chalicelib.http.reply import HTML_MEDIA
from chalicelib.use_cases.credentials.invitations import accept_invitation
from chalicelib.use_cases.credentials.login import log_out

GROUP = Group(CONSOLE, "Login")
PAGE = Schema(answer=str, media=HTML_MEDIA)

OPERATIONS = (
    GROUP.operation(
        "GET /login",
        "The form by which people log in; `?next=` is where they go on to.",
        PUBLIC,
        Handling(words.read_login_page, lambda _, asked: asked, words.show_login_page),
        schema=PAGE,
    ),
    GROUP.operation(
        "POST /login",
        "Trade a name and a password or token for a session of the console, in a cookie of its own.",
        PUBLIC,
        Handling(words.read_enter, enter, words.show_entered),
        schema=FORM,
        flags=frozenset({Flag.SECRET_ANSWER}),
    ),
    GROUP.operation(
        "GET /invitation",
        "The form by which an invited person chooses a password.",
        PUBLIC,
        Handling(words.read_login_page, lambda _, asked: asked, words.show_invitation_page),
        schema=PAGE,
    ),
    GROUP.operation(
        "POST /invitation",
        "Choose a password by an invitation, which then holds no more.",
        PUBLIC,
        Handling(words.read_accept, accept_invitation, words.show_accepted),
        schema=FORM,
    ),
    GROUP.operation(
        "POST /logout",
        "End the session by which the caller came.",
        AUTHENTICATED,
        Handling(words.read_origin, log_out, words.show_left),
        schema=Schema(status=303),
    ),
    GROUP.operation(
        "POST /looks",
        "Say which colours, zone and keys all pages have in this browser.",
        PUBLIC,
        Handling(words.read_looks, lambda _, looks: looks, words.show_looks),
        schema=FORM,
    ),
)
