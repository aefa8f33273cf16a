"""Reads the response to one request: what is plain here, everything else by http.client.

http.client has headers read by the parser of e-mails, which took a quarter of a call to the stand-in. AWS and its
stand-ins tell the length of each body, so that the plain way is all that they take.
"""

import re
from collections.abc import Mapping
from http.client import HTTPException, HTTPResponse, IncompleteRead
from io import BufferedReader, RawIOBase
from socket import socket
from typing import NamedTuple

LONGEST_HEAD = 65_536
READ_AT_ONCE = 65_536
HEAD_ENDS = re.compile(rb"\n\r?\n")
STATUS_LINE = re.compile(rb"HTTP/1\.1 ([2-5][0-9][0-9])(?: [^\r\n]*)?")
HEADER_LINE = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([^\r\n]*?)[ \t]*")
LENGTH = re.compile(rb"[0-9]{1,15}")
WITHOUT_BODY = frozenset({204, 304})


class Reply(NamedTuple):
    """A response. body: complete. checksum: CRC32 of the body, as DynamoDB tells it; empty where nobody does."""

    status: int
    body: bytes
    checksum: str = ""


class Head(NamedTuple):
    """What a plain response says before its body. length: of the body. is_last: the other side will close."""

    status: int
    length: int
    checksum: str
    is_last: bool


def read_reply(connection: socket) -> tuple[Reply, bool]:
    """Return the response to a POST, and whether the connection is good for another request.

    Faults: OSError, HTTPException for whatever is not a whole response.
    """
    begun, size = _begun(connection)
    head = plain_head(begun[:size])
    if head is None:
        return _by_http_client(begun, connection)
    body = _body(begun[size:], head.length, connection)
    # What follows a response, nobody has asked for: it must not be taken for the next one.
    return Reply(head.status, body[: head.length], head.checksum), not head.is_last and len(body) == head.length


def plain_head(head: bytes) -> Head | None:
    """Return what a status line and headers say, with the blank line behind them; None if they are not plain."""
    first, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    status, headers = STATUS_LINE.fullmatch(first), _headers(lines)
    if status is None or headers is None or b"transfer-encoding" in headers:
        return None
    length = headers.get(b"content-length", b"")
    if LENGTH.fullmatch(length) is None or int(status[1]) in WITHOUT_BODY:
        return None
    return Head(
        status=int(status[1]),
        length=int(length),
        checksum=headers.get(b"x-amz-crc32", b"").decode("latin-1"),
        is_last=b"close" in headers.get(b"connection", b"").lower(),
    )


def _headers(lines: list[bytes]) -> Mapping[bytes, bytes] | None:
    """Headers by lower-case name; None if a line is none, or a name comes twice."""
    found = [HEADER_LINE.fullmatch(line) for line in lines]
    headers = {one[1].lower(): one[2] for one in found if one is not None}
    return headers if len(headers) == len(lines) else None


def _begun(connection: socket) -> tuple[bytes, int]:
    """What has come once the head has ended, and how long the head is with its blank line."""
    begun = b""
    while (end := HEAD_ENDS.search(begun)) is None:
        if len(begun) > LONGEST_HEAD:
            raise HTTPException("the headers do not end")
        begun += _more(connection, len(begun))
    return begun, end.end()


def _body(body: bytes, length: int, connection: socket) -> bytes:
    if len(body) >= length:
        return body
    whole = bytearray(body)
    while len(whole) < length:
        whole += _more(connection, len(whole))
    return bytes(whole)


def _more(connection: socket, known: int) -> bytes:
    more = connection.recv(READ_AT_ONCE)
    if not more:
        raise IncompleteRead(b"", None) if known else HTTPException("no answer before the connection was closed")
    return more


class _Rest(RawIOBase):
    """What has come already, and then what comes."""

    def __init__(self, begun: bytes, connection: socket) -> None:
        self._begun = begun
        self._connection = connection

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # as BufferedReader calls it
        known, self._begun = self._begun[: len(buffer)], self._begun[len(buffer) :]
        buffer[: len(known)] = known
        return len(known) or self._connection.recv_into(buffer)

    def makefile(self, _mode: str) -> BufferedReader:
        return BufferedReader(self)


def _by_http_client(begun: bytes, connection: socket) -> tuple[Reply, bool]:
    response = HTTPResponse(_Rest(begun, connection), method="POST")  # type: ignore[arg-type]  # it wants makefile alone
    try:
        response.begin()
        reply = Reply(response.status, response.read(), response.getheader("x-amz-crc32", ""))
        return reply, not response.will_close
    finally:
        response.close()
