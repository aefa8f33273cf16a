"""The variables that count for a script of a travelling snapshot."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.kernel.definitions.compile_step import ROLE, SERVER
from chalicelib.kernel.plans.plan import Train as Line
from chalicelib.kernel.trains.scopes import of_deployment
from chalicelib.kernel.trains.travel import train_in
from chalicelib.kernel.trains.variables import Resolved, VariableSet
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.variables.effective import NO_STAGE, Destination, variables_of
from slipway_formats.frozen import frozen

ENVIRONMENT = "environment"
"""In the request of a script: the variables that its stage gives it."""


@frozen
class ScriptPlace:
    """Where a script of a travelling snapshot runs. stage: its key. ask: the script's request."""

    line: Line
    run: str
    stage: str
    environment: str
    ask: Mapping[str, object]


def variables_of_script(ports: Ports, place: ScriptPlace) -> Resolved | None:
    """Return the variables that count for the script now; None if its train or snapshot is gone."""
    train = ports.trains.find_train(train_in(place.line))
    snapshot = ports.snapshots.find_snapshot(train.id, place.line.number) if train is not None else None
    if train is None or snapshot is None:
        return None
    server, role = place.ask.get(SERVER, ""), place.ask.get(ROLE, "")
    to = Destination(environment=place.environment, server=str(server), role=str(role))
    nearer = of_deployment(place.run, place.stage)
    return variables_of(ports, train, snapshot, to=to, nearer=nearer, of_stage=_variables_of_stage(place.ask))


def _variables_of_stage(ask: Mapping[str, object]) -> VariableSet:
    held = ask.get(ENVIRONMENT)
    values = {str(name): str(value) for name, value in held.items()} if isinstance(held, Mapping) else {}
    return replace(NO_STAGE, values=values)
