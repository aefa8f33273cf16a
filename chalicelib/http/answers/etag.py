"""Add entity tags, so that a client that already has the body gets none. Source: RFC 9110, 13.1.2."""

from dataclasses import replace
from hashlib import sha256

from chalicelib.http.reply import Reply

HEADER = "ETag"
ASKED = "if-none-match"
LENGTH = 32
NOT_MODIFIED = 304
OF_A_BODY = frozenset({"Content-Type", "Content-Length"})


def etagged(reply: Reply) -> Reply:
    """Return the reply with a digest of its body as ETag. Only the client may cache it, and must revalidate."""
    body = reply.body.encode() if isinstance(reply.body, str) else reply.body
    digest = sha256(body).hexdigest()[:LENGTH]
    return replace(reply, headers={HEADER: f'"{digest}"', "Cache-Control": "private, no-cache", **reply.headers})


def unless_known(reply: Reply, if_none_match: str) -> Reply:
    """Return the reply, or 304 without a body if the client has it. if_none_match: the header If-None-Match."""
    mine = reply.headers.get(HEADER)
    if (
        not if_none_match
        or not isinstance(mine, str)
        or not (if_none_match.strip() == "*" or mine in _tags(if_none_match))
    ):
        return reply
    headers = {name: value for name, value in reply.headers.items() if name not in OF_A_BODY}
    return Reply(status=NOT_MODIFIED, headers=headers)


def _tags(if_none_match: str) -> frozenset[str]:
    """Return the tags of If-None-Match. Weak tags compare as strong ones."""
    return frozenset(tag.strip().removeprefix("W/") for tag in if_none_match.split(","))
