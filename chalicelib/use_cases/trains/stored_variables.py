"""Store what somebody gives a train, a snapshot, a deployment or another scope as variables, with the secrets in it."""

from dataclasses import replace

from chalicelib.kernel.trains.variables import VariableSet
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.record_secrets import updated_inputs
from chalicelib.use_cases.trains.given_variables import Given


def stored(ports: Ports, before: VariableSet, given: Given, place: str) -> VariableSet:
    """Return the variables of a scope anew; the secrets among them are stored. place: prefix of the secrets' names."""
    plain, secrets = updated_inputs(ports, place, given, before.secrets)
    return replace(before, values={name: str(value) for name, value in plain.items()}, secrets=secrets)
