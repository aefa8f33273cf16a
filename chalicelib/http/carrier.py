"""What Chalice does for us: it takes requests at its routes and carries replies back. Routing and refusals are ours.

So every route takes every content type, and every view is the same: it puts the raw path together again and asks
whoever serves. Loads no pydantic: a cold start waits for this.
"""

import base64
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from chalice.app import Chalice
from chalice.app import Request as ChaliceRequest
from chalice.app import Response as ChaliceResponse

from chalicelib.http.raw_request import PARAMETER, RawRequest

if TYPE_CHECKING:
    from chalicelib.http.reply import Reply

FALLBACK = "/{proxy+}"
REST = "proxy"

BINARY_BODIES = ("multipart/form-data", "application/gzip", "application/x-gzip", "image/webp")
"""Besides Chalice's own: bodies that API Gateway must hand over in base64, or it mangles them."""


class RawResponse(ChaliceResponse):
    """A reply that goes out as it is.

    Chalice refuses bytes to callers that send no Accept header, as Go's do, and cannot say an absent content type.
    """

    def __init__(self, reply: "Reply") -> None:
        super().__init__(body="", headers={}, status_code=reply.status or 200)
        self.reply = reply

    def to_dict(self, binary_types: list[str] | None = None) -> dict[str, Any]:  # noqa: ARG002 - Chalice's signature
        """The answer of a proxy integration."""
        body, single = self.reply.body, self.reply.headers.items()
        return {
            "statusCode": self.status_code,
            "headers": {name: value for name, value in single if isinstance(value, str)},
            "multiValueHeaders": {name: list(value) for name, value in single if not isinstance(value, str)},
            "body": base64.b64encode(body).decode() if isinstance(body, bytes) else body,
            "isBase64Encoded": isinstance(body, bytes),
        }


def carry(app: Chalice, routes: Mapping[str, tuple[str, ...]], serve: Callable[[RawRequest], "Reply"]) -> None:
    """The app takes these paths, each with its methods, and answers what `serve` says."""

    def view(**_: str) -> ChaliceResponse:
        request = app.current_request
        if request is None:
            raise LookupError("a view was called outside a request")
        return RawResponse(serve(raw_request_of(request)))

    app.api.binary_types = [*app.api.default_binary_types, *BINARY_BODIES]
    for path, methods in routes.items():
        app.route(path, methods=list(methods), content_types=["*/*"], name="view")(view)


def raw_request_of(request: ChaliceRequest) -> RawRequest:
    """What came, from Chalice's request."""
    given = request.query_params
    query = {name: tuple(given.getlist(name)) for name in given} if given is not None else {}
    raw = request.raw_body
    return RawRequest(
        method=request.method,
        path=_raw_path(request.path, request.uri_params or {}),
        query=query,
        headers={name.lower(): value for name, value in request.headers.items()},
        content=raw.encode("utf-8") if isinstance(raw, str) else raw,
        id=request.context.get("requestId", ""),
    )


def _raw_path(resource: str, parameters: Mapping[str, str]) -> str:
    """The path as it came. Parameters arrive raw; a slash in one can only be a `%2F` that somebody unquoted."""
    if resource == FALLBACK:
        return f"/{parameters[REST]}"
    return PARAMETER.sub(lambda found: parameters[found[1]].replace("/", "%2F"), resource)
