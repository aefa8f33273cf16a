"""Lists of the inventory, whole or page by page: a page costs the same wherever it stands."""

from collections.abc import Iterator
from itertools import islice

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.tables import Reading, Table
from chalicelib.use_cases.ports.runs import Page


def in_index(table: Table, place: tuple[str, str], page: Page | None) -> Iterator[Item]:
    """The items of one hash of an index of names, after the page's start."""
    index, hashed = place
    wanted: Condition = Path(index) == hashed
    if page is not None and page.after is not None:
        wanted &= Path(f"{index}_key") > page.after
    by_first, by_second = Reading(index="by_first", limit=most(page)), Reading(index="by_second", limit=most(page))
    return table.every(wanted, by_first if index == "first" else by_second)


def in_partition(table: Table, partition: str, prefix: str, page: Page | None) -> Iterator[Item]:
    """The items of a partition whose sort keys begin so, after the page's start."""
    within: Condition = Path("pk") == partition
    if page is not None and page.after is not None:
        # Of both conditions DynamoDB takes one: whatever comes after the prefix's end is left out here.
        wanted = within & (Path("sk") > f"{prefix}{page.after}")
    else:
        wanted = within & Path("sk").startswith(prefix) if prefix else within
    items = table.every(wanted, Reading(consistent=True, limit=most(page)))
    return islice(_while_in(items, prefix), most(page))


def _while_in(items: Iterator[Item], prefix: str) -> Iterator[Item]:
    for item in items:
        if not str(item["sk"]).startswith(prefix):
            return
        yield item


def most(page: Page | None) -> int | None:
    """How many items are asked for; nothing for all."""
    return None if page is None else page.size
