"""Define the dialect of the Deploy API: who is let in by what, and how it refuses."""

from collections.abc import Mapping

from chalicelib.http.credential import AuthScheme
from chalicelib.http.operation import OUR_SCHEMES, Dialect, Mounting
from chalicelib.http.refuse import ErrorFormat, Refusal
from chalicelib.http.reply import JSON_MEDIA, Reply, json_reply
from chalicelib.http.shape import LenientShape

OUTSIDE = "/apps/deploy-api"
"""Before every path from outside of the cluster; inside there is nothing before it."""

UNSUPPORTED = "UNSUPPORTED_MEDIA_TYPE"
CODES: Mapping[int, str] = {
    400: "INVALID",
    401: "UNAUTHENTICATED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    409: "CONFLICT",
    413: "TOO_LARGE",
    415: UNSUPPORTED,
    422: "OTHER_BODY",
    429: "TOO_MANY_ATTEMPTS",
    500: "UNFORESEEN",
    503: "UNAVAILABLE",
}
"""Of refusals that have no code of their own."""


class RefusedDetail(LenientShape):
    """One defect, with its place."""

    path: str
    message: str


class RefusedError(LenientShape):
    """A refusal with its code and every defect."""

    code: str
    message: str
    details: list[RefusedDetail]


class RefusedBody(LenientShape):
    """A refusal."""

    error: RefusedError


def say_error(refusal: Refusal) -> Reply:
    """Format an error as the Deploy API does: `{"error":{"code","message","details"}}`."""
    status = 415 if refusal.code == UNSUPPORTED else refusal.status
    details = [{"path": defect.path, "message": defect.message} for defect in refusal.defects]
    code = refusal.code or CODES.get(status, "REFUSED")
    return json_reply({"error": {"code": code, "message": refusal.message, "details": details}}, status)


DEPLOY = Dialect(
    name="deploy",
    title="Deploy API",
    prefixes=("/v1/", "/v2/", OUTSIDE),
    error_format=ErrorFormat(say=say_error, media=JSON_MEDIA, shape=RefusedBody),
    schemes=OUR_SCHEMES | {AuthScheme.IDENTITY},
    mounting=Mounting.FALLBACK,
)
