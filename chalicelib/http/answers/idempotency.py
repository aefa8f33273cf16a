"""Execute a POST with an Idempotency-Key once: store its answer for a day and repeat it.

The port stores opaque texts by key, with compare-and-set; only this module knows what they mean.
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.http.reply import Reply
from chalicelib.kernel.faults import Conflict, Invalid, Throttled, Unavailable
from chalicelib.use_cases.ports.access import Idempotency
from slipway_formats.frozen import frozen

HEADER = "idempotency-key"
KEPT = timedelta(hours=24)
HELD = timedelta(seconds=60)
"""How long a retry is refused because the first request, which may have crashed, is still pending."""

LONGEST_KEY = 255
LARGEST_KEPT = 256 * 1024
"""Maximum bytes of a stored answer: what fits in one item of the store."""

UNFORESEEN = 500
"""Replies from this status on may succeed when retried, so they are not stored."""

REPLAYED = {"Idempotency-Replayed": "true"}


@frozen
class KeyedRequest:
    """A request with an Idempotency-Key. scope: owner of the key, by kind and name.

    content: everything that must be equal in a retry. holder: id of this attempt.
    """

    key: str
    scope: str
    content: tuple[bytes, ...]
    holder: str
    now: datetime
    secret: bool


@dataclass(frozen=True, slots=True)
class OtherBody:
    """The key was used before with a different request."""


def once(records: Idempotency, request: KeyedRequest, act: Callable[[], Reply]) -> Reply | OtherBody:
    """Execute the action, or return its stored answer. Faults: Conflict while the first request is in progress."""
    key, fingerprint = seed_of(request.scope, request.key), _fingerprint(request.content)
    pending = json.dumps({"fingerprint": fingerprint, "holder": request.holder})
    existing = records.claim(key, pending, now=request.now, until=request.now + HELD)
    if existing is not None:
        return _replayed(json.loads(existing), fingerprint)
    with ExitStack() as undo:
        undo.callback(records.release, key, pending)
        reply = act()
        if reply.status is not None and reply.status >= UNFORESEEN:
            return reply
        undo.pop_all()
    done = json.dumps({"fingerprint": fingerprint, "answer": _encoded(reply, secret=request.secret)})
    with suppress(Throttled, Unavailable):  # it is done; a retry repeats it with the same ids, derived from the key
        records.finish(key, pending, done, until=request.now + KEPT)
    return reply


def checked_key(key: str) -> str:
    """Return the key if it is valid. Faults: Invalid."""
    if not key.isprintable() or len(key) > LONGEST_KEY:
        raise Invalid.single("Idempotency-Key", f"should be at most {LONGEST_KEY} printable characters")
    return key


def form_key(path: str, content: bytes) -> str:
    """Return the key of a form of a page that marks its forms: of its address and all that it holds. Empty for one
    without a mark.

    The same form, sent twice from one view of its page, counts once; a browser cannot send the header.
    """
    return _fingerprint((path.encode(), content)) if re.search(rb"(^|&)once=[^&]", content) else ""


def seed_of(scope: str, key: str) -> str:
    """Return the seed of ids made under this key: 64 hexadecimal digits."""
    return _fingerprint((scope.encode(), key.encode()))


def _fingerprint(parts: tuple[bytes, ...]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _replayed(record: dict[str, Any], fingerprint: str) -> Reply | OtherBody:
    if record["fingerprint"] != fingerprint:
        return OtherBody()
    if "answer" not in record:
        raise Conflict("the first ask with this Idempotency-Key is still at work")
    if record["answer"] is None:
        raise Conflict("this is done, and its answer was not kept: it held a secret or was too large")
    return _decoded(record["answer"])


def _encoded(reply: Reply, *, secret: bool) -> dict[str, object] | None:
    succeeded = reply.status is None or reply.status < 400
    if (secret and succeeded) or len(reply.body) > LARGEST_KEPT:
        return None
    binary = isinstance(reply.body, bytes)
    body = base64.b64encode(reply.body).decode() if isinstance(reply.body, bytes) else reply.body
    return {"status": reply.status, "headers": dict(reply.headers), "body": body, "binary": binary}


def _decoded(answer: dict[str, Any]) -> Reply:
    headers = {name: value if isinstance(value, str) else tuple(value) for name, value in answer["headers"].items()}
    body = base64.b64decode(answer["body"]) if answer["binary"] else answer["body"]
    return Reply(status=answer["status"], headers={**headers, **REPLAYED}, body=body)
