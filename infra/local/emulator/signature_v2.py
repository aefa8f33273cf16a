"""Verifies presigned URLs of S3 by Signature Version 2, which botocore makes unless Version 4 is requested.

Botocore says what is signed, and takes longer to import than the emulator does otherwise: so `admission` imports this
at the first such address alone.
"""

import base64
import hmac
from collections.abc import Mapping
from hashlib import sha1
from urllib.parse import SplitResult, parse_qsl

from botocore.auth import HmacV1QueryAuth
from botocore.compat import HTTPHeaders
from botocore.credentials import Credentials

from chalicelib.aws.endpoint import Keys
from infra.local.emulator.signature import SentRequest

MOVED = frozenset({"content-md5", "content-type"})
"""What a client moves from the headers to the address, beside `x-amz-…`."""
OWN = frozenset({"AWSAccessKeyId", "Signature", "Expires"})
COVERED = OWN | MOVED | frozenset(HmacV1QueryAuth.QSAOfInterest)


class _Signer(HmacV1QueryAuth):  # type: ignore[misc]  # botocore has no types
    """Botocore's signer of an address that expires at a known time, not at one from now."""

    def _get_date(self) -> str:
        return str(self._expires)


def is_signed(sent: SentRequest, keys: Keys, now: float) -> bool:
    """Return True if the URL was presigned with the key and has not expired. now: seconds since 1970."""
    told = dict(parse_qsl(sent.query, keep_blank_values=True))
    expires = told.get("Expires", "")
    # What else stands in an address, this version does not sign.
    if any(name not in COVERED and not name.startswith("x-amz-") for name in told):
        return False
    if told.get("AWSAccessKeyId") != keys.access or not expires.isdecimal() or int(expires) < now:
        return False
    split = SplitResult("http", sent.headers.get("host", ""), sent.path, sent.query, "")
    signer = _Signer(Credentials(keys.access, keys.secret), expires=int(expires))
    text = signer.canonical_string(sent.method, split, _headers(sent, told))
    expected = base64.b64encode(hmac.digest(keys.secret.encode(), text.encode(), sha1))
    return hmac.compare_digest(expected, told.get("Signature", "").encode())


def _headers(sent: SentRequest, told: Mapping[str, str]) -> HTTPHeaders:
    moved = {name: value for name, value in told.items() if name.startswith("x-amz-") or name in MOVED}
    headers = HTTPHeaders()
    for name, value in {**moved, **sent.headers}.items():
        headers[name] = value
    return headers
