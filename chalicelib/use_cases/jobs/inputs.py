"""Inputs of a job that are secrets: put in their places for the runner, and listed for it to hide in the log."""

from collections.abc import Iterator, Mapping

from chalicelib.kernel.definitions.compile_build import SECRET_INPUTS, SENSITIVE
from chalicelib.use_cases.ports.bundle import Ports

HIDDEN = "secrets"
"""In what a runner gets: values that are hidden in the log, by a name that says where they are from."""


def with_secret_inputs(ports: Ports, plain: Mapping[str, object], request: Mapping[str, object]) -> dict[str, object]:
    """Return the job's request with the values of inputs that were given as secrets. Faults: NotFound."""
    by_place = {
        place: {name: ports.secrets.get(reference) for name, reference in references.items()}
        for place, references in _references(request)
    }
    hidden = {f"{place}.{name}": value for place, values in by_place.items() for name, value in values.items()}
    hidden |= dict(_sensitive(request))
    filled: dict[str, object] = dict(plain)
    for place, values in by_place.items():
        filled = _filled(filled, place.split("."), values)
    return {**filled, HIDDEN: hidden} if hidden else filled


def _references(request: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, str]]]:
    held = request.get(SECRET_INPUTS)
    for place, references in held.items() if isinstance(held, Mapping) else ():
        yield str(place), {str(name): str(reference) for name, reference in references.items()}


def _sensitive(request: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield the values of plain inputs that are known to be sensitive."""
    names, inputs = request.get(SENSITIVE), request.get("inputs")
    for name in names if isinstance(names, list | tuple) else ():
        value = inputs.get(name) if isinstance(inputs, Mapping) else None
        if isinstance(value, str):
            yield f"inputs.{name}", value


def _filled(held: dict[str, object], path: list[str], values: Mapping[str, str]) -> dict[str, object]:
    """Return the mapping with the values added at a path, such as `steps.0.variables`."""
    first, *rest = path
    inner = held.get(first)
    if not rest:
        return {**held, first: {**(inner if isinstance(inner, Mapping) else {}), **values}}
    if isinstance(inner, list | tuple):
        place, *deeper = rest
        changed = [
            _filled(dict(one), deeper, values) if number == int(place) else one for number, one in enumerate(inner)
        ]
        return {**held, first: changed}
    return {**held, first: _filled(dict(inner) if isinstance(inner, Mapping) else {}, rest, values)}
