"""Responses as they come over a socket: read as http.client reads them, and in any pieces; what is none is refused."""

import io
import socket
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPException, HTTPResponse
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.aws.http_pool import HttpPool, Unreached, request
from chalicelib.aws.http_reply import LONGEST_HEAD, Reply, plain_head, read_reply

PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Amz-Crc32: 12\r\n\r\n{}"


class Given:
    """A socket at which these bytes come in pieces, and then its end."""

    def __init__(self, sent: bytes, sizes: Iterator[int]) -> None:
        self._stream = io.BytesIO(sent)
        self._sizes = sizes

    def recv(self, most: int) -> bytes:
        return self._stream.read(min(most, next(self._sizes, most)))

    def recv_into(self, buffer: memoryview) -> int:
        piece = self.recv(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def makefile(self, _mode: str) -> io.BytesIO:
        return self._stream


def ours(sent: bytes, *sizes: int) -> tuple[Reply, bool]:
    return read_reply(Given(sent, iter(sizes)))  # type: ignore[arg-type]  # what of a socket is used


def theirs(sent: bytes) -> tuple[Reply, bool]:
    response = HTTPResponse(Given(sent, iter(())), method="POST")  # type: ignore[arg-type]  # likewise
    response.begin()
    reply = Reply(response.status, response.read(), response.getheader("x-amz-crc32", ""))
    return reply, not response.will_close


def a_response(head: bytes, body: bytes = b"") -> bytes:
    return b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n" + body


WHOLE = {
    "plain": PLAIN,
    "no reason": b"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",
    "an error": b"HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\n{}",
    "names in capitals, values with blanks": a_response(b"CONTENT-LENGTH:\t 2 \r\nA: b: c", b"{}"),
    "will close": a_response(b"content-length: 2\r\nConnection: Close", b"{}"),
    "chunked": a_response(
        b"Transfer-Encoding: chunked\r\nx-amz-crc32: 7", b'2\r\n{"\r\n3;x=y\r\na"}\r\n0\r\nT: t\r\n\r\n'
    ),
    "chunked, with a length": a_response(b"Transfer-Encoding: chunked\r\nContent-Length: 1", b"2\r\n{}\r\n0\r\n\r\n"),
    "until closed": a_response(b"Server: s", b"{}"),
    "of HTTP/1.0": b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    "no content": b"HTTP/1.1 204 No Content\r\n\r\n",
    "no content, with a length": b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n",
    "after a promise": b"HTTP/1.1 100 Continue\r\n\r\n" + PLAIN,
    "lines without a return": b"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}",
    "a folded line": a_response(b"A: b\r\n c\r\nContent-Length: 2", b"{}"),
    "a header twice": a_response(b"Set-Cookie: a\r\nSet-Cookie: b\r\nContent-Length: 2", b"{}"),
    "an unreadable length": a_response(b"Content-Length: 2x", b"{}"),
    "a length of too many digits": a_response(b"Content-Length: " + b"9" * 5000, b"{}"),
    "a length of other digits": a_response("Content-Length: ²".encode("latin-1"), b"{}"),
}


@pytest.mark.parametrize("case", WHOLE)
def test_a_whole_response_is_read_as_by_http_client_in_whatever_pieces_it_comes(case: str) -> None:
    sent = WHOLE[case]
    expected = theirs(sent)
    assert ours(sent) == expected
    assert ours(sent, *[1] * len(sent)) == expected
    for cut in range(1, len(sent)):
        assert ours(sent, cut) == expected


def test_what_aws_and_our_stand_in_send_is_plain() -> None:
    for sent in (PLAIN, WHOLE["an error"], WHOLE["will close"]):
        assert plain_head(sent[: sent.index(b"{}")]) is not None


NONE = {
    "nothing": b"",
    "another protocol": b"SSH-2.0-OpenSSH_9\r\n\r\n",
    "a status of letters": b"HTTP/1.1 abc OK\r\nContent-Length: 2\r\n\r\n{}",
    "a chunk of no size": a_response(b"Transfer-Encoding: chunked", b"zz\r\n{}\r\n0\r\n\r\n"),
    "chunks that end early": a_response(b"Transfer-Encoding: chunked", b"9\r\n{}"),
    "headers without an end": b"HTTP/1.1 200 OK\r\n" + b"A: " + b"b" * (LONGEST_HEAD + 10),
}


@pytest.mark.parametrize("case", NONE)
def test_what_is_no_response_is_refused(case: str) -> None:
    with pytest.raises((HTTPException, OSError)):
        ours(NONE[case])


def test_a_response_that_ends_early_is_none_wherever_it_ends() -> None:
    for end in range(len(PLAIN)):
        with pytest.raises((HTTPException, OSError)):
            ours(PLAIN[:end])


def test_what_follows_a_response_is_not_taken_for_the_next() -> None:
    reply, is_good = ours(PLAIN + b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    assert reply == Reply(200, b"{}", "12")
    assert not is_good


@given(st.binary(max_size=60), st.lists(st.integers(1, 9), max_size=20))
def test_a_body_is_what_was_sent(body: bytes, sizes: list[int]) -> None:
    head = f"HTTP/1.1 200 OK\r\ncontent-length: {len(body)}\r\n\r\n".encode()
    assert ours(head + body, *sizes) == (Reply(200, body, ""), True)


LINES = (b"Content-Length: 2", b"content-length:0", b"Transfer-Encoding: chunked", b"Connection: close", b"A: b", b" c")
ODD = (b"Content-Length : 2", b"Content-Length: +2", b"Content-Length: 2, 2", b"no colon", b": none", b"A: \x00\xff")


@given(
    st.sampled_from([b"HTTP/1.1 200 OK", b"HTTP/1.1 500", b"HTTP/1.0 200 OK", b"HTTP/1.1 304 No", b"HTTP/2 200"]),
    st.lists(st.sampled_from([*LINES, *ODD]), max_size=4),
    st.sampled_from([b"{}", b"", b"0\r\n\r\n", b"2\r\n{}\r\n0\r\n\r\n"]),
)
def test_what_is_read_here_is_read_alike_by_http_client(status: bytes, lines: list[bytes], body: bytes) -> None:
    head = b"".join(line + b"\r\n" for line in (status, *lines)) + b"\r\n"
    if (plain := plain_head(head)) is None:
        return
    if len(body) < plain.length:
        with pytest.raises(HTTPException):
            theirs(head + body)
    else:
        assert ours(head + body)[0] == theirs(head + body)[0]


def test_a_request_goes_out_in_one_piece() -> None:
    assert request({"host": "h", "a": "b"}, b"{}") == (
        b"POST / HTTP/1.1\r\nhost: h\r\na: b\r\naccept-encoding: identity\r\ncontent-length: 2\r\n\r\n{}"
    )


@pytest.mark.parametrize("value", ["b\r\nc: d", "b\nc", "b\rc"])
def test_a_header_of_more_than_one_line_is_not_sent(value: str) -> None:
    with pytest.raises(ValueError, match="more than one line"):
        request({"a": value}, b"")


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 200 OK\r\n", PLAIN[:-1], b"nonsense\r\n\r\n"])
def test_whoever_hangs_up_amid_a_response_was_not_reached(sent: bytes) -> None:
    server = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(65_536)
            connection.sendall(sent)

    thread = Thread(target=answer)
    thread.start()
    with closing(server), closing(HttpPool(f"http://127.0.0.1:{server.getsockname()[1]}")) as pool:
        with pytest.raises(Unreached):
            pool.post({}, b"{}")
        assert not pool._idle
    thread.join()
