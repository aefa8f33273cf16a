"""Perform a job of kind `script`: run a shell script with variables and secrets; it may write outputs."""

from __future__ import annotations

from pathlib import Path

from slipway.perform.faults import StageCancelledError, StageFailedError
from slipway.perform.shell import Program
from slipway.plan.archive import place_of
from slipway.runner import job_fields as ask_fields
from slipway.runner.job_records import Ending
from slipway.runner.work import interpreter, outputs
from slipway.runner.workspace import Workspace
from slipway.session import API, TOKEN

OUTPUTS_VARIABLE = "SLIPWAY_OUTPUTS"
_OUTPUTS = Path(".escape/outputs.json")
# In a file: command lines are visible to every user of the machine.
_SCRIPT = Path(".escape/script.sh")


def perform(workspace: Workspace) -> Ending:
    """Run the script to its end. Faults: StageFailedError, StageCancelledError, JobFieldsError, OSError."""
    ask = workspace.job.ask
    script, written = workspace.folder / _SCRIPT, workspace.folder / _OUTPUTS
    environment = {
        **workspace.environment,
        **ask_fields.variables(ask, "environment"),
        **ask_fields.variables(ask, "secrets"),
        **_api(workspace),
        OUTPUTS_VARIABLE: str(written),
    }
    script.parent.mkdir()
    text = interpreter.mended(ask_fields.text(ask, "script"))
    script.write_text(text, encoding="utf-8")
    argv = interpreter.command(text, str(script), stops=ask.get("stop_on_error") is True)
    ended = workspace.shell.run(Program(argv=argv, folder=workspace.folder, environment=environment), workspace.log)
    if ended.cancelled:
        raise StageCancelledError("stopped")
    if ended.code != 0:
        raise StageFailedError(f"exit code {ended.code}")
    given = outputs.read(place_of(workspace.folder, str(_OUTPUTS)))
    return Ending(outcome="succeeded", outputs=outputs.with_warned(given, workspace.log))


def _api(workspace: Workspace) -> dict[str, str]:
    token = workspace.job.access_token
    return {API: workspace.api, TOKEN: token} if token else {}
