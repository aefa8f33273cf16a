"""The part of the bench that counts what a month costs, and writes docs/costs.md."""

import contextlib
from collections.abc import Iterator

from chalicelib.aws.calls import Aws
from tests.bench.budgets import Key
from tests.bench.costs import page
from tests.bench.costs.month import SIZES, acts_on
from tests.bench.counted import CountedHouse
from tests.bench.figures import Figure, Measured


def costs(aws: Aws) -> Iterator[tuple[Key, Figure]]:
    """USD of a month at 10,000 pipelines, and of a hundred idle runners."""
    with contextlib.closing(CountedHouse(aws=aws, prefix="costs-")) as house:
        used = acts_on(house)
    page.write(used)
    small = ", ".join(f"{size.pipelines:,}: {page.total(used, size):.2f}" for size in SIZES[:-1])
    yield Key.MONTH, Measured(value=page.total(used, SIZES[-1]), note=f"of other sizes {small}")
    yield Key.IDLE_FLEET, Measured(value=page.idle_total(used))
