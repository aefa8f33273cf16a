"""Collect sensitive inputs and outputs of a release, which no log may show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from slipway.perform.unit import Unit
from slipway.perform.values import shown
from slipway.plan.release import Value
from slipway_formats.release import Scope, Variable


def values_of(variables: Iterable[Variable], values: Mapping[str, Value]) -> Iterator[str]:
    """Yield the values of sensitive variables, and every string inside lists and mappings."""
    for known in variables:
        if known.sensitive and known.id in values:
            yield shown(values[known.id])
            yield from _texts(values[known.id])


def values_in(unit: Unit) -> Iterator[str]:
    """Yield the sensitive values that the unit was given, and those stored in its deployment and its providers."""
    yield from values_of(unit.release.inputs, unit.deployment.given_inputs(unit.scope))
    deployments = [(unit.release, unit.deployment, unit.scope)]
    deployments += [(known.release, known.deployment, Scope.DEPLOY) for known in unit.providers.values()]
    for release, deployment, scope in deployments:
        stage = deployment.stage(scope)
        yield from values_of(release.inputs, stage.calculated_inputs)
        yield from values_of(release.outputs, stage.calculated_outputs)


def _texts(value: Value) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from _texts(item)
        case dict():
            for item in value.values():
                yield from _texts(item)
        case _:
            return
