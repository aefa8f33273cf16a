"""Replies: status, headers and body, independent of Chalice and of dialects."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import field
from urllib.parse import quote

from slipway_formats.frozen import frozen

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]

JSON_MEDIA = "application/json"
TEXT_MEDIA = "text/plain; charset=utf-8"
HTML_MEDIA = "text/html; charset=utf-8"


@frozen
class Reply:
    """A reply. status: None means the row's status. A header with several values is a tuple."""

    status: int | None = None
    headers: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    body: bytes | str = ""

    def __post_init__(self) -> None:
        for name, value in self.headers.items():
            texts = (name, value) if isinstance(value, str) else (name, *value)
            if any(mark in text for text in texts for mark in "\r\n\0"):
                raise ValueError(f"header {name!r} holds a line break")


def json_reply(value: Json, status: int | None = None) -> Reply:
    """Return a reply of compact JSON."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Reply(status=status, headers={"Content-Type": JSON_MEDIA}, body=text)


def text_reply(text: str, status: int | None = None) -> Reply:
    """Return a reply of plain text."""
    return Reply(status=status, headers={"Content-Type": TEXT_MEDIA}, body=text)


def html_reply(page: str, policy: str, status: int | None = None) -> Reply:
    """Return a reply of an HTML page. policy: its Content-Security-Policy."""
    return Reply(status=status, headers={"Content-Type": HTML_MEDIA, "Content-Security-Policy": policy}, body=page)


def empty_reply(status: int | None = None) -> Reply:
    """Return a reply without a body."""
    return Reply(status=status)


def redirect_reply(location: str, status: int = 302) -> Reply:
    """Return a redirect. location: characters that a header cannot hold are quoted."""
    return Reply(status=status, headers={"Location": quote(location, safe="%/:=&?~#+!$,;'@()*[]")})
