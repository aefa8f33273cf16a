"""Keep answers within what a Lambda function can send: 6 MB in all, quoted as JSON."""

import gzip
import re
from dataclasses import replace

from chalicelib.http.reply import Reply
from chalicelib.kernel.faults import TooLarge

LARGEST_ANSWER = 4 * 1024**2
"""Bytes of a body as it is sent. Base64, or JSON's escapes, make it a third longer on its way."""

_NEVER = re.compile(r"q=0(\.0*)?")

ACCEPTED = "accept-encoding"
LEVEL = 3


def within_limits(reply: Reply, accepted: str) -> Reply:
    """Return the reply, gzipped if it is long and the client takes that. accepted: the header Accept-Encoding.

    Faults: TooLarge, which says how to ask for less.
    """
    body = reply.body.encode() if isinstance(reply.body, str) else reply.body
    if len(body) <= LARGEST_ANSWER:
        return reply
    if not takes_gzip(accepted):
        raise TooLarge(f"the answer has {len(body)} bytes, more than {LARGEST_ANSWER}: accept gzip, or {_LESS}")
    short = gzip.compress(body, LEVEL, mtime=0)
    if len(short) > LARGEST_ANSWER:
        raise TooLarge(f"the answer has {len(short)} bytes gzipped, more than {LARGEST_ANSWER}: {_LESS}")
    return replace(reply, body=short, headers={**reply.headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"})


_LESS = "ask for less, by pages (page_size) where there are some, or for one thing instead of a list"


def takes_gzip(accepted: str) -> bool:
    """Return True if Accept-Encoding takes gzip. Source: RFC 9110, 12.5.3."""
    weights = dict[str, str]()
    for part in accepted.lower().split(","):
        name, _, parameter = part.partition(";")
        weights[name.strip()] = parameter.replace(" ", "")
    given = weights.get("gzip", weights.get("*"))
    return given is not None and not _NEVER.fullmatch(given)
