"""The variables of a script that deploys a snapshot: those that count when it is handed out."""

import re
from collections.abc import Mapping

from chalicelib.kernel.definitions.compile_build import SECRET_INPUTS
from chalicelib.kernel.engine.job import Job
from chalicelib.kernel.plans.work import JobKind
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.variables.of_script import ENVIRONMENT, ScriptPlace, variables_of_script

_OTHER = re.compile(r"[^a-zA-Z0-9_]")


def with_variables(ports: Ports, job: Job) -> Mapping[str, object]:
    """Return the request of a job; that of a script of a travelling snapshot with its variables as environment."""
    if job.travels is None or job.kind is not JobKind.SCRIPT:
        return job.ask
    place = ScriptPlace(line=job.travels, run=job.run, stage=job.stage, environment=job.environment, ask=job.ask)
    found = variables_of_script(ports, place)
    if found is None:
        return job.ask
    values = {variable_name(name): value for name, value in found.values.items()}
    secrets = {variable_name(name): reference for name, reference in found.secrets.items()}
    return {**job.ask, ENVIRONMENT: values, SECRET_INPUTS: {ENVIRONMENT: secrets}}


def variable_name(name: str) -> str:
    """Return a variable's name as a shell can read it: other characters than letters, digits and `_` are `_`."""
    return _OTHER.sub("_", name)
