"""Read and check the fields of a job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slipway.runner.verdict import JobFieldsError


def text(ask: Mapping[str, Any], field: str) -> str:
    """Return a required text. Faults: JobFieldsError."""
    value = ask.get(field)
    if not isinstance(value, str):
        raise JobFieldsError(f"{field} is not a text")
    return value


def some_text(ask: Mapping[str, Any], field: str) -> str:
    """Return an optional text; blank if missing. Faults: JobFieldsError."""
    return text(ask, field) if ask.get(field) is not None else ""


def mapping(ask: Mapping[str, Any], field: str) -> dict[str, Any]:
    """Return an optional mapping; empty if missing. Faults: JobFieldsError."""
    value = ask.get(field)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise JobFieldsError(f"{field} is not a mapping")
    return dict(value)


def texts(ask: Mapping[str, Any], field: str) -> dict[str, str]:
    """Return an optional mapping of texts. Faults: JobFieldsError, with all defects."""
    found = mapping(ask, field)
    wrong = [name for name, value in found.items() if not isinstance(value, str)]
    if wrong:
        raise JobFieldsError(f"{field}: not a text: {', '.join(wrong)}")
    return found


def some_texts(ask: Mapping[str, Any], field: str) -> tuple[str, ...] | None:
    """Return an optional list of texts; None if missing. Faults: JobFieldsError."""
    value = ask.get(field)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise JobFieldsError(f"{field} is not a list of texts")
    return tuple(value)


def has_network(ask: Mapping[str, Any]) -> bool:
    """Return False if the job says `network: false`: its programs then have no network."""
    return ask.get("network") is not False


def variables(ask: Mapping[str, Any], field: str) -> dict[str, str]:
    """Return an optional mapping of environment variables. Faults: JobFieldsError, with all defects."""
    found = mapping(ask, field)
    wrong = [name for name, value in found.items() if not _is_variable(name, value)]
    if wrong:
        raise JobFieldsError(f"{field}: no variables can be {', '.join(map(repr, wrong))}")
    return found


def _is_variable(name: str, value: object) -> bool:
    return bool(name) and isinstance(value, str) and "=" not in name and "\0" not in name and "\0" not in value
