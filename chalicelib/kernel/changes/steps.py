"""The steps that a decision lets begin, and how they differ from those of the run that deployed last."""

from collections.abc import Sequence
from typing import assert_never

from chalicelib.kernel.changes.canonical import digest_of
from chalicelib.kernel.changes.values import Difference
from chalicelib.kernel.codec import encode
from chalicelib.kernel.plans.plan import Node, Policy
from chalicelib.kernel.plans.work import (
    Approval,
    CallWebhook,
    ExternalApproval,
    Group,
    Impossible,
    Job,
    ManualTask,
    Noop,
    Notify,
    RunDefinition,
    Schedule,
    TagRelease,
    TestResults,
    Wait,
    Windows,
    Work,
)
from slipway_formats.frozen import frozen


@frozen
class StepChange:
    """A step to come, or one that is no more. does: in words. kind: None where it is as it was, or nothing compares.

    fields: what of it differs. mark: digest of all that it says; empty for one that is no more.
    """

    name: str
    does: str
    kind: Difference | None = None
    fields: tuple[str, ...] = ()
    mark: str = ""


def steps_that_differ(now: Sequence[Node], before: Sequence[Node] | None) -> tuple[StepChange, ...]:
    """Return all steps to come, and those that are no more. before: None where there is nothing to compare."""
    known = {node.name: node for node in before or ()}
    coming = tuple(_compared(node, known.get(node.name), is_known=before is not None) for node in now)
    names = {node.name for node in now}
    gone = (node for node in before or () if node.name not in names)
    return (
        *coming,
        *(StepChange(name=one.name, does=what_it_does(one.work), kind=Difference.REMOVED) for one in gone),
    )


def _compared(node: Node, before: Node | None, *, is_known: bool) -> StepChange:
    said = _said(node)
    step = StepChange(name=node.name, does=what_it_does(node.work), mark=digest_of(said))
    if not is_known or before == node:
        return step
    if before is None:
        return StepChange(name=step.name, does=step.does, mark=step.mark, kind=Difference.ADDED)
    was = _said(before)
    fields = tuple(sorted(name for name in {*said, *was} if said.get(name) != was.get(name)))
    kind = Difference.CHANGED if fields else None
    return StepChange(name=step.name, does=step.does, mark=step.mark, kind=kind, fields=fields)


def _said(node: Node) -> dict[str, object]:
    """Return what a step says by field, without where it stands among the others."""
    work = encode(Work, node.work)
    ask = work.pop("ask", {})
    return {**work, **(ask if isinstance(ask, dict) else {}), **encode(Policy, node.policy)}


def what_it_does(work: Work) -> str:
    """Return what a kind of work does, in a few words."""
    match work:
        case RunDefinition():
            where = f"{work.project}/{work.environment}" if work.environment else work.project
            return f"{work.action or 'runs'} {work.name} in {where}"
        case Job():
            return f"{work.kind} on a runner of pool {work.pool}"
        case CallWebhook():
            return f"calls {work.url}"
        case TagRelease():
            return f"tags {work.namespace}/{work.application} as {work.tag}"
        case Notify():
            return f"sends a message: {work.subject}"
        case Approval() | ManualTask() | ExternalApproval() | TestResults():
            return "waits for a word"
        case Schedule() | Windows() | Wait():
            return "waits for a time"
        case Group():
            return "holds steps"
        case Impossible():
            return f"fails: {work.reason}"
        case Noop():
            return "does nothing"
        case _:
            assert_never(work)
