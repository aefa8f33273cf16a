"""Verifies that a request was signed with a key: Signature Version 4, in a header or a presigned address.

Source: AWS, "Create a signed AWS API request". The signing key of a day, region and service is cached.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from urllib.parse import parse_qsl, quote, unquote

ALGORITHM = "AWS4-HMAC-SHA256"
UNSIGNED = "UNSIGNED-PAYLOAD"
SKEW = timedelta(minutes=15)
LONGEST_PRESIGNED = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentRequest:
    """A request before its body. path, query: raw. headers: by lower-case name; repeated ones joined by a comma."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The signature of a request, unverified. names: of the signed headers. lifetime: until it expires."""

    access: str
    day: str
    region: str
    service: str
    names: tuple[str, ...]
    stamp: str
    signature: str
    is_presigned: bool
    lifetime: timedelta = SKEW


def is_presigned_by_version_2(sent: SentRequest) -> bool:
    """Return True if the URL looks presigned by Signature Version 2."""
    return "AWSAccessKeyId=" in sent.query and "authorization" not in sent.headers


def claim_in(sent: SentRequest) -> Claim | None:
    """Return the signature and its fields from the header or the query; None if incomplete."""
    try:
        return _in_header(sent) or _in_query(sent)
    except (KeyError, ValueError, OverflowError):
        return None


def is_current(claim: Claim, now: datetime) -> bool:
    """Return True if the signature is neither from the future nor expired."""
    try:
        signed_at = _instant(claim.stamp)
    except ValueError:
        return False
    return claim.stamp.startswith(claim.day) and signed_at - SKEW <= now <= signed_at + claim.lifetime


@lru_cache(maxsize=64)
def _instant(stamp: str) -> datetime:
    return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def leaves_unsigned(claim: Claim, sent: SentRequest) -> bool:
    """Return True if a header that changes the request, such as `x-amz-copy-source`, is not signed."""
    covered = {*claim.names, "x-amz-content-sha256"}
    return any(name.startswith("x-amz-") and name not in covered for name in sent.headers)


def payload_hash(claim: Claim, sent: SentRequest) -> str | None:
    """Return the payload hash that the headers declare; None if the body must be read and hashed."""
    if claim.is_presigned and claim.service == "s3":
        return UNSIGNED
    told = sent.headers.get("x-amz-content-sha256")
    # Only S3 lets a caller leave its body unsigned.
    return told if told is not None and (claim.service == "s3" or is_hash(told)) else None


def is_hash(payload: str) -> bool:
    """Return True for a hash; False for a keyword such as UNSIGNED-PAYLOAD."""
    return len(payload) == 64


def is_signed(claim: Claim, sent: SentRequest, payload: str, secret: str) -> bool:
    """Return True if the request was signed with the secret. payload: the hash of its body, or a keyword for it."""
    names = ";".join(claim.names)
    headers = "".join(f"{name}:{' '.join(sent.headers.get(name, '').split())}\n" for name in claim.names)
    path = sent.path if claim.service == "s3" else quote(sent.path, safe="/-_.~")
    query = _canonical_query(sent.query, without="X-Amz-Signature" if claim.is_presigned else "")
    request = f"{sent.method}\n{path}\n{query}\n{headers}\n{names}\n{payload}"
    scope = f"{claim.day}/{claim.region}/{claim.service}/aws4_request"
    text = f"{ALGORITHM}\n{claim.stamp}\n{scope}\n{sha256(request.encode()).hexdigest()}"
    key = _signing_key(secret, claim.day, claim.region, claim.service)
    return hmac.compare_digest(hmac.digest(key, text.encode(), sha256).hex().encode(), claim.signature.encode())


def _in_header(sent: SentRequest) -> Claim | None:
    algorithm, _, rest = sent.headers.get("authorization", "").partition(" ")
    if algorithm != ALGORITHM:
        return None
    told = dict(part.strip().split("=", 1) for part in rest.split(","))
    names = tuple(told["SignedHeaders"].split(";"))
    if "host" not in names or "x-amz-date" not in names:
        return None
    return _claim(told["Credential"], names, sent.headers["x-amz-date"], told["Signature"])


def _in_query(sent: SentRequest) -> Claim | None:
    if "authorization" in sent.headers:
        return None
    told = dict(parse_qsl(sent.query, keep_blank_values=True))
    names = tuple(told["X-Amz-SignedHeaders"].split(";"))
    lifetime = timedelta(seconds=int(told["X-Amz-Expires"]))
    if told["X-Amz-Algorithm"] != ALGORITHM or "host" not in names or not timedelta(0) < lifetime <= LONGEST_PRESIGNED:
        return None
    return _claim(told["X-Amz-Credential"], names, told["X-Amz-Date"], told["X-Amz-Signature"], lifetime=lifetime)


def _claim(
    credential: str, names: tuple[str, ...], stamp: str, signature: str, *, lifetime: timedelta | None = None
) -> Claim:
    access, day, region, service, end = credential.rsplit("/", 4)
    if end != "aws4_request":
        raise ValueError("no scope of Signature Version 4")
    return Claim(
        access=access,
        day=day,
        region=region,
        service=service,
        names=names,
        stamp=stamp,
        signature=signature,
        is_presigned=lifetime is not None,
        lifetime=lifetime or SKEW,
    )


def _canonical_query(query: str, *, without: str) -> str:
    """Sorted as it is encoded. A plus is a plus: AWS reads a query so, and no form."""
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    encoded = sorted((_encoded(name), _encoded(value)) for name, _, value in pairs)
    return "&".join(f"{name}={value}" for name, value in encoded if name != without)


def _encoded(text: str) -> str:
    return quote(unquote(text), safe="-_.~")


@lru_cache(maxsize=64)
def _signing_key(secret: str, day: str, region: str, service: str) -> bytes:
    key = ("AWS4" + secret).encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), sha256)
    return key
