"""Compute the values of inputs and outputs: given or by default, of the right type, and as scripts see them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from slipway.plan import expression
from slipway.plan.release import Value
from slipway_formats.release import Variable

CLIENT = "slipway"
_MAGIC = frozenset({"version", "project", "deployment", "environment"})
_TRUE, _FALSE = frozenset({"true", "1", "yes", "on"}), frozenset({"false", "0", "no", "off", ""})


def calculate(
    variables: Iterable[Variable], given: Mapping[str, Value], scope: expression.Scope
) -> tuple[dict[str, Value], tuple[str, ...]]:
    """Return the value of every variable, in order, and the errors of those without a valid one."""
    known: dict[str, Value] = {}
    wrong: list[str] = []
    inputs = scope.get("this", {}).get("inputs")
    known_inputs = dict(inputs) if isinstance(inputs, dict) else {}
    for variable in variables:
        now = {**scope, "this": {**scope.get("this", {}), "inputs": {**known_inputs, **known}}}
        try:
            known[variable.id] = value_of(variable, given, now)
        except ValueError as error:
            secret = variable.sensitive and variable.id in given
            wrong.append(f"{variable.id}: {f'not a {variable.type} that is allowed' if secret else error}")
    return known, tuple(wrong)


def value_of(variable: Variable, given: Mapping[str, Value], scope: expression.Scope) -> Value:
    """Return the variable's value: built-in, given, or default. Faults: ValueError."""
    if variable.type == "client":
        return CLIENT
    if variable.type in _MAGIC:
        return expression.evaluate(f"$this.{variable.type}", scope)
    if variable.id in given:
        value = given[variable.id]
    elif variable.default is not None:
        value = expression.evaluate(variable.default, scope)
    else:
        raise ValueError("no value given, and no default")
    typed = coerce(variable, value)
    _require_allowed(variable, typed, scope)
    return typed


def coerce(variable: Variable, value: Value) -> Value:
    """Convert the value to the variable's type; strings from a command line are parsed. Faults: ValueError."""
    if variable.type != "list":
        return _simple(variable.type, value)
    listed = _listed(value)
    inner = (variable.options or {}).get("type")
    return [_simple(inner, item) for item in listed] if isinstance(inner, str) else listed


def shown(value: Value) -> str:
    """Return the value as scripts see it: a boolean as 0 or 1, a fraction truncated, a list as JSON."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool() | int() | float():
            return str(int(value))
        case list() | dict():
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _simple(type_: str, value: Value) -> Value:
    match type_:
        case "string":
            return _string(value)
        case "integer":
            return _integer(value)
        case "bool":
            return _bool(value)
        case _:
            raise ValueError(f"unknown type '{type_}'")


def _string(value: Value) -> str:
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    if isinstance(value, str):
        return value
    raise ValueError(f"expected a string, got {json.dumps(value)}")


def _integer(value: Value) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"expected an integer, got {json.dumps(value)}")
    if isinstance(value, float) and not value.is_integer():
        raise ValueError(f"expected an integer, got {value}")
    try:
        return int(value)
    except ValueError as error:
        raise ValueError(f"expected an integer, got '{value}'") from error


def _bool(value: Value) -> bool:
    text = shown(value).strip().lower() if isinstance(value, str | int | float) else "?"
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    raise ValueError(f"expected true or false, got {json.dumps(value)}")


def _listed(value: Value) -> list[Value]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise ValueError(f"expected a list, as JSON, got '{value}'") from error
    if not isinstance(value, list):
        raise ValueError(f"expected a list, got {json.dumps(value)}")
    return value


def _require_allowed(variable: Variable, value: Value, scope: expression.Scope) -> None:
    if variable.items is None:
        return
    allowed = expression.evaluate(variable.items, scope)
    listed = allowed if isinstance(allowed, list) else [allowed]
    if all(shown(item) != shown(value) for item in listed):
        raise ValueError(f"expected one of {json.dumps(listed)}, got {json.dumps(value)}")
