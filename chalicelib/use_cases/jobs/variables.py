"""The variables of a script that deploys a snapshot: those that count when it is handed out."""

import re
from collections.abc import Mapping
from dataclasses import replace

from chalicelib.kernel.definitions.compile_build import SECRET_INPUTS
from chalicelib.kernel.definitions.compile_step import ROLE, SERVER
from chalicelib.kernel.engine.job import Job
from chalicelib.kernel.plans.work import JobKind
from chalicelib.kernel.trains.scopes import of_deployment
from chalicelib.kernel.trains.travel import train_in
from chalicelib.kernel.trains.variables import VariableSet
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.variables.effective import NO_STAGE, Destination, variables_of

ENVIRONMENT = "environment"
_OTHER = re.compile(r"[^a-zA-Z0-9_]")


def with_variables(ports: Ports, job: Job) -> Mapping[str, object]:
    """Return the request of a job; that of a script of a travelling snapshot with its variables as environment."""
    if job.travels is None or job.kind is not JobKind.SCRIPT:
        return job.ask
    train = ports.trains.find_train(train_in(job.travels))
    snapshot = ports.snapshots.find_snapshot(train.id, job.travels.number) if train is not None else None
    if train is None or snapshot is None:
        return job.ask
    nearer, to = of_deployment(job.run, job.stage), _destination(job)
    found = variables_of(ports, train, snapshot, to=to, nearer=nearer, of_stage=_variables_of_stage(job))
    values = {variable_name(name): value for name, value in found.values.items()}
    secrets = {variable_name(name): reference for name, reference in found.secrets.items()}
    return {**job.ask, ENVIRONMENT: values, SECRET_INPUTS: {ENVIRONMENT: secrets}}


def _destination(job: Job) -> Destination:
    server, role = job.ask.get(SERVER, ""), job.ask.get(ROLE, "")
    return Destination(environment=job.environment, server=str(server), role=str(role))


def _variables_of_stage(job: Job) -> VariableSet:
    held = job.ask.get(ENVIRONMENT)
    values = {str(name): str(value) for name, value in held.items()} if isinstance(held, Mapping) else {}
    return replace(NO_STAGE, values=values)


def variable_name(name: str) -> str:
    """Return a variable's name as a shell can read it: other characters than letters, digits and `_` are `_`."""
    return _OTHER.sub("_", name)
