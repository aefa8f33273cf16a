"""What the command line takes of the processor, from its start to its end, against a platform that answers at once."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from tests.bench.budgets import Key
from tests.bench.figures import Figure, Measured
from tests.slipway.cli.recorded_api import RecordedApi, serving

ROUNDS = 9
RUNS = 20


def run_list() -> Iterator[tuple[Key, Figure]]:
    """How many seconds of the processor `slipway run list` takes for a page."""
    with serving() as api:
        api.on("GET /api/v1/runs", {"items": [_summary(number) for number in range(RUNS, 0, -1)], "next": None})
        processor_seconds(api, "run", "list")
        taken = [processor_seconds(api, "run", "list") for _ in range(ROUNDS)]
    yield Key.RUN_LIST, Measured(value=median(taken), note=f"of {RUNS} runs")


def processor_seconds(api: RecordedApi, *words: str) -> float:
    """Seconds of the processor that one command takes. Faults: CalledProcessError."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "SLIPWAY_API": api.address, "SLIPWAY_TOKEN": "slp_bench"}
    command = [sys.executable, "-m", "slipway.cli.main", *words]
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _summary(number: int) -> Mapping[str, Any]:
    began = datetime.now(UTC) - timedelta(minutes=number)
    name = {"project": "shop", "kind": "pipeline", "environment": "", "name": "delivery", "run_nr": number}
    phase = {"phase": "failed", "reason": "smoke failed with exit code 1", "started_by": "ann"}
    return {"id": f"R{number:025}", **name, **phase, "created_at": began.isoformat()}
