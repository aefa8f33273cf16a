"""Strip control codes from untrusted text (names, reasons, log lines) before it reaches a terminal."""

from __future__ import annotations

import re

_SEQUENCE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_].*?(?:\x1b\\|\x07|$)|\x1b[@-Z\\-_]?|\x9b[0-?]*[ -/]*[@-~]")
_COLOUR = re.compile(r"\x1b\[[0-9;:]*m")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """The text on one line without control codes and escape sequences."""
    return _CONTROL.sub("", _SEQUENCE.sub("", text)).replace("\t", " ").replace("\n", " ")


def coloured(line: str) -> str:
    """A log line with colours but no other escape sequences."""
    parts = _COLOUR.split(line)
    colours = _COLOUR.findall(line)
    texts = [_CONTROL.sub("", _SEQUENCE.sub("", part)) for part in parts]
    return texts[0] + "".join(colour + text for colour, text in zip(colours, texts[1:], strict=True))


def uncoloured(line: str) -> str:
    """A log line without escape sequences; tabs stay."""
    return _CONTROL.sub("", _SEQUENCE.sub("", line))


def visible(line: str) -> str:
    """What a terminal leaves of a log line that carriage returns begin anew, such as a progress bar."""
    return line.rstrip("\r").rpartition("\r")[2]
