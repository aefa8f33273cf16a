"""The one error of asking the API: what it said, every defect with its place, and what to do next."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

UNANSWERED = 0
_LONGEST = 500
_HINTS: Mapping[int, str] = MappingProxyType(
    {
        UNANSWERED: "see whether the platform runs at this address (`make up` starts it; SLIPWAY_API says where it is)",
        401: "log in with `slipway login`, or set SLIPWAY_TOKEN to a token that holds",
        403: "ask an owner of the project for the role that this needs",
        404: "check the name, and that your token may see it",
        409: "look at it again: it has changed, or is there already",
        413: "send less at once",
        422: "use another Idempotency-Key for another ask",
        429: "wait a moment and try again",
        503: "wait a moment and try again",
    }
)
_BROKEN_HINT = "try again; if it stays, look for the request id in the platform's log"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with what was sent. path: where."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class ApiError(Exception):
    """The API refused, or did not answer (status 0). hint: what to do next."""

    def __init__(self, status: int, message: str, problems: tuple[Problem, ...] = (), hint: str = "") -> None:
        super().__init__("; ".join((message, *map(str, problems))))
        self.status, self.message, self.problems, self.hint = status, message, problems, hint

    @property
    def is_answered(self) -> bool:
        """Whether the API said no, rather than nothing."""
        return self.status != UNANSWERED


def unanswered(message: str) -> ApiError:
    """The error of an ask that got no answer to go by."""
    return ApiError(UNANSWERED, message, hint=_HINTS[UNANSWERED])


def refused(asked: str, status: int, text: str) -> ApiError:
    """The error that a refusal means. asked: method and path. text: the answer's body, JSON or plain."""
    message, problems = _read(text)
    hint = _HINTS.get(status, _BROKEN_HINT if status >= 500 else "")
    return ApiError(status, message or f"{asked} answers {status}", problems, hint)


def _read(text: str) -> tuple[str, tuple[Problem, ...]]:
    try:
        said = json.loads(text)
    except ValueError:
        return text.strip()[:_LONGEST], ()
    if not isinstance(said, dict):
        return text.strip()[:_LONGEST], ()
    errors = said.get("errors")
    listed = [one for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
    problems = (Problem(path=str(one.get("path", "")), message=str(one.get("message", ""))) for one in listed)
    message = str(said.get("message") or "")
    # One defect is told twice, as the message and in the list.
    return message, tuple(one for one in problems if one.message and str(one) != message)
