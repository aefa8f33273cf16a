"""Parse multipart forms, as browsers and Escape's CLI send files. Bytes are unchanged."""

import re

from chalicelib.kernel.faults import Invalid
from slipway_formats.frozen import frozen

MOST_PARTS = 1000
LONGEST_HEAD = 16 * 1024

BOUNDARY = re.compile(r'boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))', re.IGNORECASE)
NAME = re.compile(r'[;\s]name=(?:"((?:[^"\\]|\\.)*)"|([^\s;]+))', re.IGNORECASE)
FILE = re.compile(r'[;\s]filename=(?:"((?:[^"\\]|\\.)*)"|([^\s;]+))', re.IGNORECASE)


@frozen
class Part:
    """A field of a form. filename: None if it is not a file."""

    name: str
    filename: str | None
    content: bytes


def parse_multipart(media: str, content: bytes) -> tuple[Part, ...]:
    """Return the parts of a body in order. media: its full content type. Faults: Invalid."""
    found = BOUNDARY.search(media)
    if not media.lower().startswith("multipart/form-data") or found is None:
        raise Invalid.single("Content-Type", "should be multipart/form-data with a boundary")
    mark = b"\r\n--" + (found[1] or found[2]).encode("utf-8")
    pieces = (b"\r\n" + content).split(mark, MOST_PARTS + 2)
    if len(pieces) < 2 or len(pieces) > MOST_PARTS + 2 or not pieces[-1].startswith(b"--"):
        raise Invalid.single("", f"malformed multipart body: not closed, or over {MOST_PARTS} parts")
    return tuple(_part(piece) for piece in pieces[1:-1])


def _part(piece: bytes) -> Part:
    head, blank, content = piece.partition(b"\r\n\r\n")
    disposition = _disposition(head)
    name = _value(NAME, disposition)
    if not blank or len(head) > LONGEST_HEAD or name is None:
        raise Invalid.single("", "malformed multipart body: a part without a name")
    return Part(name=name, filename=_value(FILE, disposition), content=content)


def _disposition(head: bytes) -> str:
    lines = head.decode("utf-8", errors="replace").split("\r\n")
    named = (line.partition(":") for line in lines)
    return next((value for name, _, value in named if name.strip().lower() == "content-disposition"), "")


def _value(pattern: re.Pattern[str], disposition: str) -> str | None:
    found = pattern.search(disposition)
    if found is None:
        return None
    return re.sub(r"\\(.)", r"\1", found[1]) if found[1] is not None else found[2]
