"""The inventory at 1,000 versions, by HTTP: registering one more, the next version, the list of all."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from statistics import median

from chalicelib.kernel.releases.release import ReleaseKey
from tests.bench.budgets import Key
from tests.bench.figures import Figure, Measured
from tests.bench.fill import fill_releases
from tests.bench.pipelines import PROJECT
from tests.bench.platform import Platform

NAMESPACE = "bench"
UNIT = f"/api/v1/inventory/{NAMESPACE}/units/app"
VERSIONS = 1_000
TIMES = 30


def inventory(platform: Platform) -> Iterator[tuple[Key, Figure]]:
    """Medians of 30. Nothing counts unless all versions are listed before and after.

    A list is asked for again and again; what it takes right after a registration is told beside it.
    """
    platform.ask("POST", f"/api/v1/inventory/{NAMESPACE}/add-namespace", {"name": NAMESPACE, "project": PROJECT})
    _register(platform, 0)
    with platform.tables() as tables:
        fill_releases(tables, ReleaseKey(namespace=NAMESPACE, application="app", version="1.0"), VERSIONS - 1)
    _check(platform, VERSIONS)
    again = _median(lambda _: platform.ask("GET", f"{UNIT}/versions/"))
    yield Key.NEXT_VERSION, _median(lambda _: platform.text(f"{UNIT}/next-version?prefix=1."))
    yield Key.REGISTER, _median(lambda turn: _register(platform, VERSIONS + turn))
    _check(platform, VERSIONS + TIMES)
    changed = _median(
        lambda _: platform.ask("GET", f"{UNIT}/versions/"), lambda turn: _register(platform, VERSIONS + TIMES + turn)
    )
    yield Key.VERSIONS, replace(again, note=f"{changed.value:.2f} right after a registration")
    _check(platform, VERSIONS + 2 * TIMES)


def _register(platform: Platform, number: int) -> None:
    files = {"run.sh": "0" * 32}
    metadata = {
        "name": "app",
        "version": f"1.{number}",
        "project": NAMESPACE,
        "description": "measured",
        "files": files,
    }
    platform.ask("POST", f"/api/v1/inventory/{NAMESPACE}/register", metadata)


def _check(platform: Platform, wanted: int) -> None:
    listed = platform.ask("GET", f"{UNIT}/versions/")
    if listed != [f"1.{number}" for number in reversed(range(wanted))]:
        raise AssertionError(f"{len(listed)} versions are listed, not {wanted} in order")


def _median(act: Callable[[int], object], before: Callable[[int], object] = lambda _: None) -> Measured:
    taken = []
    for turn in range(TIMES):
        before(turn)
        begun = time.perf_counter()
        act(turn)
        taken.append(1000 * (time.perf_counter() - begun))
    return Measured(value=median(taken))
