"""Text of logs without what terminals take for colours and moves."""

import re

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07")


def plain(text: str) -> str:
    """Return a text without escape sequences."""
    return ESCAPES.sub("", text)
