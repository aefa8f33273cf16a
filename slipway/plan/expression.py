"""Escape Script: parse and evaluate the few expressions that a plan may contain. Where they are allowed: the
readers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from slipway.plan import versions
from slipway.plan.release import Value
from slipway_formats.version import is_version

# What may follow `$name.`, besides inputs, outputs and metadata: what the CLI itself writes into releases.
FIELDS = frozenset({
    "branch", "deployment", "description", "environment", "id", "logo", "name", "project",
    "release", "repository", "revision", "version", "versionless_release",
})  # fmt: skip
_GROUPS = frozenset({"inputs", "outputs", "metadata"})
_NAME = r"(?:[a-zA-Z]|_/)[a-zA-Z0-9-_/]*"
_FORM = re.compile(rf"\$({_NAME})\.([a-z_]+)(?:\.([a-zA-Z][a-zA-Z0-9-_]*))?(?:\.([a-z_]+)\(\))?")

Scope = Mapping[str, Mapping[str, Value]]


class ScriptError(ValueError):
    """An expression that cannot be parsed or evaluated. The caller adds the place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """`$name.group.key`, or `$name.key` without a group. tracking: the method called on it."""

    name: str
    group: str | None
    key: str
    tracking: str | None


def is_script(text: str) -> bool:
    """True when the text is an expression. Everything else is a literal, including text that starts with `$$`."""
    return text.startswith("$") and not text.startswith("$$")


def parse(text: str) -> Reference:
    """Parse an expression. Faults: ScriptError."""
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise ScriptError(f"unknown expression '{text}'")
    name, first, second, tracking = found.groups()
    if tracking is not None and tracking not in versions.TRACKING:
        raise ScriptError(f"unknown function '{tracking}' in '{text}'")
    if second is None and first in FIELDS:
        return Reference(name=name, group=None, key=first, tracking=tracking)
    if second is not None and first in _GROUPS:
        return Reference(name=name, group=first, key=second, tracking=tracking)
    raise ScriptError(f"unknown field '{first}' in '{text}'")


def references(value: Value) -> tuple[Reference, ...]:
    """Return every valid reference in a string or a list of strings."""
    texts = value if isinstance(value, list) else [value]
    return tuple(parse(text) for text in texts if isinstance(text, str) and is_script(text) and defect(text) is None)


def defect(value: Value) -> str | None:
    """Return what is wrong with the expressions in a value, or None."""
    for text in value if isinstance(value, list) else [value]:
        if isinstance(text, str) and is_script(text):
            try:
                parse(text)
            except ScriptError as error:
                return str(error)
    return None


def evaluate(value: Value, scope: Scope) -> Value:
    """Return the value with its expressions evaluated. Faults: ScriptError."""
    if isinstance(value, list):
        return [evaluate(item, scope) for item in value]
    if not isinstance(value, str) or not is_script(value):
        return value
    reference = parse(value)
    found = _look_up(reference, scope, value)
    if reference.tracking is None:
        return found
    if not isinstance(found, str) or not is_version(found):
        raise ScriptError(f"'{value}': only a version can be tracked")
    return versions.track(found, reference.tracking)


def _look_up(reference: Reference, scope: Scope, text: str) -> Value:
    if reference.name not in scope:
        raise ScriptError(f"unknown name '{reference.name}' in '{text}'")
    holder: Value | Mapping[str, Value] = scope[reference.name]
    if reference.group is not None and isinstance(holder, Mapping):
        holder = holder.get(reference.group)
    if not isinstance(holder, Mapping) or reference.key not in holder:
        raise ScriptError(f"'{text}' has no value")
    found: Value = holder[reference.key]
    return found
