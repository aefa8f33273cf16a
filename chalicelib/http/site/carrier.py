"""Connect the app to Chalice, which receives requests at its routes and sends replies. Routing and errors are ours.

Every route accepts every content type, and every view is the same: it restores the raw path and calls `serve`. Does not
import pydantic, which would slow down a cold start.
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
"""Types, besides Chalice's defaults, that API Gateway must pass in base64, or it corrupts them."""


class RawResponse(ChaliceResponse):
    """A reply that is sent unchanged.

    Chalice refuses bytes to clients without an Accept header, such as Go's, and cannot omit the content type.
    """

    def __init__(self, reply: "Reply") -> None:
        super().__init__(body="", headers={}, status_code=reply.status or 200)
        self.reply = reply

    def to_dict(self, binary_types: list[str] | None = None) -> dict[str, Any]:  # noqa: ARG002 - Chalice's signature
        """Return the response of a proxy integration."""
        body, single = self.reply.body, self.reply.headers.items()
        return {
            "statusCode": self.status_code,
            "headers": {name: value for name, value in single if isinstance(value, str)},
            "multiValueHeaders": {name: list(value) for name, value in single if not isinstance(value, str)},
            "body": base64.b64encode(body).decode() if isinstance(body, bytes) else body,
            "isBase64Encoded": isinstance(body, bytes),
        }


def carry(app: Chalice, routes: Mapping[str, tuple[str, ...]], serve: Callable[[RawRequest], "Reply"]) -> None:
    """Add these paths with their methods to the app, and answer them with `serve`."""

    def view(**_: str) -> ChaliceResponse:
        request = app.current_request
        if request is None:
            raise LookupError("a view was called outside a request")
        return RawResponse(serve(raw_request_of(request)))

    app.api.binary_types = [*app.api.default_binary_types, *BINARY_BODIES]
    for path, methods in routes.items():
        app.route(path, methods=list(methods), content_types=["*/*"], name="view")(view)


def raw_request_of(request: ChaliceRequest) -> RawRequest:
    """Convert Chalice's request."""
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
    """Return the path as sent.

    Parameters arrive quoted; a slash in one can only be a `%2F` that was unquoted on the way.
    """
    if resource.endswith(FALLBACK):
        return f"{resource.removesuffix(FALLBACK)}/{parameters[REST]}"
    return PARAMETER.sub(lambda found: parameters[found[1]].replace("/", "%2F"), resource)
