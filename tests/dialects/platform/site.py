"""The whole table over fakes with real people in it, and a transcript of what was said to the platform's rows."""

from dataclasses import dataclass, field
from typing import Any

from tests.dialects.matrix.callers import ADMIN
from tests.dialects.matrix.world import World
from tests.http.house import Answered

SHOWN_HEADERS = (
    "Content-Type",
    "Location",
    "X-Escape-Token",
    "Set-Cookie",
    "WWW-Authenticate",
    "Cache-Control",
    "X-Head",
    "X-Lines",
    "Content-Range",
    "Accept-Ranges",
)


@dataclass
class Site(World):
    """A world that writes down what is asked of it by `ask` and `done`. said: every exchange, in order.

    Tokens and times are those of the fakes, so that the same walk says the same.
    """

    said: list[dict[str, Any]] = field(default_factory=list)
    is_silent: bool = False

    def ask(self, method: str, target: str, body: object = None, *, by: str = ADMIN, **headers: str) -> Answered:
        """The answer to a request, written down."""
        answered = super().ask(method, target, body, by=by, **headers)
        if not self.is_silent:
            self._note(f"{method} {self.put(target)}", by, body, answered)
        return answered

    def _note(self, asked: str, by: str, body: object, answered: Answered) -> None:
        several = {name: " ".join(values) for name, values in answered.several.items()}
        headers = {**answered.headers, **several}
        shown = {name: headers[name] for name in SHOWN_HEADERS if name in headers}
        is_json = "json" in shown.get("Content-Type", "")
        self.said.append(
            {
                "asked": asked,
                "by": by,
                **({} if body is None else {"body": body.decode() if isinstance(body, bytes) else body}),
                "status": answered.status,
                "headers": shown,
                "answer": answered.json if is_json else answered.text,
            }
        )
