"""What a state that a client writes may not be: something that no path leads to, or less than what it replaces.

The model and its paths: deployment.py.
"""

from collections.abc import Iterator
from dataclasses import replace

from chalicelib.kernel import names
from chalicelib.kernel.projects.deployment import MAX_DEPTH, DeploymentStage, DeploymentState, StageState
from slipway_formats.defect import Defect


def unreachable_defects(state: DeploymentState, path: str, depth: int = 1) -> Iterator[Defect]:
    """Yield a defect for each nested deployment that no path could name. depth: of the state itself; a root has 1."""
    for stage_name, stage in state.stages.items():
        place = f"{path}.stages.{stage_name}.deployments"
        # Source: Escape core; the root alone has deployments in two stages.
        if stage.deployments and depth > 1 and stage_name != DeploymentStage.DEPLOY:
            yield Defect(place, f"below the root, deployments are in the stage {DeploymentStage.DEPLOY.value}")
        elif stage.deployments and depth == MAX_DEPTH:
            yield Defect(place, f"is over {MAX_DEPTH} deployments deep")
        else:
            for name, inner in stage.deployments.items():
                yield from _misnamed(name, inner, f"{place}.{name}")
                yield from unreachable_defects(inner, f"{place}.{name}", depth + 1)


def lost_stage_defects(state: DeploymentState, before: DeploymentState | None, path: str) -> Iterator[Defect]:
    """Yield a defect for each deployment of the tree that says nothing of stages where what it replaces has some."""
    if before is None:
        return
    if before.stages and not state.stages:
        yield Defect(f"{path}.stages", f"is needed, for {state.name} has some; a deployment is removed by DELETE")
    for stage_name, stage in state.stages.items():
        stored, place = before.stages.get(stage_name, StageState()), f"{path}.stages.{stage_name}"
        if replace(stage, unknown={}) == StageState() and _says_something(stored):
            yield Defect(place, f"says nothing, where {state.name} has something; a deployment is removed by DELETE")
        for name, inner in stage.deployments.items():
            yield from lost_stage_defects(inner, stored.deployments.get(name), f"{place}.deployments.{name}")


def with_kept_stages(state: DeploymentState, before: DeploymentState | None) -> DeploymentState:
    """Return a state with those stages of what it replaces that it says nothing of, on every level.

    A client writes the stages that it read; one that came since, by another client, is not its to remove.
    """
    if before is None:
        return state
    said = {name: _with_kept_inside(stage, before.stages.get(name)) for name, stage in state.stages.items()}
    kept = {name: stage for name, stage in before.stages.items() if _says_something(stage)}
    return replace(state, stages={**kept, **said})


def _says_something(stage: StageState) -> bool:
    return replace(stage, sensitive=None) != StageState()


def _with_kept_inside(stage: StageState, before: StageState | None) -> StageState:
    if before is None:
        return stage
    stored = before.deployments
    inner = {name: with_kept_stages(one, stored.get(name)) for name, one in stage.deployments.items()}
    return replace(stage, deployments=inner)


def _misnamed(name: str, state: DeploymentState, path: str) -> Iterator[Defect]:
    yield from names.deployment(name, path)
    if state.name != name:
        yield Defect(f"{path}.name", f"should be {name}")
