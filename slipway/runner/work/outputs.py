"""The outputs of jobs: read from the file that a script wrote, and limited to what the platform accepts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from slipway.perform.faults import StageFailedError
from slipway.perform.logs import Log
from slipway_formats.warning import WARNED

MOST = 1024
_LARGEST_FILE = 1 << 20


def read(file: Path) -> dict[str, str]:
    """Read the file; no outputs if it is missing. Faults: StageFailedError."""
    try:
        with file.open("rb") as opened:
            content = opened.read(_LARGEST_FILE + 1)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise StageFailedError(f"outputs: {error.strerror}") from error
    if not content.strip():
        return {}
    try:
        raw = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise StageFailedError(f"outputs: not JSON: {error}") from error
    return _checked(raw)


def with_warned(outputs: Mapping[str, str], log: Log) -> dict[str, str]:
    """Return the outputs of a script, which say so if its log has warnings and there is room for that."""
    told = {WARNED: "true", **outputs} if log.has_warned else dict(outputs)
    return told if sum(_size(name, value) for name, value in told.items()) <= MOST else dict(outputs)


def fitting(outputs: Mapping[str, str], release: str, log: Log) -> dict[str, str]:
    """Return as many outputs as a finish call can carry, the smallest first; the others are named in the log."""
    room, kept = MOST - _size("release", release), dict[str, str]()
    for name, value in sorted(outputs.items(), key=lambda item: _size(*item)):
        room -= _size(name, value)
        if room >= 0:
            kept[name] = value
    left_out = [name for name in outputs if name not in kept]
    if left_out:
        log.note(f"outputs over {MOST} characters in all are in the deployment's state alone: {', '.join(left_out)}")
    return kept


def _checked(raw: object) -> dict[str, str]:
    if not isinstance(raw, dict):
        raise StageFailedError("outputs: not a mapping")
    wrong = [f"'{name}' is not a string" for name, value in raw.items() if not isinstance(value, str)]
    if wrong:
        raise StageFailedError(f"outputs: {'; '.join(wrong)}")
    if sum(_size(name, value) for name, value in raw.items()) > MOST:
        raise StageFailedError(f"outputs: over {MOST} characters in all: keep them in a file")
    return raw


def _size(name: str, value: str) -> int:
    return len(name) + len(value)
