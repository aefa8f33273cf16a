"""A refusal of the emulator's, in the format in which AWS would refuse the request: JSON or XML."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from xml.sax.saxutils import escape

from infra.local.emulator.signature import SentRequest

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Denied(Exception):  # noqa: N818 - says what happened, as the faults do
    """The request may not pass. code: AWS's word for the reason."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


async def refuse(denied: Denied, sent: SentRequest, send: Send) -> None:
    """Answer 403, and close the connection: the rest of the body is never read."""
    if "x-amz-target" in sent.headers:
        media = b"application/x-amz-json-1.0"
        body = json.dumps({"__type": f"com.amazon.coral.service#{denied.code}", "message": denied.message}).encode()
    else:
        media = b"application/xml"
        body = f"<Error><Code>{denied.code}</Code><Message>{escape(denied.message)}</Message></Error>".encode()
    headers = [
        (b"content-type", media),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if sent.method == "HEAD" else body})
