"""Proofs that whoever calls a webhook knows its secret: signatures of what is sent, or the secret itself."""

import hmac
from collections.abc import Sequence
from enum import StrEnum
from hashlib import sha1, sha256
from typing import assert_never

from slipway_formats.frozen import frozen


class Scheme(StrEnum):
    """How a caller proves that it knows the webhook's token. PLAIN: it sends the token itself."""

    HMAC_SHA256 = "hmac-sha256"
    HMAC_SHA1 = "hmac-sha1"
    PLAIN = "plain"
    UNKNOWN = "unknown"


@frozen
class Proof:
    """A signature of a body. text: hexadecimal, or the token itself."""

    scheme: Scheme
    text: str


def are_proven(proofs: Sequence[Proof], token: str, contents: Sequence[bytes]) -> bool:
    """Return True if each proof is right for one of the contents; also if there is none."""
    return all(any(_is_right(proof, token, content) for content in contents) for proof in proofs)


def _is_right(proof: Proof, token: str, content: bytes) -> bool:
    expected = _expected(proof.scheme, token, content)
    given = proof.text if proof.scheme is Scheme.PLAIN else proof.text.lower()
    return expected is not None and hmac.compare_digest(expected.encode(), given.encode())


def _expected(scheme: Scheme, token: str, content: bytes) -> str | None:
    match scheme:
        case Scheme.PLAIN:
            return token
        case Scheme.HMAC_SHA256:
            return hmac.new(token.encode(), content, sha256).hexdigest()
        case Scheme.HMAC_SHA1:
            return hmac.new(token.encode(), content, sha1).hexdigest()
        case Scheme.UNKNOWN:
            return None
        case _:
            assert_never(scheme)
