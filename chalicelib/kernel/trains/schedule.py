"""When the schedule of a train makes its next snapshot."""

from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.plans import quartz
from chalicelib.kernel.trains.gated import GatedTravel, Readiness
from chalicelib.kernel.trains.train import Train, TrainStatus


def scheduled(gated: GatedTravel | None, now: datetime, before: GatedTravel | None = None) -> GatedTravel | None:
    """Return a way to travel with its next fire after now.

    before: how the train travelled until now; a fire that is due already stays so, unless another schedule is said.
    """
    if gated is None:
        return None
    is_same = before is not None and before.build_at is not None and _said(before) == _said(gated)
    return gated if is_same else with_next_fire(gated, now)


def answered(gated: GatedTravel, now: datetime) -> GatedTravel:
    """Return a way to travel whose due fire is answered, with the next one after now."""
    return with_next_fire(replace(gated, built_at=gated.build_at), now)


def with_next_fire(gated: GatedTravel, now: datetime) -> GatedTravel:
    """Return a way to travel with its next fire after now; none while its snapshots stand still.

    A fire that was answered comes never again, also by a clock that is behind the one that answered it.
    """
    if not gated.schedule or gated.readiness is not Readiness.STARTED:
        return replace(gated, build_at=None)
    after = max(now, gated.built_at or now)
    fire = quartz.next_after(quartz.parse(gated.schedule), after, quartz.zone_named(gated.timezone))
    return replace(gated, build_at=fire)


def next_build(train: Train) -> datetime | None:
    """Return when a snapshot of the train is due; None if no more are made by its schedule."""
    return train.gated.build_at if train.gated is not None and train.status is TrainStatus.ACTIVE else None


def _said(gated: GatedTravel) -> tuple[str, str, Readiness]:
    return gated.schedule, gated.timezone, gated.readiness
