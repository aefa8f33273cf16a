"""Replies that say of what they are, so that who has the same already is sent no body. Source: RFC 9110, 13.1.2."""

from dataclasses import replace
from hashlib import sha256

from chalicelib.http.reply import Reply

HEADER = "ETag"
ASKED = "if-none-match"
LENGTH = 32
NOT_MODIFIED = 304
OF_A_BODY = frozenset({"Content-Type", "Content-Length"})


def etagged(reply: Reply) -> Reply:
    """The reply, with the digest of its body. Whoever keeps it asks again before using it, and for themselves alone."""
    body = reply.body.encode() if isinstance(reply.body, str) else reply.body
    digest = sha256(body).hexdigest()[:LENGTH]
    return replace(reply, headers={HEADER: f'"{digest}"', "Cache-Control": "private, no-cache", **reply.headers})


def unless_known(reply: Reply, asked: str) -> Reply:
    """The reply; without its body when the asker has it. asked: the header If-None-Match."""
    mine = reply.headers.get(HEADER)
    if not asked or not isinstance(mine, str) or not (asked.strip() == "*" or mine in _tags(asked)):
        return reply
    headers = {name: value for name, value in reply.headers.items() if name not in OF_A_BODY}
    return Reply(status=NOT_MODIFIED, headers=headers)


def _tags(asked: str) -> frozenset[str]:
    """The tags that are asked about; whether one is weak is of no weight here."""
    return frozenset(tag.strip().removeprefix("W/") for tag in asked.split(","))
