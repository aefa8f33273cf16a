"""Signature Version 4 for the JSON services: one POST to `/`. Source: AWS, "Create a signed AWS API request".

Tested against botocore's own signer by tests/aws/test_signing.py.
"""

import hmac
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from hashlib import sha256

from chalicelib.aws.endpoint import Keys

CONTENT_TYPE = "application/x-amz-json-1.0"


def signed(
    keys: Keys, scope: tuple[str, str], headers: Mapping[str, str], body: bytes, *, at: datetime
) -> dict[str, str]:
    """Return the headers with date, session token and authorization. scope: region and service. headers: including
    host.
    """
    region, service = scope
    stamp = at.strftime("%Y%m%dT%H%M%SZ")
    sent = {**headers, "x-amz-date": stamp}
    if keys.token:
        sent["x-amz-security-token"] = keys.token
    lowered = sorted((name.lower(), value) for name, value in sent.items())
    names = ";".join(name for name, _ in lowered)
    lines = "".join(f"{name}:{value}\n" for name, value in lowered)
    request = f"POST\n/\n\n{lines}\n{names}\n{sha256(body).hexdigest()}"
    span = f"{stamp[:8]}/{region}/{service}/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{span}\n{sha256(request.encode()).hexdigest()}"
    signature = hmac.digest(_day_key(keys.secret, stamp[:8], region, service), text.encode(), sha256).hex()
    sent["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={keys.access}/{span}, SignedHeaders={names}, Signature={signature}"
    )
    return sent


@lru_cache(maxsize=16)
def _day_key(secret: str, day: str, region: str, service: str) -> bytes:
    key = ("AWS4" + secret).encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), sha256)
    return key
