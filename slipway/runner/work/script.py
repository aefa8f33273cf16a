"""Doing a job of the kind `script`: a text for `sh`, with an environment and secrets, which may write outputs."""

from __future__ import annotations

from pathlib import Path

from slipway.perform.faults import StageCancelledError, StageFailedError
from slipway.perform.shell import Program
from slipway.runner import ask_fields as asking
from slipway.runner.jobs import Ending
from slipway.runner.work import outputs
from slipway.runner.workspace import Bay

OUTPUTS_VARIABLE = "SLIPWAY_OUTPUTS"
_OUTPUTS = Path(".escape/outputs.json")
# In a file, since everybody on the machine may read a command line.
_SCRIPT = Path(".escape/script.sh")


def perform(bay: Bay) -> Ending:
    """Run the script to its end. Faults: StageFailedError, StageCancelledError, AskError, OSError."""
    ask = bay.job.ask
    script, written = bay.folder / _SCRIPT, bay.folder / _OUTPUTS
    environment = {
        **bay.environment,
        **asking.variables(ask, "environment"),
        **asking.variables(ask, "secrets"),
        OUTPUTS_VARIABLE: str(written),
    }
    script.parent.mkdir()
    script.write_text(asking.text(ask, "script"), encoding="utf-8")
    ended = bay.shell.run(Program(argv=("sh", str(script)), folder=bay.folder, environment=environment), bay.log)
    if ended.cancelled:
        raise StageCancelledError("stopped")
    if ended.code != 0:
        raise StageFailedError(f"exit code {ended.code}")
    return Ending(outcome="succeeded", outputs=outputs.read(written))
