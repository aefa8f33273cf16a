"""The inventory at 100, 10,000 and 100,000 releases, of one unit and of one namespace: how long, and how many calls.

By HTTP's own handlers without a socket, on a stand-in without persistence, the sizes in turns.
"""

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from statistics import median

from chalicelib.adapter_context import AdapterContext
from chalicelib.adapters import ports_on
from chalicelib.aws.calls import Aws
from chalicelib.store.dynamo.tables import Tables
from chalicelib.use_cases.ports.bundle import Settings
from chalicelib.wiring import RANDOM_IDS, SYSTEM_CLOCK
from infra import resources
from tests.bench.budgets import Key
from tests.bench.door import Door, door_to
from tests.bench.figures import Figure, Measured
from tests.bench.inventory_asks import OPERATIONS, Act, Place, place_of_namespace, place_of_unit
from tests.bench.inventory_fill import fill_namespace, fill_unit
from tests.bench.meter import Meter

SIZES = (100, 10_000, 100_000)
TIMES = 40
PREFIX = "inventory-"


class Untrue(Exception):  # noqa: N818 - says what the answer is
    """What was answered is not so: how long that took says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """What one ask uses of AWS. asked: calls by operation. reads, writes: units."""

    asked: Mapping[str, int]
    reads: float
    writes: float

    def __str__(self) -> str:
        listed = ", ".join(name if count == 1 else f"{count} {name}" for name, count in self.asked.items())
        return f"{listed}: {self.reads:g} read, {self.writes:g} written"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An operation at each size, the smallest first."""

    operation: str
    milliseconds: tuple[float, ...]
    calls: tuple[Calls, ...]

    @property
    def ratio(self) -> float:
        """The largest size's time against the smallest's."""
        return self.milliseconds[-1] / self.milliseconds[0]


def inventory(aws: Aws) -> Iterator[tuple[Key, Figure]]:
    """The worst ratio of medians, of one unit and of one namespace."""
    resources.create_all(aws, PREFIX)
    tables = Tables(aws=aws, prefix=PREFIX)
    for size in SIZES:
        fill_unit(tables, place_of_unit(size).namespace, place_of_unit(size).unit, size)
        fill_namespace(tables, place_of_namespace(size).namespace, size)
    gc.collect()
    gc.freeze()
    for key, places in ((Key.ONE_UNIT, place_of_unit), (Key.ONE_NAMESPACE, place_of_namespace)):
        rows = measured(aws, PREFIX, [places(size) for size in SIZES])
        yield key, _figure(rows)


def measured(aws: Aws, prefix: str, places: Sequence[Place], times: int = TIMES) -> list[Row]:
    """Every operation at these places. Faults: Untrue."""
    door, meter = _door(aws, prefix), Meter(prefix)
    counting = _door(replace(aws, interceptor=meter.interceptor), prefix)
    rows = []
    for name, act in OPERATIONS.items():
        taken: list[list[float]] = [[] for _ in places]
        for turn in range(times):
            for number in range(len(places)):
                # Whatever happens every so often does not always happen to the same.
                one = (number + turn) % len(places)
                taken[one].append(_timed(act, door, places[one], turn))
        calls = tuple(_counted(meter, partial(act, counting, place)) for place in places)
        rows.append(Row(operation=name, milliseconds=tuple(1000 * median(mine) for mine in taken), calls=calls))
    return rows


def _figure(rows: Sequence[Row]) -> Measured:
    worst = max(rows, key=lambda row: row.ratio)
    table = [("operation", *(f"{size:,}, ms" for size in SIZES), "ratio", "calls to AWS")]
    table += [
        (row.operation, *(f"{one:.2f}" for one in row.milliseconds), f"{row.ratio:.2f}", _calls(row)) for row in rows
    ]
    return Measured(value=worst.ratio, note=worst.operation, table=tuple(table))


def _calls(row: Row) -> str:
    """What AWS is asked for, the same at each size or each of them."""
    return " / ".join(dict.fromkeys(map(str, row.calls)))


def _timed(act: Act, door: Door, place: Place, turn: int) -> float:
    begun = time.perf_counter()
    is_true = act(door, place, turn)
    taken = time.perf_counter() - begun
    if not is_true:
        raise Untrue(f"{act.__name__} of {place} answers what is not so")
    return taken


def _counted(meter: Meter, act: Callable[[int], bool]) -> Calls:
    """What the second of two asks uses: the first may learn who asks."""
    for turn in (TIMES, TIMES + 1):
        meter.clear()
        if not act(turn):
            raise Untrue(f"{act} answers what is not so")
    asked = {name.partition(" ")[2]: count for name, count in sorted(meter.requests.items())}
    return Calls(asked=asked, reads=meter.reads, writes=meter.writes)


def _door(aws: Aws, prefix: str) -> Door:
    return door_to(
        ports_on(AdapterContext(aws=lambda: aws, prefix=prefix, clock=SYSTEM_CLOCK, ids=RANDOM_IDS), Settings())
    )
