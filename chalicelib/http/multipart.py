"""Parse multipart forms, as browsers and Escape's CLI send files. Bytes are unchanged."""

import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32
from email.utils import collapse_rfc2231_value
from itertools import islice

from chalicelib.kernel.faults import Invalid
from slipway_formats.frozen import frozen
from slipway_formats.override import override

MOST_PARTS = 1000
LONGEST_HEAD = 16 * 1024
LONGEST_BOUNDARY = 70
PLAIN = frozenset({"", "7bit", "8bit", "binary"})
"""Encodings of a part that leave its bytes as they are."""


@frozen
class Part:
    """A field of a form. filename: None if it is not a file."""

    name: str
    filename: str | None
    content: bytes


def parse_multipart(media: str, content: bytes) -> tuple[Part, ...]:
    """Return the parts of a body in order. media: its full content type. Faults: Invalid."""
    boundary = _boundary(media)
    # Lines of all clients that matter end in CR LF; some programs write LF alone, and then throughout.
    end = b"\r\n" if content.partition(b"\n")[0].endswith(b"\r") else b"\n"
    pieces = tuple(islice(_pieces(content, boundary, end), MOST_PARTS + 2))
    if not pieces or len(pieces) > MOST_PARTS + 1 or pieces[-1] is not None:
        raise Invalid.single("", f"malformed multipart body: not closed, or over {MOST_PARTS} parts")
    return tuple(_part(piece, end) for piece in pieces if piece is not None)


class _AsSent(Compat32):
    """Headers with the bytes that are no ASCII as surrogates, which `_parameter` reads as UTF-8."""

    @override
    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


_HEADS = BytesHeaderParser(policy=_AsSent())


def _boundary(media: str) -> bytes:
    head = _HEADS.parsebytes(b"Content-Type: " + media.encode())
    boundary = _parameter(head, "boundary", "Content-Type")
    if head.get_content_type() != "multipart/form-data" or not boundary or len(boundary) > LONGEST_BOUNDARY:
        raise Invalid.single("Content-Type", "should be multipart/form-data with a boundary")
    return boundary.encode()


def _pieces(content: bytes, boundary: bytes, end: bytes) -> Iterator[bytes | None]:
    """Yield what stands between two lines with the boundary, and None for the line that closes the body."""
    line = re.compile(rb"(?:\A|%b)--%b(--)?[ \t]*(?=%b|\Z)" % (end, re.escape(boundary), end))
    begin = None
    for found in line.finditer(content):
        if begin is not None:
            yield content[begin : found.start()]
        if found[1] is not None:
            yield None
            return
        begin = found.end()


def _part(piece: bytes, end: bytes) -> Part:
    head, blank, content = piece.partition(end + end)
    if not blank or len(head) > LONGEST_HEAD:
        raise _nameless()
    parsed = _HEADS.parsebytes(head.removeprefix(end))
    name = _parameter(parsed, "name", "Content-Disposition")
    if name is None:
        raise _nameless()
    encoding = str(parsed.get("Content-Transfer-Encoding", "")).strip().lower()
    if encoding not in PLAIN:
        raise Invalid.single("", f"part {name[:100]} is encoded as {encoding[:100]}: send its bytes as they are")
    return Part(name=name, filename=_parameter(parsed, "filename", "Content-Disposition"), content=content)


def _nameless() -> Invalid:
    return Invalid.single("", "malformed multipart body: a part without a name")


def _parameter(head: Message, name: str, header: str) -> str | None:
    found = head.get_param(name, header=header)
    if found is None:
        return None
    text = found if isinstance(found, str) else collapse_rfc2231_value(found)
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
