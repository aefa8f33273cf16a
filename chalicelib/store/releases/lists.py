"""Lists of the inventory, whole or by pages. The cost of a page does not depend on its position."""

from collections.abc import Iterator
from itertools import islice

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.tables import Reading, Table
from chalicelib.use_cases.ports.runs import Page


def in_index(table: Table, place: tuple[str, str], page: Page | None) -> Iterator[Item]:
    """Return the items with one partition key of an index of names, after the page's start."""
    index, hashed = place
    wanted: Condition = Path(index) == hashed
    if page is not None and page.after is not None:
        wanted &= Path(f"{index}_key") > page.after
    by_first, by_second = Reading(index="by_first", limit=most(page)), Reading(index="by_second", limit=most(page))
    return table.every(wanted, by_first if index == "first" else by_second)


def in_partition(table: Table, partition: str, prefix: str, page: Page | None) -> Iterator[Item]:
    """Return the items of a partition with this sort-key prefix, after the page's start."""
    return islice(after_in_partition(table, partition, prefix, page), most(page))


def after_in_partition(table: Table, partition: str, prefix: str, page: Page | None) -> Iterator[Item]:
    """Return all that come after the page's start, read page by page."""
    within: Condition = Path("pk") == partition
    if page is not None and page.after is not None:
        # DynamoDB accepts only one sort-key condition: items after the prefix are filtered out below.
        wanted = within & (Path("sk") > f"{prefix}{page.after}")
    else:
        wanted = within & Path("sk").startswith(prefix) if prefix else within
    items = table.every(wanted, Reading(consistent=True, limit=most(page)))
    return _while_in(items, prefix)


def _while_in(items: Iterator[Item], prefix: str) -> Iterator[Item]:
    for item in items:
        if not str(item["sk"]).startswith(prefix):
            return
        yield item


def most(page: Page | None) -> int | None:
    """Return the page size; None for all."""
    return None if page is None else page.size
