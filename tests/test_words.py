"""Names use the field's words: those that a user of such tools would have to look up are refused, each as a whole."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("chalicelib", "infra", "slipway", "slipway_formats")
EVERY = frozenset({"module", "class", "function"})
CODE = frozenset({"class", "function"})

DENIED: Mapping[str, tuple[frozenset[str], str]] = {
    "acted": (EVERY, "apply an act"),
    "arrival": (EVERY, "RequestContext, RawRequest"),
    "ask": (EVERY, "a command or a query; a request on the wire"),
    "asked": (EVERY, "a command or a query; effects of a change"),
    "bay": (EVERY, "workspace"),
    "bell": (EVERY, "wake-up"),
    "bench": (EVERY, "toolbox"),
    "book": (EVERY, "log uploader, outbox"),
    "buried": (EVERY, "tombstone"),
    "bury": (EVERY, "create a tombstone"),
    "chance": (EVERY, "random"),
    "circle": (EVERY, "cycle"),
    "circles": (EVERY, "cycles"),
    "deed": (EVERY, "AuditAction, JobResult"),
    "deeds": (EVERY, "audited transaction"),
    "demand": (EVERY, "require"),
    "desk": (EVERY, "output"),
    "door": (EVERY, "request context"),
    "entrance": (EVERY, "request context"),
    "ground": (EVERY, "AdapterContext"),
    "guarded": (EVERY, "lockout"),
    "guardian": (EVERY, "process guard"),
    "guessing": (EVERY, "failed-login throttle"),
    "hasten": (EVERY, "enqueue"),
    "heart": (EVERY, "heartbeat"),
    "insist": (EVERY, "retry_on_conflict"),
    "insisted": (EVERY, "retry_on_conflict"),
    "keeper": (EVERY, "emulator server"),
    "kept": (frozenset({"class", "module"}), "what is kept: a child process, a secret's reference"),
    "later": (EVERY, "lazy"),
    "leash": (EVERY, "die_with_parent"),
    "leaving": (EVERY, "deleting"),
    "maker": (EVERY, "released_by"),
    "manner": (EVERY, "ErrorFormat"),
    "means": (EVERY, "AuthScheme"),
    "misread": (EVERY, "partial read"),
    "missed": (EVERY, "ConditionFailed"),
    "news": (EVERY, "payload, change"),
    "orders": (EVERY, "sorted index"),
    "outward": (EVERY, "external call"),
    "owe": (EVERY, "schedule a delivery"),
    "owed": (EVERY, "pending delivery, outbox"),
    "persistently": (EVERY, "retry_on_conflict"),
    "reach": (EVERY, "endpoint"),
    "scene": (EVERY, "NodeContext"),
    "seam": (EVERY, "interceptor"),
    "see": (EVERY, "get"),
    "seen": (EVERY, "visible; a view"),
    "shaken": (EVERY, "crash recovery"),
    "sight": (EVERY, "StageView"),
    "standing": (EVERY, "UserSettings, ApplicationHead"),
    "statement": (EVERY, "session JWT"),
    "tell": (EVERY, "enqueue, apply, notify, send"),
    "telling": (EVERY, "protocol calls"),
    "through": (CODE, "passthrough"),
    "told": (EVERY, "enqueued, applied, notified"),
    "trouble": (EVERY, "error"),
    "twig": (EVERY, "tree line"),
    "verb": (EVERY, "handler"),
    "visit": (CODE, "request context"),
    "wire": (EVERY, "HttpPool, ItemFormat"),
    "world": (EVERY, "Clock, Ids"),
}
"""Each word: kinds of names that it may not stand in, and what to say instead."""

OF_USE_CASES: Mapping[str, str] = {
    "add": "create",
    "change": "update",
    "make": "create",
    "put": "update",
    "save": "update",
    "show": "get or list",
}
"""First words of what callers ask for. Ports keep `save` for a record on its version, dialects `show` for an answer."""


@pytest.mark.parametrize("room", ROOMS)
def test_no_name_has_a_word_that_the_field_has_another_for(room: str) -> None:
    assert list(_denied(ROOT / room)) == []


def test_use_cases_create_update_and_get() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {name}: {OF_USE_CASES[words[0]]}"
        for path in (ROOT / "chalicelib" / "use_cases").rglob("*.py")
        if "ports" not in path.parts
        for name, kind, words in _names(path)
        if kind == "function" and words[0] in OF_USE_CASES and len(words) > 1
    ]
    assert found == []


@pytest.mark.parametrize(
    ("name", "words"), [("AuditAction", ["audit", "action"]), ("by_HTTPPool2", ["by", "http", "pool", "2"])]
)
def test_names_are_taken_apart_into_words(name: str, words: list[str]) -> None:
    assert _words(name) == words


def _denied(room: Path) -> Iterator[str]:
    for path in sorted(room.rglob("*.py")):
        for name, kind, words in _names(path):
            for word in words:
                kinds, instead = DENIED.get(word, (frozenset(), ""))
                if kind in kinds:
                    yield f"{path.relative_to(ROOT)}: {kind} {name}: {word} → {instead}"


def _names(path: Path) -> Iterator[tuple[str, str, list[str]]]:
    """The module, its public classes, functions and methods: name, kind, words."""
    yield path.stem, "module", _words(path.stem)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node.name, "class" if isinstance(node, ast.ClassDef) else "function", _words(node.name)


def _words(name: str) -> list[str]:
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)]
