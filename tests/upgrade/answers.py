"""Answers that 0.1 gave, and how today's are held against them.

`python -m tests.upgrade.answers` writes today's in their place: for a change of answers that the changelog tells, and
that is read line by line in the difference of its commit.
"""

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.use_cases.ports.clock import Called
from tests.crash.near import Near
from tests.http.house import Answered
from tests.upgrade.kept import FOLDER, loaded
from tests.upgrade.place import Place, lines

PATH = FOLDER / "answers.jsonl"
ASKED = ("method", "path", "as", "sent")
SHOWN_HEADERS = ("Content-Type", "ETag", "Location", "X-Next-Page", "WWW-Authenticate", "Retry-After")

Recorded = dict[str, Any]


def recorded() -> list[Recorded]:
    """Each ask and its answer. method, path, as, sent: what was asked by whom; status, headers, body: the answer."""
    return lines(PATH)


def asked_again(place: Place, one: Mapping[str, Any]) -> Recorded:
    """The ask with today's answer."""
    answered = place.ask(one["method"], one["path"], one.get("sent"), by=one["as"])
    headers = {name: answered.headers[name] for name in SHOWN_HEADERS if name in answered.headers}
    asked = {name: one[name] for name in ASKED if name in one}
    return {**asked, "status": answered.status, "headers": headers, "body": _body(answered)}


def in_order(answers: Iterable[Recorded]) -> list[Recorded]:
    """The audit log first: of the callers some show wrong passwords, which are audited since."""
    return sorted(answers, key=lambda one: not one["path"].startswith("/api/v1/audit"))


def difference(place: Place, one: Recorded) -> str:
    """What of today's answer is not as it was, in words; empty when all is."""
    now = asked_again(place, one)
    unlike = [name for name in ("status", "headers", "body") if now[name] != one[name]]
    return "\n".join(f"{one['path']} as {one['as']}: {name} was {one[name]} and is {now[name]}" for name in unlike)


def _body(answered: Answered) -> Any:  # noqa: ANN401 - whatever the body says
    media = answered.headers.get("Content-Type", "")
    if "json" in media:
        return _without_uses(answered.json)
    return b64encode(answered.content).decode() if media.startswith("image/") else answered.text


def _without_uses(body: Any) -> Any:  # noqa: ANN401 - whatever the body says
    """Return the body of an answer without when tokens were last used, which the asking itself changes."""
    items = body.get("items") if isinstance(body, dict) else None
    for one in items if isinstance(items, list) else ():
        one.pop("used_at", None)
    return body


def main() -> None:
    """Write today's answers down."""
    place = loaded(Near(), lambda *_, **__: Called(status=0)).place(lambda *_, **__: Called(status=0))
    known = recorded()
    rows = {id(one): asked_again(place, one) for one in in_order(known)}
    said = (json.dumps(rows[id(one)], ensure_ascii=False, separators=(",", ":")) for one in known)
    text = "".join(f"{line}\n" for line in said)
    PATH.write_text(text)


if __name__ == "__main__":
    main()
