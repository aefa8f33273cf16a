"""Render the Mustache templates of a release with the values of their mapping."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping

import chevron
from chevron.tokenizer import ChevronError, tokenize

from slipway.perform.faults import StageFailedError
from slipway.perform.unit import Unit
from slipway.perform.values import shown
from slipway.plan.archive import inner_file, place_of
from slipway.plan.expression import Scope, ScriptError, evaluate
from slipway.plan.release import Value
from slipway_formats.archive import ArchiveError
from slipway_formats.release import Template

# chevron stores its position in globals, and a runner has several threads.
_CHEVRON = threading.Lock()


def render_all(unit: Unit) -> None:
    """Render every template of this scope. Faults: StageFailedError, ArchiveError."""
    templates = [known for known in unit.release.templates if known.is_in(unit.scope)]
    scope = unit.script_scope() if templates else {}
    for template in templates:
        text = inner_file(unit.folder, template.file).read_text(encoding="utf-8")
        try:
            target = place_of(unit.folder, template.target)
        except ArchiveError as error:
            raise StageFailedError(f"template {template.file}: {error}") from error
        target.write_text(render(text, template, scope), encoding="utf-8")


def render(text: str, template: Template, scope: Scope) -> str:
    """Return the rendered text. Faults: StageFailedError, also for a variable without a value."""
    tokens = _tokens(text, template)
    values = _values(template, scope, {key for kind, key in tokens})
    missing = sorted({key for key in _needed(tokens) if key != "." and key.split(".")[0] not in values})
    if missing:
        raise StageFailedError(f"template {template.file}: no value for {', '.join(missing)}")
    sections = {key for kind, key in tokens if kind in {"section", "inverted section"}}
    data = {key: value if key in sections else _plain(value) for key, value in values.items()}
    with _CHEVRON:
        rendered: str = chevron.render(text, data, partials_path=None, partials_dict={})
    return rendered


def _tokens(text: str, template: Template) -> list[tuple[str, str]]:
    try:
        with _CHEVRON:
            return [(kind, key) for kind, key in tokenize(text) if kind != "literal"]
    except ChevronError as error:
        raise StageFailedError(f"template {template.file}: {error}") from error


def _values(template: Template, scope: Scope, used: set[str]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for key, value in (template.mapping or {}).items():
        try:
            values[key] = evaluate(value, scope)
        except ScriptError as error:
            if key in used:
                raise StageFailedError(f"template {template.file}: mapping.{key}: {error}") from error
    return values


def _plain(value: Value) -> Value | Mapping[str, Value]:
    return ("true" if value else "false") if isinstance(value, bool) else value if _nests(value) else shown(value)


def _nests(value: Value) -> bool:
    return isinstance(value, dict | float)


def _needed(tokens: list[tuple[str, str]]) -> Iterator[str]:
    depth = 0
    for kind, key in tokens:
        if kind in {"section", "inverted section"}:
            depth += 1
        elif kind == "end":
            depth -= 1
        elif kind in {"variable", "no escape"} and depth == 0:
            yield key
