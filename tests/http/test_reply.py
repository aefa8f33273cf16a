"""Replies reach the wire as they are."""

import pytest

from chalicelib.http.reply import (
    Reply,
    html_reply,
    redirect_reply,
    text_reply,
)
from tests.http.house import Site
from tests.http.rows import replying


def test_replies_reach_the_wire_as_they_are() -> None:
    cookies = Reply(headers={"Set-Cookie": ("a=1", "b=2")})
    site = Site(
        [
            replying("GET /bytes", Reply(headers={"Content-Type": "image/png"}, body=b"\x00\xff")),
            replying("GET /odd", Reply(headers={"Content-Type": "text/plain"}, body=b"\xff")),
            replying("GET /page", html_reply("<p>é</p>", "default-src 'none'")),
            replying("GET /there", redirect_reply("https://x.example/a b?c=d%20e\n")),
            replying("GET /cookies", cookies),
        ]
    )

    assert site.ask("GET", "/bytes").content == b"\x00\xff"
    assert site.ask("GET", "/odd").content == b"\xff"
    assert site.ask("GET", "/page").text == "<p>é</p>"
    assert site.ask("GET", "/there").headers["Location"] == "https://x.example/a%20b?c=d%20e%0A"
    assert site.ask("GET", "/there").status == 302
    assert site.ask("GET", "/cookies").several == {"Set-Cookie": ["a=1", "b=2"]}


def test_a_line_break_never_gets_into_a_header() -> None:
    with pytest.raises(ValueError, match="line break"):
        Reply(headers={"Set-Cookie": ("a=1", "b\r\nX: y")})


def test_the_root_is_served() -> None:
    assert Site([replying("GET /", text_reply("hello"))]).ask("GET", "/").text == "hello"
