"""The names of the locks that runs and stages hold."""

from chalicelib.kernel.plans.plan import Plan, Stage


def run_lock(plan: Plan) -> str:
    """The name of the lock of a definition whose runs queue."""
    return line_of(plan)


def line_of(plan: Plan) -> str:
    """The name of those in a line who go by the numbers of their runs: all runs of one definition."""
    definition = plan.definition
    return f"{definition.kind}/{definition.project}/{definition.environment}/{definition.name}"


def stage_lock(plan: Plan, stage: Stage) -> str | None:
    """The name of the lock that a stage runs its steps under; None when it needs none.

    An exclusive stage has its project's environment for itself. Where the pipeline supersedes, the runs of one train at
    least do not deploy to one environment at once.
    """
    if stage.exclusive:
        return f"environment/{plan.definition.project}/{stage.environment}"
    if plan.train is not None and stage.environment:
        return f"train/{plan.train.name}/{stage.environment}"
    return None
