"""Doing a job of the kind `script`: a text for `sh`, with an environment and secrets, which may write outputs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from slipway.perform.faults import StageCancelledError, StageFailedError
from slipway.perform.shell import Program
from slipway.runner.bay import Bay
from slipway.runner.jobs import Ending

OUTPUTS_VARIABLE = "SLIPWAY_OUTPUTS"
MOST_OUTPUTS = 1024
_OUTPUTS = Path(".escape/outputs.json")
_SCRIPT = Path(".escape/script.sh")
_LARGEST_FILE = 1 << 20


class AskError(Exception):
    """The platform asks for something that cannot be done as it is asked."""


def perform(bay: Bay) -> Ending:
    """Run the script to its end. Faults: StageFailedError, StageCancelledError, AskError, OSError."""
    ask = bay.job.ask
    script, outputs = bay.folder / _SCRIPT, bay.folder / _OUTPUTS
    script.parent.mkdir()
    script.write_text(_text(ask, "script"), encoding="utf-8")
    environment = {
        **bay.environment,
        **variables(ask, "environment"),
        **variables(ask, "secrets"),
        OUTPUTS_VARIABLE: str(outputs),
    }
    program = Program(argv=("sh", str(script)), folder=bay.folder, environment=environment)
    ended = bay.shell.run(program, bay.log)
    if ended.cancelled:
        raise StageCancelledError("stopped")
    if ended.code != 0:
        raise StageFailedError(f"exit code {ended.code}")
    return Ending(outcome="succeeded", outputs=_read_outputs(outputs))


def variables(ask: Mapping[str, Any], field: str) -> dict[str, str]:
    """The variables that a field of an ask holds. Faults: AskError, with all defects."""
    raw = ask.get(field) or {}
    if not isinstance(raw, dict):
        raise AskError(f"{field} is not a mapping")
    wrong = [name for name, value in raw.items() if not _is_variable(name, value)]
    if wrong:
        raise AskError(f"{field}: no variables can be {', '.join(map(repr, wrong))}")
    return dict(raw)


def _is_variable(name: str, value: object) -> bool:
    return bool(name) and isinstance(value, str) and "=" not in name and "\0" not in name and "\0" not in value


def _text(ask: Mapping[str, Any], field: str) -> str:
    value = ask.get(field)
    if not isinstance(value, str):
        raise AskError(f"{field} is not a text")
    return value


def _read_outputs(file: Path) -> dict[str, str]:
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


def _checked(raw: object) -> dict[str, str]:
    if not isinstance(raw, dict):
        raise StageFailedError("outputs: not a mapping")
    wrong = [f"'{name}' is not a string" for name, value in raw.items() if not isinstance(value, str)]
    if wrong:
        raise StageFailedError(f"outputs: {'; '.join(wrong)}")
    if sum(len(name) + len(value) for name, value in raw.items()) > MOST_OUTPUTS:
        raise StageFailedError(f"outputs: over {MOST_OUTPUTS} characters in all: keep them in a file")
    return raw
