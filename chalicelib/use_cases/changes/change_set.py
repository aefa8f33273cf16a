"""The change set behind a gate or step that waits for a person, as of now."""

from collections.abc import Iterable
from dataclasses import replace

from chalicelib.kernel.changes.change_set import ChangeSet, DeploymentChange
from chalicelib.kernel.changes.steps import steps_that_differ
from chalicelib.kernel.engine.progress.behind import steps_behind
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.plans.plan import Node, Plan, Stage
from chalicelib.use_cases.changes.deployments import changes_of_stage
from chalicelib.use_cases.changes.reading import Place, Reading
from slipway_formats.frozen import frozen


@frozen
class Earlier:
    """The steps that brought what is there, and their run."""

    run: str
    steps: tuple[Node, ...]


def changes_behind(reading: Reading, plan: Plan, run: Run, stage: Stage, node: Node) -> ChangeSet:  # noqa: PLR0917 - one node of a run
    """Return what a decision about a node lets into its environment, as far as it can be told now."""
    behind = steps_behind(stage, node)
    changes = _without_repetitions(changes_of_stage(reading, plan, run, replace(stage, steps=behind)))
    earlier = _earlier(reading, plan, changes, stage, node)
    return ChangeSet(
        deployments=changes,
        steps=steps_that_differ(behind, earlier.steps if earlier is not None else None),
        since=earlier.run if earlier is not None else "",
    )


def _without_repetitions(changes: Iterable[DeploymentChange]) -> tuple[DeploymentChange, ...]:
    """Return the changes, each once: several steps may bring one thing to several servers of an environment."""
    found: list[DeploymentChange] = []
    for change in changes:
        if change not in found:
            found.append(change)
    return tuple(found)


def _earlier(  # noqa: PLR0917 - as above
    reading: Reading, plan: Plan, changes: tuple[DeploymentChange, ...], stage: Stage, node: Node
) -> Earlier | None:
    """Return the steps behind the same node in the run of this definition that deployed there last."""
    for change in changes:
        place = Place(project=change.project, environment=change.environment, deployment=change.deployment)
        there = reading.there(place)
        above = there.plan.parent.run if there.plan is not None and there.plan.parent is not None else there.run
        earlier = reading.plan(above) if above and above != plan.id else None
        known = earlier.by_key.get(stage.key) if earlier is not None else None
        if earlier is None or known is None or earlier.definition != plan.definition:
            continue
        same = next((one for one in known.nodes if one.name == node.name), None)
        return Earlier(run=above, steps=steps_behind(known, same) if same is not None else known.steps)
    return None
