"""Run one stage of a release: its command, its environment, and the outputs that it writes. The order: sequence."""

from __future__ import annotations

import json
import os
import platform
import shlex
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from slipway.perform import sensitive
from slipway.perform.faults import StageCancelledError, StageFailedError
from slipway.perform.shell import Ended, Program
from slipway.perform.unit import Toolbox, Unit
from slipway.perform.values import shown
from slipway.plan.archive import inner_file, inner_path, place_of
from slipway.plan.reading import kind
from slipway.plan.release import Command, Inline, Script, Stage, Value

_OURS = ".escape"
OUTPUTS = f"{_OURS}/outputs.json"
_MAX_OUTPUTS = 1 << 20
_MOST_READ = 1 << 20
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "i686": "386"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Variables:
    """Variables that a script sees. previous_inputs, previous_outputs: of the previous run."""

    inputs: Mapping[str, Value] = field(default_factory=dict)
    outputs: Mapping[str, Value] | None = None
    previous_inputs: Mapping[str, Value] = field(default_factory=dict)
    previous_outputs: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One stage to run, and the variables that it sees. name: for the log and for errors."""

    name: str
    stage: Stage | None
    unit: Unit
    variables: Variables = Variables()


def run(call: Call, toolbox: Toolbox) -> dict[str, str]:
    """Run a stage, if there is one, and return the outputs that it wrote.

    Faults: StageFailedError, StageCancelledError.
    """
    if call.stage is None:
        return {}
    toolbox.log.note(f"{call.unit.release.id}: {call.name}")
    toolbox.log.hide(sensitive.values_in(call.unit))
    # An earlier script may have replaced it by a link.
    outputs = place_of(call.unit.folder, OUTPUTS)
    outputs.write_text(json.dumps({key: shown(value) for key, value in (call.variables.outputs or {}).items()}))
    _run_stage(call.stage, call, toolbox)
    return _read_outputs(call.name, place_of(call.unit.folder, OUTPUTS))


def environment_of(unit: Unit, toolbox: Toolbox, variables: Variables) -> dict[str, str]:
    """Return the complete environment of a script."""
    outputs = variables.outputs or {}
    own = {
        **_named("INPUT_PREVIOUS_", variables.previous_inputs),
        **_named("INPUT_PREVIOUS_OUTPUT_", variables.previous_outputs),
        **_named("INPUT_METADATA_", unit.release.metadata),
        **_named("INPUT_", variables.inputs),
        **_named("OUTPUT_", outputs),
    }
    path = toolbox.environment.get("PATH", os.defpath)
    tools = f"{toolbox.tools}{os.pathsep}{path}" if toolbox.tools is not None else path
    fixed = {"ESCAPE_PLATFORM": platform_name(), "ESCAPE_ARCH": architecture(), "PYTHONUNBUFFERED": "1", "PATH": tools}
    return {**toolbox.environment, **own, **fixed}


def platform_name() -> str:
    """Return the operating system as plans name it: linux, darwin."""
    return sys.platform


def architecture() -> str:
    """Return the processor architecture as plans name it: amd64, arm64."""
    machine = platform.machine().lower()
    return _ARCHITECTURES.get(machine, machine)


def _named(prefix: str, values: Mapping[str, Value] | Mapping[str, str]) -> dict[str, str]:
    # An environment variable cannot contain NUL. Previous values of previous values are left out.
    twice = ("PREVIOUS_", "METADATA_") if prefix.startswith("INPUT_PREVIOUS_") else ()
    return {
        f"{prefix}{key}": shown(value).replace("\0", "") for key, value in values.items() if not key.startswith(twice)
    }


def _run_stage(stage: Stage, call: Call, toolbox: Toolbox) -> None:
    match stage:
        case Script():
            file = inner_file(call.unit.folder, stage.path)
            file.chmod(file.stat().st_mode | 0o100)
            _note_line_ends(call.name, file.read_bytes()[:_MOST_READ], toolbox)
            _execute(("sh", "-c", f"./{shlex.quote(stage.path)} {OUTPUTS}"), call, toolbox)
        case Command():
            _execute((stage.cmd, *stage.args), call, toolbox)
        case Inline():
            # Not in our own /tmp, which a job in a sandbox does not see.
            own = inner_path(call.unit.folder, _OURS)
            with tempfile.TemporaryDirectory(prefix="inline-", dir=own) as scratch:
                file = Path(scratch) / "inline.sh"
                file.write_text(stage.text)
                _note_line_ends(call.name, stage.text.encode(), toolbox)
                _execute(("sh", str(file), OUTPUTS), call, toolbox)


def _note_line_ends(name: str, text: bytes, toolbox: Toolbox) -> None:
    """Name the likely cause of what a shell says of such a script. It runs as it is: Escape mends none either."""
    if b"\r\n" in text:
        toolbox.log.note(f"{name}: lines of its script end with CR LF: a shell takes the CR for a part of each")


def _execute(argv: tuple[str, ...], call: Call, toolbox: Toolbox) -> None:
    environment = environment_of(call.unit, toolbox, call.variables)
    program = Program(argv=argv, folder=call.unit.folder, environment=environment, timeout=toolbox.script_seconds)
    try:
        ended = toolbox.shell.run(program, toolbox.log)
    except (OSError, ValueError) as error:
        raise StageFailedError(f"{call.name}: cannot run '{argv[0]}': {error}") from error
    _require_success(call.name, ended, toolbox)


def _require_success(name: str, ended: Ended, toolbox: Toolbox) -> None:
    if ended.cancelled:
        raise StageCancelledError(f"{name}: cancelled")
    if ended.timed_out:
        raise StageFailedError(f"{name}: not done after {toolbox.script_seconds:g} seconds")
    if ended.code != 0:
        raise StageFailedError(f"{name}: exit code {ended.code}")


def _read_outputs(name: str, file: Path) -> dict[str, str]:
    if not file.is_file() or file.stat().st_size == 0:
        return {}
    if file.stat().st_size > _MAX_OUTPUTS:
        raise StageFailedError(f"{name}: {OUTPUTS} is larger than {_MAX_OUTPUTS} bytes")
    try:
        raw = json.loads(file.read_text(encoding="utf-8", errors="replace"))
    except (ValueError, RecursionError) as error:
        raise StageFailedError(f"{name}: {OUTPUTS} is not JSON: {error}") from error
    if not isinstance(raw, dict):
        raise StageFailedError(f"{name}: {OUTPUTS} holds {kind(raw)}, not a mapping")
    wrong = [
        f"output '{key}' is {kind(value)}, not a string" for key, value in raw.items() if not isinstance(value, str)
    ]
    if wrong:
        raise StageFailedError(f"{name}: {'; '.join(wrong)}")
    return raw
