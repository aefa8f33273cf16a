"""How long it takes from a trigger by HTTP to the first command's own first word, on a warm and idle runner."""

import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from statistics import median

from tests.bench import pipelines
from tests.bench.budgets import Key
from tests.bench.figures import Figure, Measured
from tests.bench.pipelines import PROJECT
from tests.bench.platform import Platform
from tests.bench.workloads import ended

TIMES = 30
REST = 0.1
"""Seconds for the runner to be waiting for jobs again."""


def first_step(platform: Platform) -> Iterator[tuple[Key, Figure]]:
    """The median of 30."""
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "said"
        step = {"type": "script", "script": f"date +%s%N > {said}.new && mv {said}.new {said}"}
        platform.ask("POST", f"/api/v1/pipelines/by-project/{PROJECT}/add", pipelines.chain("first", step, 1))
        taken = [_once(platform, said) for _ in range(TIMES)]
    begun, spoken = (median(one[place] for one in taken) for place in (0, 1))
    yield Key.TRIGGER, Measured(value=spoken, note=f"to the command's own first word; offered to runners: {begun:.1f}")


def _once(platform: Platform, said: Path) -> tuple[float, float]:
    """Milliseconds to the step's beginning by the platform, and by the command."""
    said.unlink(missing_ok=True)
    time.sleep(REST)
    begun = time.time_ns()
    told = platform.ask("POST", f"{pipelines.path_of('first')}/trigger", {})
    run = ended(platform, told["id"])
    node = run["stages"][0]["nodes"][0]
    offered = datetime.fromisoformat(node["began_at"]).timestamp()
    return 1000 * offered - begun / 1e6, (int(said.read_text()) - begun) / 1e6
