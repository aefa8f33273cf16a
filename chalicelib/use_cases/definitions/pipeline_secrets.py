"""Secrets of a pipeline's steps: secret parts of webhook URLs, and errand inputs that are given as secrets.

A secret's place is derived from the names of phase and step, if they are unique: so steps can be reordered.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256

from chalicelib.kernel.definitions.pipeline import PipelineDefinition, PipelineStep, placed_steps
from chalicelib.kernel.secret_inputs import UnchangedSecret, id_of, parted, secret_input_defects
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.record_secrets import place_of_input, updated_references
from chalicelib.use_cases.secret_calls import is_masked
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen
from slipway_formats.secret_address import has_secret, shown

Asked = Mapping[str, str | UnchangedSecret]


@frozen
class _Step:
    """A step and its position. path: `phases[0].steps[1]`. place: of its secrets."""

    path: str
    place: str
    step: PipelineStep


def step_secret_defects(before: PipelineDefinition, asked: PipelineDefinition) -> Iterator[Defect]:
    """Yield a defect for each secret of the requested steps that cannot be stored. before: the stored pipeline."""
    references = _references(before)
    for one in _steps(asked):
        url = one.step.webhook_url
        if is_masked(url) and _kept_url(before, one) is None:
            yield Defect(f"{one.path}.webhook_url", "*** stands for what is not kept: say the address whole")
        yield from secret_input_defects(one.step.errand_inputs, references, f"{one.path}.errand_inputs")


def with_kept_secrets(ports: Ports, before: PipelineDefinition, asked: PipelineDefinition) -> PipelineDefinition:
    """Store the requested pipeline's secrets, delete those that it no longer has, and return it with references."""
    requested = {place: value for one in _steps(asked) for place, value in _requested(before, one).items()}
    return _with_all_references(asked, updated_references(ports, requested, _references(before)))


def with_hidden_secrets(before: PipelineDefinition, asked: PipelineDefinition) -> PipelineDefinition:
    """Return the requested pipeline without its secrets, and store none: what is not kept yet has its place for it."""
    known = {id_of(reference): reference for reference in _references(before).values()}
    requested = {place: value for one in _steps(asked) for place, value in _requested(before, one).items() if value}
    hidden = {
        place: known.get(value.id, place) if isinstance(value, UnchangedSecret) else place
        for place, value in requested.items()
    }
    return _with_all_references(asked, hidden)


def _with_all_references(asked: PipelineDefinition, kept: Mapping[str, str]) -> PipelineDefinition:
    steps = {one.path: _with_references(one, kept) for one in _steps(asked)}
    phases = (
        replace(phase, steps=_nested(phase.steps, f"phases[{number}].", steps))
        for number, phase in enumerate(asked.phases)
    )
    return replace(asked, phases=tuple(phases))


def secrets_of(pipeline: PipelineDefinition) -> frozenset[str]:
    """Return the references of all secrets of the pipeline's steps."""
    return frozenset(_references(pipeline).values())


def _steps(pipeline: PipelineDefinition) -> Iterator[_Step]:
    base = f"projects/{pipeline.project}/pipelines/{pipeline.name}"
    for number, phase in enumerate(pipeline.phases):
        placed = placed_steps(phase)
        names = Counter(one.step.name for one in placed)
        for one in placed:
            own = one.step.name if names[one.step.name] == 1 and one.step.name else one.path
            label = sha256(f"{phase.name or number}\n{own}".encode()).hexdigest()[:20]
            yield _Step(path=f"phases[{number}].{one.path}", place=f"{base}/{label}", step=one.step)


def _references(pipeline: PipelineDefinition) -> dict[str, str]:
    """Map places to the references that the steps have."""
    found: dict[str, str] = {}
    for one in _steps(pipeline):
        found |= {place_of_input(one.place, name): kept for name, kept in one.step.errand_secrets.items()}
        if one.step.webhook_secret:
            found[_place_of_url(one)] = one.step.webhook_secret
    return found


def _place_of_url(one: _Step) -> str:
    return f"{one.place}/webhook"


def _requested(before: PipelineDefinition, one: _Step) -> Asked:
    """Map places to the requested secrets of a step."""
    found: dict[str, str | UnchangedSecret] = {
        place_of_input(one.place, name): requested for name, requested in parted(one.step.errand_inputs).secrets.items()
    }
    url = _kept_url(before, one) if is_masked(one.step.webhook_url) else one.step.webhook_url
    if url is not None and (isinstance(url, UnchangedSecret) or has_secret(url, is_called=True)):
        found[_place_of_url(one)] = url
    return found


def _kept_url(before: PipelineDefinition, one: _Step) -> str | UnchangedSecret | None:
    """Return the full URL behind one that is shown with ***: that of the step at the same place, else the only one
    alike.
    """
    url = one.step.webhook_url
    alike = [step for step in _steps(before) if shown(step.step.webhook_url, is_called=True) == url]
    here = [step for step in alike if step.place == one.place]
    found = here or alike
    kept = {step.step.webhook_secret or step.step.webhook_url for step in found}
    if len(kept) != 1:
        return None
    secret = found[0].step.webhook_secret
    return UnchangedSecret(id=id_of(secret)) if secret else found[0].step.webhook_url


def _with_references(one: _Step, kept: Mapping[str, str]) -> PipelineStep:
    inputs = parted(one.step.errand_inputs)
    places = {name: place_of_input(one.place, name) for name in inputs.secrets}
    return replace(
        one.step,
        webhook_url=shown(one.step.webhook_url, is_called=True),
        webhook_secret=kept.get(_place_of_url(one), ""),
        errand_inputs=inputs.plain,
        errand_secrets={name: kept[place] for name, place in places.items() if place in kept},
    )


def _nested(
    steps: tuple[PipelineStep, ...], prefix: str, known: Mapping[str, PipelineStep]
) -> tuple[PipelineStep, ...]:
    """Return the steps as known by their paths, each with those of its group."""
    found = []
    for number, step in enumerate(steps):
        path = f"{prefix}steps[{number}]"
        found.append(replace(known[path], steps=_nested(step.steps, f"{path}.", known)))
    return tuple(found)
