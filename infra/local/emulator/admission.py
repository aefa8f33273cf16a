"""Who may call the emulator: whoever signs with its key; web pages only by presigned URLs.

Any page that a developer visits can send requests to loopback, and so can every user of the machine.
"""

import time
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from chalicelib.aws.endpoint import Keys
from infra.local.emulator import signature
from infra.local.emulator.refusal import Denied, refuse
from infra.local.emulator.signature import Claim, SentRequest

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Coroutine[Any, Any, None]]

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
HEALTH = "/_ministack/health"
LONGEST_UNVERIFIED = 20_000_000
"""Bytes of a body that are read before its signature can be verified: more than DynamoDB and SQS take."""
CORS = b"access-control-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """An ASGI application before another: refuses, or passes on. origins: of the platform's own pages."""

    app: Application
    keys: Keys
    origins: frozenset[str]

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass on signed requests; refuse the others."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        sent = _sent(scope)
        try:
            if sent.method == "OPTIONS":
                await self._answer_preflight(sent, send)
                return
            passed = await self._verified(sent, receive)
        except Denied as denied:
            await refuse(denied, sent, send)
            return
        await self.app(scope, passed, _without_cors(send, self._cors(sent)))

    async def _verified(self, sent: SentRequest, receive: Receive) -> Receive:
        """What the application may receive. Faults: Denied."""
        self._refuse_foreign_pages(sent)
        if sent.path == HEALTH and sent.method in ("GET", "HEAD"):
            return receive
        if signature.is_presigned_by_version_2(sent):
            self._verify_version_2(sent)
            return receive
        return await self._signed(self._claim(sent), sent, receive)

    def _verify_version_2(self, sent: SentRequest) -> None:
        from infra.local.emulator import signature_v2

        if not signature_v2.is_signed(sent, self.keys, time.time()):
            raise Denied("SignatureDoesNotMatch", "the address was not presigned with the emulator's key")

    def _claim(self, sent: SentRequest) -> Claim:
        claim = signature.claim_in(sent)
        if claim is None:
            raise Denied("MissingAuthenticationToken", "requests are signed by Signature Version 4; see ready.json")
        if claim.access != self.keys.access:
            raise Denied("UnrecognizedClientException", "the access key is not the emulator's; see ready.json")
        if not signature.is_current(claim, datetime.now(UTC)):
            raise Denied("RequestExpired", "the signature has expired, or is of the future")
        if signature.leaves_unsigned(claim, sent):
            raise Denied("AccessDenied", "a header x-amz-… is not signed")
        return claim

    async def _signed(self, claim: Claim, sent: SentRequest, receive: Receive) -> Receive:
        told = signature.payload_hash(claim, sent)
        if told is not None:
            self._compare(claim, sent, told)
            if not signature.is_hash(told):
                return receive
        body = await _body(receive, None if told else LONGEST_UNVERIFIED)
        found = sha256(body).hexdigest()
        if told is None:
            self._compare(claim, sent, found)
        elif told != found:
            raise Denied("XAmzContentSHA256Mismatch", "the body is not the one that was signed")
        return _replayed(body, receive)

    def _compare(self, claim: Claim, sent: SentRequest, payload: str) -> None:
        if not signature.is_signed(claim, sent, payload, self.keys.secret):
            raise Denied("SignatureDoesNotMatch", "the signature is not that of the emulator's key")

    def _refuse_foreign_pages(self, sent: SentRequest) -> None:
        """Refuse requests of foreign web pages, also through a host name that resolves to loopback (DNS rebinding)."""
        if not _is_loopback(sent.headers.get("host", "")):
            raise Denied("AccessDenied", "the header Host is not that of this machine")
        origin, site = sent.headers.get("origin"), sent.headers.get("sec-fetch-site", "none")
        if origin is not None and origin not in self.origins:
            raise Denied("AccessDenied", "the header Origin is not the platform's")
        if origin is not None and not _is_presigned(sent):
            raise Denied("AccessDenied", "a page reaches the emulator by presigned addresses alone")
        if origin is None and site not in ("none", "same-origin") and not _is_download(sent):
            raise Denied("AccessDenied", "the header Sec-Fetch-Site tells of a foreign page")

    def _cors(self, sent: SentRequest) -> list[tuple[bytes, bytes]]:
        origin = sent.headers.get("origin")
        if origin not in self.origins or origin is None or not _is_presigned(sent):
            return []
        return [
            (b"access-control-allow-origin", origin.encode()),
            (b"access-control-expose-headers", b"etag"),
            (b"vary", b"origin"),
        ]

    async def _answer_preflight(self, sent: SentRequest, send: Send) -> None:
        """Answer a CORS preflight of the platform's own pages. It reveals nothing: the request itself is verified."""
        self._refuse_foreign_pages(sent)
        headers = self._cors(sent)
        if not headers:
            raise Denied("AccessDenied", "there is no CORS but for presigned addresses")
        told = sent.headers.get("access-control-request-headers", "content-type")
        allowed = [
            (b"access-control-allow-methods", b"GET, HEAD, PUT"),
            (b"access-control-allow-headers", told.encode("latin-1")),
            (b"content-length", b"0"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers + allowed})
        await send({"type": "http.response.body", "body": b""})


def own_origins(ports: tuple[int, ...], public_url: str) -> frozenset[str]:
    """Return the origins of the platform's pages. ports: of loopback. public_url: blank if there is none."""
    parts = urlsplit(public_url)
    public = {f"{parts.scheme}://{parts.netloc}"} if parts.netloc else set()
    return frozenset({f"http://{host}:{port}" for host in ("127.0.0.1", "localhost") for port in ports} | public)


def _sent(scope: Message) -> SentRequest:
    headers: dict[str, str] = {}
    for raw, value in scope["headers"]:
        name, text = raw.decode("latin-1"), value.decode("latin-1")
        headers[name] = f"{headers[name]},{text}" if name in headers else text
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    return SentRequest(
        method=scope["method"],
        path=path.partition(b"?")[0].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
    )


@lru_cache(maxsize=64)
def _is_loopback(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name in LOOPBACK or name.endswith(".localhost")


def _is_presigned(sent: SentRequest) -> bool:
    return "X-Amz-Signature=" in sent.query or signature.is_presigned_by_version_2(sent)


def _is_download(sent: SentRequest) -> bool:
    """Return True if the request follows a link to a presigned URL: the linking page cannot read the response."""
    is_navigation = sent.headers.get("sec-fetch-mode") == "navigate"
    return is_navigation and sent.method in ("GET", "HEAD") and _is_presigned(sent)


async def _body(receive: Receive, limit: int | None) -> bytes:
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Denied("RequestTimeout", "the caller hung up before the end of the body")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if limit is not None and size > limit:
            raise Denied("RequestEntityTooLarge", f"an unverified body has at most {limit:,} bytes")
        if not message.get("more_body"):
            return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    told: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return told.pop() if told else await receive()

    return replay


def _without_cors(send: Send, own: list[tuple[bytes, bytes]]) -> Send:
    """Replace the CORS headers of ministack, which allow every page. own: the headers to send instead."""

    async def filtered(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [pair for pair in message.get("headers", ()) if not pair[0].lower().startswith(CORS)]
            message = {**message, "headers": kept + own}
        await send(message)

    return filtered
