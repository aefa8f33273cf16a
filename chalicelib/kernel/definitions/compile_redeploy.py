"""The plan that takes what a run carried through some of its stages once more."""

from collections.abc import Collection
from dataclasses import replace

from chalicelib.kernel.definitions.compile_pipeline import SECRET
from chalicelib.kernel.definitions.run_request import RunRequest
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.plans.plan import Concurrency, Plan, Promotion

REDEPLOY = "redeploy"
"""The trigger of such a run."""


def compile_redeploy(plan: Plan, ask: RunRequest, stages: Collection[str]) -> Plan:
    """The plan of a redeploy. plan: of the run that is repeated. stages: keys or names. Faults: Invalid.

    The first stage waits for the promotion that the redeploy itself is; that of a queue for its turn alone.
    """
    unknown = [name for name in stages if not any(name in (stage.key, stage.name) for stage in plan.stages)]
    if unknown or not stages:
        said = f"no stage {', '.join(unknown)} in run {plan.id}" if unknown else "name at least one"
        raise Invalid.single("stages", said)
    first, *others = (stage for stage in plan.stages if stage.key in stages or stage.name in stages)
    waits = Promotion.AUTOMATIC if plan.concurrency is Concurrency.QUEUE else Promotion.MANUAL
    beginning = ask.beginning
    return replace(
        plan,
        id=beginning.id,
        number=ask.number,
        started_by=beginning.by,
        created_at=ask.at,
        stages=(replace(first, promotion=waits), *others),
        parent=None,
        trigger=beginning.trigger,
        begun_by=beginning.begun_by,
        redeploys=plan.redeploys or plan.id,
        snapshot={**plan.snapshot, SECRET: ask.secret},
    )
