"""Sensitive values in the states of deployments: which they are, and how they are masked.

Beside each stage stand the names of its sensitive values: those that the release's metadata declares sensitive, and
those that were given as secrets.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace

from chalicelib.kernel.projects.deployment import DeploymentState, StageState
from chalicelib.kernel.secret_inputs import is_secret, parted, whole_secret_defects
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen
from slipway_formats.release import Metadata
from slipway_formats.secret_address import MASK

Names = frozenset[str]
NamesOf = Callable[[str, str], Names | None]
"""The sensitive names of a release by application (`namespace/name`) and version; None when it is not known."""


@frozen
class Sensitive:
    """The sources of sensitive names. given: names of secrets that were given to a whole deployment."""

    names_of: NamesOf
    given: Names = frozenset()


PARTS = ("inputs", "calculated_inputs", "calculated_outputs")
"""The fields of a stage that hold values."""


def sensitive_names(metadata: Metadata) -> Names:
    """Return the names that a release declares sensitive: inputs, outputs, and inputs of its errands."""
    errands = (metadata.errands or {}).values()
    parts = (metadata.inputs, metadata.outputs, *(errand.inputs for errand in errands))
    return frozenset(one.id for part in parts for one in part or () if one.sensitive)


def marked(state: DeploymentState, before: DeploymentState | None, known: Sensitive) -> DeploymentState:
    """Return the state with the sensitive names noted beside each stage, of nested deployments too.

    before: the state that it replaces; a value that was sensitive there stays so while it is unchanged.
    """
    stages = {name: _marked_stage(state, stage, _stage_of(before, name), known) for name, stage in state.stages.items()}
    return replace(state, stages=stages)


def opened(state: DeploymentState) -> DeploymentState:
    """Return the state with each `{"secret": value}` replaced by the value, whose name is noted as sensitive."""
    return replace(state, stages={name: _opened_stage(stage) for name, stage in state.stages.items()})


def opened_defects(state: DeploymentState, path: str) -> Iterator[Defect]:
    """Yield defects of secrets: inputs of a whole deployment, and ids of secrets that are kept elsewhere."""
    for name, value in state.inputs.items():
        if is_secret(value):
            yield Defect(f"{path}.inputs.{name}", "a secret should be an input of a stage")
    for name, stage in state.stages.items():
        place = f"{path}.stages.{name}"
        for part in PARTS:
            yield from whole_secret_defects(getattr(stage, part), {}, f"{place}.{part}")
        for below, inner in stage.deployments.items():
            yield from opened_defects(inner, f"{place}.deployments.{below}")


def unmarked(state: DeploymentState) -> DeploymentState:
    """Return the state without the lists of sensitive names, as clients see it."""
    stages = {
        name: replace(
            stage, sensitive=None, deployments={below: unmarked(one) for below, one in stage.deployments.items()}
        )
        for name, stage in state.stages.items()
    }
    return replace(state, stages=stages)


def looked_up(state: DeploymentState, names_of: NamesOf) -> DeploymentState:
    """Return the state with sensitive names looked up in its releases, for stages stored before names were noted."""
    stages = {name: _looked_up_stage(state, stage, names_of) for name, stage in state.stages.items()}
    return replace(state, stages=stages)


def without_sensitive(state: DeploymentState) -> DeploymentState:
    """Return the state with *** for each sensitive value; what is sensitive in a nested deployment is so above it.

    Fields that only clients know are left out, for nobody can say what in them is sensitive.
    """
    stages = {name: _without_sensitive(stage) for name, stage in state.stages.items()}
    return replace(state, inputs=masked(state.inputs, names_in(state)), stages=stages, unknown={})


def names_in(state: DeploymentState) -> Names:
    """Return all sensitive names of the deployment and of those nested in it."""
    return frozenset[str]().union(*(_names_of_stage(stage) for stage in state.stages.values()))


def masked(values: Mapping[str, object], names: Collection[str]) -> dict[str, object]:
    """Return the values with *** for those with these names."""
    return {name: MASK if name in names else value for name, value in values.items()}


def masked_defects(state: DeploymentState, path: str) -> Iterator[Defect]:
    """Yield a defect for each sensitive value that is ***: a mask sent back, which would overwrite the value."""
    yield from _masked_in(state.inputs, names_in(state), f"{path}.inputs")
    for name, stage in state.stages.items():
        place = f"{path}.stages.{name}"
        for part in PARTS:
            yield from _masked_in(getattr(stage, part), _names_of_stage(stage), f"{place}.{part}")
        for below, inner in stage.deployments.items():
            yield from masked_defects(inner, f"{place}.deployments.{below}")


def _masked_in(values: Mapping[str, object], names: Names, path: str) -> Iterator[Defect]:
    said = f"{MASK} stands for a value that only writers see: say it, or leave it out"
    yield from (Defect(f"{path}.{name}", said) for name, value in values.items() if value == MASK and name in names)


def _opened_stage(stage: StageState) -> StageState:
    parts = {part: parted(getattr(stage, part)) for part in PARTS}
    values = {part: {**one.plain, **one.secrets} for part, one in parts.items()}
    names = frozenset(stage.sensitive or ()).union(*(one.secrets for one in parts.values()))
    below = {name: opened(one) for name, one in stage.deployments.items()}
    told = tuple(sorted(names)) or stage.sensitive
    return replace(
        stage,
        inputs=values["inputs"],
        calculated_inputs=values["calculated_inputs"],
        calculated_outputs=values["calculated_outputs"],
        deployments=below,
        sensitive=told,
    )


def _marked_stage(state: DeploymentState, stage: StageState, before: StageState, known: Sensitive) -> StageState:
    inner = {name: marked(one, before.deployments.get(name), known) for name, one in stage.deployments.items()}
    names, kept = _names_of_release(state, stage, known.names_of), frozenset(before.sensitive or ())
    still = kept if names is None else frozenset(name for name in kept if _is_unchanged(name, stage, before))
    every = (names or frozenset()) | frozenset(stage.sensitive or ()) | known.given | still
    return replace(stage, deployments=inner, sensitive=tuple(sorted(every)))


def _names_of_release(state: DeploymentState, stage: StageState, names_of: NamesOf) -> Names | None:
    has_values = state.inputs or any(getattr(stage, part) for part in PARTS)
    return names_of(state.release, stage.version) if has_values else frozenset()


def _looked_up_stage(state: DeploymentState, stage: StageState, names_of: NamesOf) -> StageState:
    inner = {name: looked_up(one, names_of) for name, one in stage.deployments.items()}
    if stage.sensitive is not None:
        return replace(stage, deployments=inner)
    return replace(stage, deployments=inner, sensitive=tuple(sorted(_names_of_release(state, stage, names_of) or ())))


def _without_sensitive(stage: StageState) -> StageState:
    names = _names_of_stage(stage)
    return replace(
        stage,
        inputs=masked(stage.inputs, names),
        calculated_inputs=masked(stage.calculated_inputs, names),
        calculated_outputs=masked(stage.calculated_outputs, names),
        deployments={name: without_sensitive(one) for name, one in stage.deployments.items()},
        status=replace(stage.status, unknown={}) if stage.status is not None else None,
        unknown={},
    )


def _names_of_stage(stage: StageState) -> Names:
    below = (names_in(one) for one in stage.deployments.values())
    return frozenset(stage.sensitive or ()).union(*below)


def _stage_of(state: DeploymentState | None, name: str) -> StageState:
    return state.stages.get(name, StageState()) if state is not None else StageState()


def _is_unchanged(name: str, stage: StageState, before: StageState) -> bool:
    pairs = ((getattr(stage, part), getattr(before, part)) for part in PARTS)
    return any(name in now and name in was and now[name] == was[name] for now, was in pairs)
