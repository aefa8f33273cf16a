"""Effects that call another system: at least once, the effect's id as idempotency key, given up after 15 minutes."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from chalicelib.kernel.engine.effects import Effect, StartStep, step_id
from chalicelib.kernel.engine.events import Outcome, StepFinished, StepTried
from chalicelib.kernel.engine.people.refusal import find
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import NotFound, Unavailable
from chalicelib.kernel.plans.plan import Plan
from chalicelib.kernel.plans.work import CallWebhook, Notify, Work
from chalicelib.use_cases.effects.perform_steps import is_cancelled_before_start
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.clock import Called
from chalicelib.use_cases.runs.advance import apply_or_enqueue
from chalicelib.use_cases.runs.notify_by_mail import notify_by_mail
from chalicelib.use_cases.secret_calls import Address, post_to

LONGEST_TRYING = timedelta(minutes=15)
LONGEST_CALL = timedelta(seconds=30)


def perform_external_call(ports: Ports, run_id: str, effect: Effect) -> None:
    """Call the other system unless the node no longer needs it, and report the result to the run.

    Faults: Unavailable, to be retried.
    """
    if not isinstance(effect, StartStep):
        raise TypeError(f"{type(effect).__name__} does not call another system")
    run = ports.runs.run(run_id)
    plan = ports.runs.plan(run.plan)
    found = find(plan, run, effect)
    if (
        found is None
        or found[1].attempt != effect.attempt
        or found[1].is_final
        or is_cancelled_before_start(ports, run_id, effect)
    ):
        return
    node, state = found
    now = ports.clock.now()
    # The holder is unique to this call, as a claim is granted again to its holder.
    claim, holder = f"effect/{_key(run_id, effect)}", ports.ids.identifier()
    if ports.idempotency.claim(claim, holder, now=now, until=now + LONGEST_CALL):
        raise Unavailable(f"{node.name} is being performed by somebody else")
    try:
        called = _call(ports, plan, work=node.work, key=_key(run_id, effect), body=_body(plan, run, effect))
    except Unavailable as refused:
        if ports.clock.now() < state.began_at + LONGEST_TRYING:
            ports.idempotency.release(claim, holder)
            raise
        called = Called(status=0, text=refused.message)
    except NotFound as gone:
        finished = replace(_finish(ports, effect, Called(status=0)), reason=gone.message)
        apply_or_enqueue(ports, run_id, (finished,), key=f"{_key(run_id, effect)}/gone")
        return
    if not called.is_final and ports.clock.now() < state.began_at + LONGEST_TRYING:
        ports.idempotency.release(claim, holder)
        _tell(ports, run_id, effect, state.reason, f"{called.said}; it is tried again")
        raise Unavailable(f"{node.name}: {called.said}")
    apply_or_enqueue(ports, run_id, (_finish(ports, effect, called),), key=f"{_key(run_id, effect)}/{called.status}")


def _tell(ports: Ports, run_id: str, effect: StartStep, before: str, reason: str) -> None:  # noqa: PLR0917 - one word
    """Tell the run why its step is not done yet, unless it knows."""
    if reason != before:
        tried = StepTried(at=ports.clock.now(), **effect.as_fields(), reason=reason)
        apply_or_enqueue(ports, run_id, (tried,), key=f"{_key(run_id, effect)}/tried/{tried.at.isoformat()}")


def _key(run_id: str, effect: StartStep) -> str:
    return step_id(run_id, effect)


def _finish(ports: Ports, effect: StartStep, called: Called) -> StepFinished:
    return StepFinished(
        at=ports.clock.now(),
        **effect.as_fields(),
        outcome=Outcome.SUCCEEDED if called.went_well else Outcome.BROKEN if called.status == 0 else Outcome.FAILED,
        reason=called.said,
    )


def _call(ports: Ports, plan: Plan, *, work: Work, key: str, body: Mapping[str, object]) -> Called:
    match work:
        case CallWebhook():
            headers = {"content-type": "application/json", "idempotency-key": key}
            address = Address(url=work.url, secret=work.secret, project=str(body["project"]))
            return post_to(ports, address, headers, json.dumps(body).encode())
        case Notify():
            ports.live.push(f"project/{body['project']}", {**body, "subject": work.subject, "to": work.to})
            return notify_by_mail(ports, plan, work, key)
        case _:
            raise TypeError(f"{type(work).__name__} does not call another system")


def _body(plan: Plan, run: Run, effect: StartStep) -> dict[str, object]:
    return {
        "event": "pipeline-step",
        "project": plan.definition.project,
        "pipeline": plan.definition.name,
        "run": run.id,
        "run_nr": plan.number,
        "step": effect.node,
        "releases": run.releases,
    }
