"""Many entries at once, past the verbs, in items as the store itself has written the first of them."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice

from pynamodb.expressions.operand import Path

from chalicelib.kernel.explanation.summary import RunSummary
from chalicelib.kernel.plans.plan import Plan
from chalicelib.kernel.releases.release import Release, ReleaseKey
from chalicelib.store.dynamo.expressions import Key
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.packing import packed
from chalicelib.store.dynamo.records import record_of
from chalicelib.store.dynamo.tables import Table, Tables
from chalicelib.store.releases import keys as keys_inventory
from chalicelib.store.releases.items import release_item, release_of
from chalicelib.store.releases.keys import INVENTORY, VERSIONS_A_PAGE
from chalicelib.store.runs import keys
from chalicelib.store.runs.run_items import plan_item, run_item, run_of, summary_in
from slipway_formats.release_id import of_version

AT_ONCE = 500
WRITERS = 2


def fill_releases(tables: Tables, first: ReleaseKey, count: int) -> None:
    """So many more releases of an application, which has but this one: 1.1, 1.2 and on."""
    table = tables.of(INVENTORY)
    head = _got(table, keys_inventory.application_key(first.namespace, first.application))
    made = _got(table, keys_inventory.release_key(first))
    versions = [f"1.{number}" for number in range(1, count + 1)]
    release = release_of(made)
    write_items(table, (_like_release(made, release, version) for version in versions))
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


def fill_waiting(tables: Tables, first: str, count: int, release: ReleaseKey) -> None:
    """So many more runs as this one waits, all of them older: each with a plan and a release of its own."""
    table = tables.of(keys.RUNS)
    run = run_of(_got(table, keys.run_key(first)))
    plan: Plan = record_of(Plan, _got(table, keys.plan_key(run.plan)))
    fill_releases(tables, release, count)
    for number in range(count):
        name, version = filled_run(count + 1, number), f"1.{number + 1}"
        carried = of_version(release.namespace, release.application, version)
        own = replace(plan, id=name)
        waits = replace(run, id=name, plan=name, releases=(carried,))
        table.write_many([plan_item(own), run_item(waits, own, None)])


def filled_run(size: int, number: int) -> str:
    """The id of a run of a list of so many. An id is a ULID, so these come before all of this century."""
    return f"{size:020d}{number:06d}"


def _like_run(made: Item, name: str) -> Item:
    summary = packed(RunSummary, replace(summary_in(made), id=name))
    return {**made, **keys.run_key(name)._asdict(), "run": name, "summary": summary}


def _like_release(made: Item, first: Release, version: str) -> Item:
    return {**made, **release_item(replace(first, metadata=replace(first.metadata, version=version)))}


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
