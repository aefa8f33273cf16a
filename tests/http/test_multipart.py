"""Files come out of multipart bodies as they went in."""

import pytest
from httpx import Request
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.http.multipart import MOST_PARTS, Part, parse_multipart
from chalicelib.kernel.faults import Invalid

NAMES = st.text(st.characters(codec="utf-8", exclude_characters='"\\\r\n', min_codepoint=32), min_size=1, max_size=20)


@given(content=st.binary(max_size=400), filename=NAMES)
def test_whatever_a_client_sends_comes_out_as_it_was(content: bytes, filename: str) -> None:
    sent = Request("POST", "http://x", data={"a": "1"}, files={"file": (filename, content)})

    parts = parse_multipart(sent.headers["Content-Type"], sent.read())

    assert parts[0] == Part(name="a", filename=None, content=b"1")
    assert (parts[1].name, parts[1].content) == ("file", content)


@given(body=st.binary(max_size=200))
def test_hostile_bodies_are_parsed_or_refused(body: bytes) -> None:
    for wrapped in (body, b"--b\r\n" + body + b"\r\n--b--"):
        try:
            parse_multipart("multipart/form-data; boundary=b", wrapped)
        except Invalid:
            continue


@pytest.mark.parametrize("media", ["", "application/json", "multipart/form-data", "text/plain; boundary=b"])
def test_another_type_is_refused(media: str) -> None:
    with pytest.raises(Invalid, match="Content-Type"):
        parse_multipart(media, b"")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--b\r\n",
        b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx',
        b"--b\r\n\r\nno name\r\n--b--",
        b"\r\n".join([b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx'] * (MOST_PARTS + 1)) + b"\r\n--b--",
    ],
)
def test_a_malformed_body_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid, match="malformed multipart"):
        parse_multipart("multipart/form-data; boundary=b", body)
