"""Write JSON as Go's encoding/json does: its escapes, and a newline at the end."""

import json
from collections.abc import Mapping

from chalicelib.http.reply import JSON_MEDIA, Json, Reply
from slipway_formats.release_writer import escape


def go_reply(value: Json, headers: Mapping[str, str] | None = None) -> Reply:
    """Return a JSON reply as Go writes it. The caller sorts the keys of maps."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Reply(headers={"Content-Type": JSON_MEDIA, **(headers or {})}, body=f"{escape(text)}\n")
