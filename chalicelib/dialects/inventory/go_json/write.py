"""JSON as Go writes it: its escapes, and a newline at the end."""

import json
from collections.abc import Mapping

from chalicelib.http.reply import JSON_MEDIA, Json, Reply
from slipway_formats.release_writer import escape


def go_reply(value: Json, headers: Mapping[str, str] | None = None) -> Reply:
    """A reply of JSON as Go writes it. Maps come sorted from their words."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Reply(headers={"Content-Type": JSON_MEDIA, **(headers or {})}, body=f"{escape(text)}\n")
