"""What deployment windows mean: at which hours of a week they are open."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.definitions.staged.pipeline import DeliveryStage, DeploymentWindow, StagedPipeline, StageGate
from chalicelib.kernel.definitions.staged.settings import Names, settings_of
from chalicelib.kernel.plans.windows import next_opening
from chalicelib.kernel.plans.work import Windows

NAMES = Names(script=lambda _: None, shared=lambda _: None)
MONDAY = datetime(2026, 6, 1, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
CLOCKS = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30, 45)))
OFFSETS = st.none() | st.integers(-47, 56).map(lambda quarters: timezone(quarters * QUARTER))
DAYS = st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days)))


def is_open(written: DeploymentWindow, at: datetime) -> bool:
    """Whether the engine finds the window open."""
    stage = DeliveryStage(name="Live", gate=StageGate(windows=(written,)))
    (phase,) = settings_of(StagedPipeline(name="x", stages=(stage,)), NAMES).phases
    (gate,) = phase.gates
    placed = tuple(replace(window, timezone=window.timezone or "UTC") for window in gate.windows)
    return next_opening(Windows(any_of=placed), at) == at


def contains(written: DeploymentWindow, at: datetime) -> bool:
    """Whether the window is open by what it says: on a day of its own, or still on the next."""
    local = at.astimezone(written.offset or UTC)
    clock, day, before = local.time(), local.weekday(), (local.weekday() - 1) % 7
    if written.start < written.end:
        return day in written.days and written.start <= clock < written.end
    return (day in written.days and clock >= written.start) or (before in written.days and clock < written.end)


@given(DAYS, CLOCKS, CLOCKS, OFFSETS, st.integers(0, 7 * 96 - 1))
def test_a_window_is_open_at_the_hours_that_it_says(
    days: tuple[int, ...], start: time, end: time, offset: timezone | None, quarters: int
) -> None:
    written = DeploymentWindow(days=days, start=start, end=end, offset=offset)
    at = MONDAY + quarters * QUARTER

    assert is_open(written, at) == contains(written, at)
