"""What the platform weighs before it has done anything: imports, the zip, its start, its memory when idle."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.bench.budgets import Key
from tests.bench.figures import Figure, Measured
from tests.bench.platform import Platform
from tests.bench.yardstick import start_of

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "build" / "slipway.zip"
PROCESSES = 9
IMPORTS = {Key.EVENT_IMPORT: "chalicelib.functions.advance", Key.API_IMPORT: "app"}
STARTS = 3
SETTLES = 3.0


def imports() -> Iterator[tuple[Key, Figure]]:
    """How much more a fresh process works that imports a function, than one that imports nothing; they take turns."""
    programs: dict[Key | None, str] = {None: "pass", **{key: f"import {module}" for key, module in IMPORTS.items()}}
    taken: dict[Key | None, list[float]] = {key: [] for key in programs}
    for turn in range(PROCESSES + 1):
        for key, program in programs.items():
            _, work = start_of(program)
            # The first turn compiles what has changed.
            if turn:
                taken[key].append(work)
    bare = median(taken[None])
    for key in IMPORTS:
        yield key, Measured(value=median(taken[key]) - bare, note=f"bare Python {bare:.0f} ms")


def deployable() -> Iterator[tuple[Key, Figure]]:
    """How big the zip is, which is made where it is missing."""
    if not BUILT.exists():
        subprocess.run([sys.executable, "-m", "infra.package"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    yield Key.ZIP, Measured(value=BUILT.stat().st_size / 1e6)


def start(platform: Platform) -> Iterator[tuple[Key, Figure]]:
    """How long a platform that was there before takes to its first answer; it runs afterwards."""
    platform.start()
    taken = []
    for _ in range(STARTS):
        platform.stop()
        platform.start()
        taken.append(platform.seconds)
    yield Key.START, Measured(value=median(taken), note=f"median of {STARTS}")


def memory(platform: Platform) -> Iterator[tuple[Key, Figure]]:
    """What all processes of an idle platform answer for."""
    time.sleep(SETTLES)
    parts = platform.memory()
    yield Key.MEMORY, Measured(value=sum(parts.values()), note=f"{len(parts)} processes")
