"""How long it takes from a trigger by HTTP to the first command's own first word, on a warm and idle runner."""

import secrets
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
    begun, spoken = medians(platform, TIMES)
    yield Key.TRIGGER, Measured(value=spoken, note=f"to the command's own first word; offered to runners: {begun:.1f}")


def medians(platform: Platform, times: int) -> tuple[float, float]:
    """Milliseconds to the step's beginning by the platform, and by the command; the pipeline is written anew."""
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "said"
        step = {"type": "script", "script": f"date +%s%N > {said}.new && mv {said}.new {said}"}
        name = f"first-{secrets.token_hex(4)}"
        platform.ask("POST", f"/api/v1/pipelines/by-project/{PROJECT}/add", pipelines.chain(name, step, 1))
        taken = [_once(platform, name, said) for _ in range(times)]
    begun, spoken = zip(*taken, strict=True)
    return median(begun), median(spoken)


def _once(platform: Platform, pipeline: str, said: Path) -> tuple[float, float]:
    """Milliseconds of one run, likewise."""
    said.unlink(missing_ok=True)
    time.sleep(REST)
    begun = time.time_ns()
    told = platform.ask("POST", f"{pipelines.path_of(pipeline)}/trigger", {})
    run = ended(platform, told["id"])
    node = run["stages"][0]["nodes"][0]
    offered = datetime.fromisoformat(node["began_at"]).timestamp()
    return 1000 * offered - begun / 1e6, (int(said.read_text()) - begun) / 1e6
