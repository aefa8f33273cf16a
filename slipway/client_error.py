"""The error of an API call: its message, every defect with its path, and a hint what to do next."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

UNANSWERED = 0
_LONGEST = 500
LOOK_AGAIN = "look at it again: it has changed, or is there already"
_HINTS: Mapping[int, str] = MappingProxyType(
    {
        UNANSWERED: "see whether the platform runs at this address (`make up` starts it; SLIPWAY_API says where it is)",
        401: "log in with `slipway login`, or set SLIPWAY_TOKEN to a token that holds",
        403: "ask an owner of the project for the role that this needs",
        404: "check the name, and that your token may see it",
        409: LOOK_AGAIN,
        413: "send less at once",
        422: "use another Idempotency-Key for another ask",
        429: "wait a moment and try again",
        503: "wait a moment and try again",
    }
)
_HINTS_BY_CODE: Mapping[str, str] = MappingProxyType(
    {
        "NAME_IN_USE": "wait until it has ended, delete it, or take another name",
        "DESTINATION_NEEDS_SOURCE": "name the REPOSITORY/DIRECTORY that the image is built from",
    }
)
_BROKEN_HINT = "try again; if it stays, look for the request id in the platform's log"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One defect of what was sent. path: its place."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class ApiError(Exception):
    """The API refused, or did not answer (status 0). hint: what to do next. call: method and path that were refused."""

    def __init__(
        self, status: int, message: str, problems: tuple[Problem, ...] = (), hint: str = "", *, call: str = ""
    ) -> None:
        super().__init__("; ".join((message, *map(str, problems))))
        self.status, self.message, self.problems, self.hint, self.call = status, message, problems, hint, call


def unanswered(message: str) -> ApiError:
    """Return the error of a request without a usable answer."""
    return ApiError(UNANSWERED, message, hint=_HINTS[UNANSWERED])


def refused(call: str, status: int, text: str) -> ApiError:
    """Return the error of a refusal. call: method and path. text: the response body, JSON or plain."""
    content = _object_in(text)
    message, problems = _read(content) if content is not None else (text.strip()[:_LONGEST], ())
    usual = _HINTS.get(status, _BROKEN_HINT if status >= 500 else "")
    hint = _HINTS_BY_CODE.get(str((content or {}).get("code")), usual)
    return ApiError(status, message or f"{call} answers {status}", problems, hint, call=call)


def _object_in(text: str) -> dict[str, Any] | None:
    """Return the JSON object that says why; the Deploy API alone has it in an envelope."""
    try:
        content = json.loads(text)
    except ValueError:
        return None
    inner = content.get("error") if isinstance(content, dict) else None
    found = inner if isinstance(inner, dict) else content
    return found if isinstance(found, dict) else None


def _read(content: Mapping[str, Any]) -> tuple[str, tuple[Problem, ...]]:
    errors = content.get("errors", content.get("details"))
    listed = [one for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
    problems = (Problem(path=str(one.get("path", "")), message=str(one.get("message", ""))) for one in listed)
    message = str(content.get("message") or "")
    # A single defect appears twice: as the message and in the list.
    return message, tuple(one for one in problems if one.message and str(one) != message)
