"""Many entries at once, past the verbs, in items as the store itself has written the first of them."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice

from pynamodb.expressions.operand import Path

from chalicelib.kernel.explanation.summary import RunSummary
from chalicelib.kernel.releases.release import ReleaseKey
from chalicelib.store.dynamo.expressions import Key
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.packing import packed
from chalicelib.store.dynamo.tables import Table, Tables
from chalicelib.store.releases import keys as keys_inventory
from chalicelib.store.releases.keys import INVENTORY, VERSIONS_A_PAGE
from chalicelib.store.runs import keys
from chalicelib.store.runs.run_items import summary_in

AT_ONCE = 500
WRITERS = 2


def fill_releases(tables: Tables, first: ReleaseKey, count: int) -> None:
    """So many more releases of an application, which has but this one: 1.1, 1.2 and on."""
    table = tables.of(INVENTORY)
    head = _got(table, keys_inventory.application_key(first.namespace, first.application))
    made = _got(table, keys_inventory.release_key(first))
    versions = [f"1.{number}" for number in range(1, count + 1)]
    write_items(table, (_like_release(made, first, version) for version in versions))
    for page in range(count // VERSIONS_A_PAGE + 1):
        listed = versions[max(page * VERSIONS_A_PAGE - 1, 0) : (page + 1) * VERSIONS_A_PAGE - 1]
        key = keys_inventory.versions_key(first.namespace, first.application, page)
        table.update(key, (Path("versions").add(set(listed)),))
    table.put({**head, "latest": versions[-1], "releases": count + 1})


def fill_runs(tables: Tables, first: str, count: int) -> None:
    """So many more runs of the definition of this run, all of them older."""
    table = tables.of(keys.RUNS)
    made = _got(table, keys.run_key(first))
    names = (filled_run(count + 1, number) for number in range(count))
    write_items(table, (_like_run(made, name) for name in names))


def filled_run(size: int, number: int) -> str:
    """The id of a run of a list of so many. An id is a ULID, so these come before all of this century."""
    return f"{size:020d}{number:06d}"


def _like_run(made: Item, name: str) -> Item:
    summary = packed(RunSummary, replace(summary_in(made), id=name))
    return {**made, **keys.run_key(name)._asdict(), "run": name, "summary": summary}


def _like_release(made: Item, first: ReleaseKey, version: str) -> Item:
    key = ReleaseKey(namespace=first.namespace, application=first.application, version=version)
    return {**made, **keys_inventory.release_key(key)._asdict(), "version": version}


def _got(table: Table, key: Key) -> Item:
    found = table.get(key)
    if found is None:
        raise LookupError(f"no item {key}")
    return found


def write_items(table: Table, items: Iterable[Item]) -> None:
    """All these items, written by batches."""
    with ThreadPoolExecutor(WRITERS) as writers:
        for done in [writers.submit(table.write_many, portion) for portion in _portions(iter(items))]:
            done.result()


def _portions(items: Iterator[Item]) -> Iterator[list[Item]]:
    while portion := list(islice(items, AT_ONCE)):
        yield portion
