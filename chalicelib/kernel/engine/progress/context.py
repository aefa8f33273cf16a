"""What the rules of nodes and stages read: the run, the stage execution, and the time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from chalicelib.kernel.engine.phase import GOOD
from chalicelib.kernel.engine.progress.windows import Shut, what_is_shut
from chalicelib.kernel.engine.run import Run, StageExecution
from chalicelib.kernel.plans.plan import Plan, Stage
from slipway_formats.frozen import frozen

STAGE_EXECUTION = "StageExecId"
"""What preconditions call the integer id of a stage execution, where it has one."""


@frozen
class Clock:
    """The time that acts on a run. now: as of which. until: the current time, at which begins what is let begin now."""

    now: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True)
class NodeContext:
    """What the rules of a node read: plan, run, stage execution, and the time."""

    plan: Plan
    run: Run
    execution: StageExecution
    clock: Clock

    @property
    def now(self) -> datetime:
        """The time as of which it moves."""
        return self.clock.now

    @property
    def shut(self) -> Shut | None:
        """What keeps steps from beginning, behind gates that were passed."""
        return what_is_shut(self.plan, self.run, self.execution, self.clock.until)

    @property
    def stage(self) -> Stage:
        """The stage of this execution."""
        return self.plan.by_key[self.execution.stage]

    @cached_property
    def names(self) -> Mapping[str, object]:
        """The variables of preconditions: the run's inputs, and facts about the run and stage."""
        plan, run, execution = self.plan, self.run, self.execution
        return {
            **plan.inputs,
            **self.stage.names,
            **({STAGE_EXECUTION: plan.executions_from + execution.number} if plan.executions_from else {}),
            "project": plan.definition.project,
            "definition": plan.definition.name,
            "environment": self.stage.environment or plan.definition.environment,
            "stage": self.stage.name,
            "attempt": execution.attempt,
            "run_nr": plan.number,
            "started_by": plan.started_by,
            "release": run.releases[-1] if run.releases else "",
            "succeeded": tuple(
                self.stage.by_key[key].name for key, one in execution.nodes.items() if one.phase in GOOD
            ),
        }
