"""Secret variables of a build's steps. A secret is named by the place of its step, and may move to another step."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from chalicelib.kernel.definitions.definition import BuildDefinition
from chalicelib.kernel.secret_inputs import UnchangedSecret, is_secret, parted, secret_input_defects
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.record_secrets import place_of_input, updated_references
from slipway_formats.defect import Defect


def variable_defects(before: BuildDefinition, updated: BuildDefinition) -> Iterator[Defect]:
    """Yield the defects of the steps' variables. before: the build with the secrets it has."""
    references = _references(before)
    for number, step in enumerate(updated.steps):
        path = f"steps[{number}].variables"
        yield from secret_input_defects(step.variables, references, path)
        for name, value in step.variables.items():
            if not isinstance(value, str) and not is_secret(value):
                yield Defect(f"{path}.{name}", "should be a text")


def with_step_secrets(ports: Ports, before: BuildDefinition, updated: BuildDefinition) -> BuildDefinition:
    """Return the updated build with its secret variables stored; those of before that it lacks are deleted."""
    asked = [parted(step.variables) for step in updated.steps]
    places = [{name: _place(updated, number, name) for name in one.secrets} for number, one in enumerate(asked)]
    said: dict[str, str | UnchangedSecret] = {
        places[number][name]: value for number, one in enumerate(asked) for name, value in one.secrets.items()
    }
    kept = updated_references(ports, said, _references(before))
    secrets = tuple({name: kept[place] for name, place in one.items() if place in kept} for one in places)
    steps = tuple(replace(step, variables=one.plain) for step, one in zip(updated.steps, asked, strict=True))
    return replace(updated, steps=steps, step_secrets=secrets if any(secrets) else ())


def _references(build: BuildDefinition) -> Mapping[str, str]:
    """Return the references of the steps' secrets by their places."""
    return {
        _place(build, number, name): reference
        for number, references in enumerate(build.step_secrets)
        for name, reference in references.items()
    }


def _place(build: BuildDefinition, number: int, name: str) -> str:
    base = f"projects/{build.project}/environments/{build.environment}/builds/{build.name}"
    return place_of_input(f"{base}/steps/{number}", name)


def step_secrets(build: BuildDefinition) -> tuple[str, ...]:
    """Return the references of all secret variables."""
    return tuple(_references(build).values())
