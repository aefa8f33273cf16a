"""The ids under which effects are performed once: as 0.1 wrote them, whatever the classes are called today."""

import pytest

from chalicelib.kernel.engine.effects import (
    Announce,
    Audit,
    CheckWatermark,
    Effect,
    FreeLock,
    Occasion,
    PassGates,
    StartStep,
    StopStep,
    TakeLock,
    WakeAt,
    effect_id,
)
from tests.builders import NOON

IDS = (
    (StartStep(execution=1, node="a", attempt=2), "R.1.a.2"),
    (StopStep(execution=1, node="a", attempt=2), "R.1.a.2/stop"),
    (TakeLock(execution=1, lock="web/prod", attempt=2), "R/1/2/web/prod/TakeLock"),
    (FreeLock(execution=1, lock="web/prod", attempt=2), "R/1/2/web/prod/FreeLock"),
    (PassGates(execution=1, stage="s"), "R/1/PassGates"),
    (CheckWatermark(execution=1, stage="s"), "R/1/AskMark"),
    (Announce(occasion=Occasion.STAGE_ENDED, execution=1, node="a", attempt=2), "R/1/a/2/stage-ended"),
    (Audit(act=3), "R/act/3"),
    (WakeAt(at=NOON), f"R/wake/{NOON.isoformat()}"),
)


@pytest.mark.parametrize(("effect", "known"), IDS, ids=[known for _, known in IDS])
def test_an_effect_has_the_id_that_0_1_gave_it(effect: Effect, known: str) -> None:
    assert effect_id("R", effect) == known
