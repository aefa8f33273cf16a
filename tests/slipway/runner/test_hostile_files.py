"""Whatever a job leaves in its folder, its runner goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.slipway.runner.conftest import Start
from tests.slipway.runner.platform import Platform

DEEP = """python3 - <<'END'
import os
for _ in range(4000):
    os.mkdir("d" * 50)
    os.chdir("d" * 50)
END"""


@pytest.mark.parametrize(
    ("left", "outcome"),
    [
        ('mkfifo "$SLIPWAY_OUTPUTS"', "failed"),
        ('mkdir "$SLIPWAY_OUTPUTS"', "failed"),
        ('ln -s /dev/zero "$SLIPWAY_OUTPUTS"', "failed"),
        ('mkfifo x && ln -s ../x "$SLIPWAY_OUTPUTS"', "failed"),
        (DEEP, "succeeded"),
        ("mkdir -p a/b && touch a/b/c && chmod 0 a", "succeeded"),
    ],
)
def test_a_job_s_files_cost_no_slot(platform: Platform, start: Start, tmp_path: Path, left: str, outcome: str) -> None:
    job, following = platform.script(left), platform.script("true")

    start(slots=1)
    platform.await_end(job, following)

    assert job.outcome == outcome
    platform.wait(lambda: list((tmp_path / "work").iterdir()) == [])
