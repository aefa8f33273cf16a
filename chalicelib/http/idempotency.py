"""A POST with an Idempotency-Key is done once: its answer is kept for a day and given again.

The port keeps opaque texts under keys and compares before it sets; what the texts mean stands here alone.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.http.reply import Reply
from chalicelib.kernel.faults import Conflict, Invalid, Throttled, Unavailable
from chalicelib.kernel.frozen import frozen
from chalicelib.use_cases.ports.access import Idempotency

HEADER = "idempotency-key"
KEPT = timedelta(hours=24)
HELD = timedelta(seconds=60)
"""So long at most is a retry told to wait for the first ask, which may have died."""

LONGEST_KEY = 255
LARGEST_KEPT = 256 * 1024
"""Bytes of an answer: what fits in one item of the store beside the rest."""

UNFORESEEN = 500
"""From this status on a reply says that it may go better another time: it is not kept."""

REPLAYED = {"Idempotency-Replayed": "true"}


@frozen
class KeyedRequest:
    """A keyed ask. scope: whose key it is, by kind and name. content: everything that must be the same again.

    holder: this attempt.
    """

    key: str
    scope: str
    content: tuple[bytes, ...]
    holder: str
    now: datetime
    secret: bool


@dataclass(frozen=True, slots=True)
class OtherBody:
    """The key was used before, with something else."""


def once(records: Idempotency, ask: KeyedRequest, act: Callable[[], Reply]) -> Reply | OtherBody:
    """What the act answers, or what it answered to this ask before. Faults: Conflict while the first is at work."""
    key, fingerprint = seed_of(ask.scope, ask.key), _fingerprint(ask.content)
    pending = json.dumps({"fingerprint": fingerprint, "holder": ask.holder})
    standing = records.claim(key, pending, now=ask.now, until=ask.now + HELD)
    if standing is not None:
        return _again(json.loads(standing), fingerprint)
    with ExitStack() as undo:
        undo.callback(records.release, key, pending)
        reply = act()
        if reply.status is not None and reply.status >= UNFORESEEN:
            return reply
        undo.pop_all()
    done = json.dumps({"fingerprint": fingerprint, "answer": _written(reply, secret=ask.secret)})
    with suppress(Throttled, Unavailable):  # it is done; a retry does it again, under ids that derive from the key
        records.finish(key, pending, done, until=ask.now + KEPT)
    return reply


def checked_key(key: str) -> str:
    """The key, if it can be one. Faults: Invalid."""
    if not key.isprintable() or len(key) > LONGEST_KEY:
        raise Invalid.single("Idempotency-Key", f"should be at most {LONGEST_KEY} printable characters")
    return key


def seed_of(scope: str, key: str) -> str:
    """What ids made under this key derive from: 64 hexadecimal digits."""
    return _fingerprint((scope.encode(), key.encode()))


def _fingerprint(parts: tuple[bytes, ...]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _again(record: dict[str, Any], fingerprint: str) -> Reply | OtherBody:
    if record["fingerprint"] != fingerprint:
        return OtherBody()
    if "answer" not in record:
        raise Conflict("the first ask with this Idempotency-Key is still at work")
    if record["answer"] is None:
        raise Conflict("this is done, and its answer was not kept: it held a secret or was too large")
    return _read(record["answer"])


def _written(reply: Reply, *, secret: bool) -> dict[str, object] | None:
    succeeded = reply.status is None or reply.status < 400
    if (secret and succeeded) or len(reply.body) > LARGEST_KEPT:
        return None
    binary = isinstance(reply.body, bytes)
    body = base64.b64encode(reply.body).decode() if isinstance(reply.body, bytes) else reply.body
    return {"status": reply.status, "headers": dict(reply.headers), "body": body, "binary": binary}


def _read(answer: dict[str, Any]) -> Reply:
    headers = {name: value if isinstance(value, str) else tuple(value) for name, value in answer["headers"].items()}
    body = base64.b64decode(answer["body"]) if answer["binary"] else answer["body"]
    return Reply(status=answer["status"], headers={**headers, **REPLAYED}, body=body)
