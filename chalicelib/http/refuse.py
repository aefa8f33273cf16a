"""How a fault becomes a reply: the status that each has, and the manners in which dialects speak.

A dialect with a manner of its own makes a `Manner`; the two that several share stand here.
"""

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from datetime import timedelta
from types import MappingProxyType

from pydantic import BaseModel

from chalicelib.http.reply import JSON_MEDIA, TEXT_MEDIA, Json, Reply, empty_reply, json_reply, text_reply
from chalicelib.http.shape import LenientShape
from chalicelib.kernel.faults import (
    Conflict,
    Defect,
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
from chalicelib.kernel.frozen import frozen

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
"""What each fault is in HTTP, where a manner says nothing else."""

UNFORESEEN = 500
OTHER_BODY = 422
NO_SUCH_PATH = "no such path"
WRONG_METHOD = "wrong method"


@frozen
class Refusal:
    """A refusal before any dialect has put it into words. route: whether nobody serves the path or the method."""

    status: int
    message: str
    defects: tuple[Defect, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    route: bool = False


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
    """How a dialect refuses.

    statuses: where it differs from STATUSES. media, shape: of what it says, for the API's pages. cleans_paths: whether
    a path with empty segments is sent on to the one without.
    """

    say: Callable[[Refusal], Reply]
    media: str
    shape: type[BaseModel] | None = None
    statuses: Mapping[type[Fault], int] = field(default_factory=dict)
    wrong_method: int = 405
    cleans_paths: bool = False


def refuse(error_format: ErrorFormat, fault: Fault) -> Reply:
    """The fault as this dialect says it."""
    status = error_format.statuses.get(type(fault), STATUSES[type(fault)])
    defects = fault.defects if isinstance(fault, Invalid) else ()
    message = "the input is wrong" if len(defects) > 1 else fault.message
    return _said(error_format, Refusal(status=status, message=message, defects=defects, headers=_headers(fault)))


def refuse_path(error_format: ErrorFormat) -> Reply:
    """Nobody serves this path."""
    return _said(error_format, Refusal(status=404, message=NO_SUCH_PATH, route=True))


def refuse_method(error_format: ErrorFormat, methods: tuple[str, ...]) -> Reply:
    """Somebody serves this path, with other methods."""
    allow = {"Allow": ", ".join(methods)} if error_format.wrong_method == 405 else {}
    return _said(
        error_format, Refusal(status=error_format.wrong_method, message=WRONG_METHOD, headers=allow, route=True)
    )


def refuse_other_body(error_format: ErrorFormat) -> Reply:
    """The key of an earlier ask came with another body."""
    return _said(error_format, Refusal(status=OTHER_BODY, message="this Idempotency-Key was used with another body"))


def refuse_unforeseen(error_format: ErrorFormat, request_id: str) -> Reply:
    """Something of ours broke; the log has it under this id."""
    return _said(
        error_format, Refusal(status=UNFORESEEN, message=f"unforeseen error, see the log for request {request_id}")
    )


def say_json(refusal: Refusal) -> Reply:
    """The State Service's manner: `{"message","errors":[{"path","message"}]}`."""
    errors: list[Json] = [{"path": defect.path, "message": defect.message} for defect in refusal.defects]
    return json_reply({"message": refusal.message, "errors": errors}, refusal.status)


def say_plain(refusal: Refusal) -> Reply:
    """The Inventory's manner: plain text or nothing, never JSON; what nobody serves is Go's own 404."""
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


def _said(error_format: ErrorFormat, refusal: Refusal) -> Reply:
    reply = error_format.say(refusal)
    # What is refused often stands in the text: no browser is to take it for a page.
    return replace(reply, headers={"X-Content-Type-Options": "nosniff", **refusal.headers, **reply.headers})
