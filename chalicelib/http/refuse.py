"""Convert faults to replies: the status of each fault, and the error formats of dialects.

A dialect with its own format makes an `ErrorFormat`; the two that several dialects share are here.
"""

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from datetime import timedelta
from types import MappingProxyType

from pydantic import BaseModel

from chalicelib.http.raw_request import RawRequest
from chalicelib.http.reply import JSON_MEDIA, TEXT_MEDIA, Json, Reply, empty_reply, json_reply, text_reply
from chalicelib.http.shape import LenientShape
from chalicelib.kernel.faults import (
    Conflict,
    Fault,
    Forbidden,
    Invalid,
    Limited,
    NotFound,
    Stale,
    Throttled,
    TooLarge,
    Unauthenticated,
    Unavailable,
)
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen

STATUSES: Mapping[type[Fault], int] = MappingProxyType(
    {
        Invalid: 400,
        Unauthenticated: 401,
        Forbidden: 403,
        NotFound: 404,
        Conflict: 409,
        Stale: 409,
        TooLarge: 413,
        Limited: 429,
        Throttled: 503,
        Unavailable: 503,
    }
)
"""HTTP status of each fault, unless an error format says otherwise."""

UNFORESEEN = 500
OTHER_BODY = 422
NO_SUCH_PATH = "no such path"
WRONG_METHOD = "wrong method"


@frozen
class Refusal:
    """A refusal before a dialect formats it. route: True if no operation has the path or the method.

    path: the one that has no operation. target: raw path and query of the request, and cookies: its header, for pages.
    is_change: it was no GET. code: a word for the kind of fault, where it has one.
    """

    status: int
    message: str
    defects: tuple[Defect, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    route: bool = False
    path: str = ""
    target: str = ""
    cookies: str = ""
    is_change: bool = False
    code: str = ""


class RefusedField(LenientShape):
    """One defect, as State tells it."""

    path: str
    message: str


class Refused(LenientShape):
    """A refusal, as State tells it: what is wrong, and every defect of an input with its place."""

    message: str
    errors: list[RefusedField]


@frozen
class ErrorFormat:
    """How a dialect formats errors.

    statuses: where it differs from STATUSES. media, shape: of the body, for the documentation. cleans_paths: redirect a
    path with empty segments to the one without.
    """

    say: Callable[[Refusal], Reply]
    media: str
    shape: type[BaseModel] | None = None
    statuses: Mapping[type[Fault], int] = field(default_factory=dict)
    wrong_method: int = 405
    cleans_paths: bool = False


def refuse(error_format: ErrorFormat, fault: Fault, asked: RawRequest) -> Reply:
    """Return the fault in this error format."""
    status = error_format.statuses.get(type(fault), STATUSES[type(fault)])
    defects = fault.defects if isinstance(fault, Invalid) else ()
    message = "the input is wrong" if len(defects) > 1 else fault.message
    refusal = Refusal(status=status, message=message, defects=defects, headers=_headers(fault), code=fault.code)
    return _formatted(error_format, refusal, asked)


def refuse_path(error_format: ErrorFormat, asked: RawRequest) -> Reply:
    """Return the 404 reply for a path that has no route."""
    return _formatted(error_format, Refusal(status=404, message=NO_SUCH_PATH, route=True, path=asked.path), asked)


def refuse_method(error_format: ErrorFormat, methods: tuple[str, ...], asked: RawRequest) -> Reply:
    """Return the reply for a path whose routes have other methods only."""
    allow = {"Allow": ", ".join(methods)} if error_format.wrong_method == 405 else {}
    status = error_format.wrong_method
    return _formatted(error_format, Refusal(status=status, message=WRONG_METHOD, headers=allow, route=True), asked)


def refuse_other_body(error_format: ErrorFormat, asked: RawRequest) -> Reply:
    """Return the reply for an Idempotency-Key that was used with another body."""
    refusal = Refusal(status=OTHER_BODY, message="this Idempotency-Key was used with another body")
    return _formatted(error_format, refusal, asked)


def refuse_unforeseen(error_format: ErrorFormat, asked: RawRequest) -> Reply:
    """Return the reply for an internal error; the log has it under the id of the request."""
    message = f"unforeseen error, see the log for request {asked.id}"
    return _formatted(error_format, Refusal(status=UNFORESEEN, message=message), asked)


def say_json(refusal: Refusal) -> Reply:
    """Format an error as the State Service does: `{"message","errors":[{"path","message"}]}`."""
    errors: list[Json] = [{"path": defect.path, "message": defect.message} for defect in refusal.defects]
    return json_reply({"message": refusal.message, "errors": errors}, refusal.status)


def say_plain(refusal: Refusal) -> Reply:
    """Format an error as the Inventory does: plain text or empty, never JSON; Go's own 404 for unknown paths."""
    if refusal.route:
        return text_reply("404 page not found\n", 404)
    match refusal.status:
        case 401 | 404 | 500 | 503:
            return empty_reply(refusal.status)
        case 409:
            return text_reply("Resource already exists", 409)
        case status:
            return text_reply("; ".join(map(str, refusal.defects)) or refusal.message, status)


JSON_ERRORS = ErrorFormat(say=say_json, media=JSON_MEDIA, shape=Refused)
PLAIN_ERRORS = ErrorFormat(say=say_plain, media=TEXT_MEDIA, wrong_method=404, cleans_paths=True)


def _headers(fault: Fault) -> Mapping[str, str]:
    match fault:
        case Unauthenticated():
            return {"WWW-Authenticate": 'Bearer realm="slipway"'}
        case Limited():
            return {"Retry-After": str(-(-fault.after // timedelta(seconds=1)))}
        case Throttled() | Unavailable():
            return {"Retry-After": "1"}
        case _:
            return {}


def _formatted(error_format: ErrorFormat, refusal: Refusal, asked: RawRequest) -> Reply:
    is_change, cookies = asked.method not in ("GET", "HEAD"), asked.headers.get("cookie", "")
    reply = error_format.say(replace(refusal, target=asked.target, cookies=cookies, is_change=is_change))
    # The text may repeat the caller's input: browsers must not render it as HTML.
    return replace(reply, headers={"X-Content-Type-Options": "nosniff", **refusal.headers, **reply.headers})
