"""Offer jobs in the commit of their run, which counts them as accepted at once.

Where that cannot be, as where a tombstone of such a job is there, the run alone is committed, and its effects offer
them after that.
"""

from collections.abc import Callable
from typing import TypeVar

from chalicelib.kernel.engine.advance import Transition
from chalicelib.kernel.engine.answered import answered
from chalicelib.kernel.engine.effects import StartStep
from chalicelib.kernel.engine.job import Job
from chalicelib.kernel.faults import TooLarge
from chalicelib.use_cases.effects.offer_job import offer_job
from chalicelib.use_cases.effects.perform_steps import as_event, offered_job
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.jobs_beside import NO_JOBS, JobMoved, JobsBeside
from slipway_formats.frozen import frozen

Stored = TypeVar("Stored")
Store = Callable[[Transition, JobsBeside], Stored]
"""Stores the run of a transition with jobs, or nothing."""


@frozen
class Offered:
    """A transition with the jobs by which its steps start, to be written with its run. Its effects are what is left.

    There are no jobs where nothing is offered, or so much that it costs more in one transaction than one by one.
    """

    transition: Transition
    jobs: tuple[Job, ...] = ()


def store_with_offers(
    ports: Ports, transition: Transition, store: Store[Stored], ended: Job | None = None
) -> tuple[Transition, Stored]:
    """Store the run with the jobs that it offers, or else alone; return what is to be performed since, and the answer.

    ended: an ended job to be written with the run in any case. Faults: those of `store`; of an ended job JobMoved too.
    """
    offered = _with_offers(ports, transition)
    beside = JobsBeside(new=offered.jobs, saved=ended)
    if not beside:
        return transition, store(transition, NO_JOBS)
    try:
        stored = store(offered.transition, beside)
    except (JobMoved, TooLarge):
        if ended is not None:
            raise
        return transition, store(transition, NO_JOBS)
    for job in offered.jobs:
        offer_job(ports, job)
    return offered.transition, stored


def _with_offers(ports: Ports, transition: Transition) -> Offered:
    """Return the transition as it is once the jobs that it asks for are there, and its run knows."""
    plan, run, at = transition.plan, transition.run, transition.at
    starts = [effect for effect in transition.effects if isinstance(effect, StartStep)]
    made = {effect: job for effect in starts if (job := offered_job(ports, plan, run, effect, at=at)) is not None}
    if not 0 < len(made) <= ports.runs.most_beside:
        return Offered(transition=transition)
    whole = answered(transition, {effect: as_event(job) for effect, job in made.items()})
    return Offered(transition=whole, jobs=tuple(made.values()))
