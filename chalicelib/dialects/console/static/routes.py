"""The row of the files that pages load."""

from chalicelib.dialects.console.dialect import CONSOLE
from chalicelib.dialects.console.static import words
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import PUBLIC

GROUP = Group(CONSOLE, "Files")

OPERATIONS = (
    GROUP.operation(
        "GET /static/{hash}/{file}",
        "A style, script or licence of the console; the same for ever under one hash.",
        PUBLIC,
        Handling(words.read_file, lambda _, asked: asked, words.show_file),
        schema=Schema(answer=str, media="text/css"),
    ),
)
