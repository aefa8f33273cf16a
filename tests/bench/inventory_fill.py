"""Many releases at once, past the verbs: items as the store itself makes them of releases as the verb makes them."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice

from chalicelib.kernel.releases.release import Application, Namespace, Release
from chalicelib.kernel.releases.search import Hit, words_about
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.releases import keys
from chalicelib.store.releases.items import application_item, hit_item, namespace_item, release_item
from chalicelib.use_cases.ports.releases import ApplicationHead
from slipway_formats.release import Metadata, Variable
from tests.builders import NOON

AT_ONCE = 500
WRITERS = 2
A_UNIT = 10
"""Releases of each application of a namespace of many."""


def a_release(namespace: str, name: str, version: str) -> Release:
    """A release of the size that most have: a KB."""
    inputs = tuple(Variable(id=f"input_{one}", type="string", default=f"of {version}", visible=True) for one in "abc")
    metadata = Metadata(
        name=name,
        version=version,
        project=namespace,
        description="an application that is measured",
        files={f"files/script-{number}.sh": "0" * 32 for number in range(8)},
        metadata={"team": "web"},
        git_revision=f"{version:0>40}",
        inputs=inputs,
    )
    return Release(namespace=namespace, metadata=metadata, by="bench", at=NOON)


def fill_unit(tables: Tables, namespace: str, name: str, count: int) -> None:
    """A namespace with one application of so many releases: 1.0, 1.1 and on."""
    _write(tables, _space(namespace))
    _write(tables, _unit(namespace, name, count))


def fill_namespace(tables: Tables, namespace: str, count: int) -> None:
    """A namespace of so many releases, of applications that have ten each."""
    _write(tables, _space(namespace))
    _write(tables, (item for number in range(count // A_UNIT) for item in _unit(namespace, unit_name(number), A_UNIT)))


def unit_name(number: int) -> str:
    """Of an application of a namespace of many."""
    return f"app-{number:06d}"


def _space(namespace: str) -> Iterator[Item]:
    yield namespace_item(Namespace(name=namespace, project="bench"))


def _unit(namespace: str, name: str, count: int) -> Iterator[Item]:
    versions = [f"1.{number}" for number in range(count)]
    yield from (release_item(a_release(namespace, name, version)) for version in versions)
    for start in range(0, count, keys.VERSIONS_A_PAGE):
        key = keys.versions_key(namespace, name, start // keys.VERSIONS_A_PAGE)
        yield {**key._asdict(), "versions": frozenset(versions[start : start + keys.VERSIONS_A_PAGE])}
    last = a_release(namespace, name, versions[-1])
    words = frozenset(words_about(namespace, last.metadata))
    head = Application(namespace=namespace, name=name, latest=versions[-1], by="bench", at=NOON)
    described = replace(head, description=last.metadata.description)
    yield application_item(described, ApplicationHead(count=count, words=words))
    yield from (hit_item(Hit(word=word, namespace=namespace, application=name)) for word in words)


def _write(tables: Tables, items: Iterable[Item]) -> None:
    table = tables.of(keys.INVENTORY)
    with ThreadPoolExecutor(WRITERS) as writers:
        for done in [writers.submit(table.write_many, portion) for portion in _portions(iter(items))]:
            done.result()


def _portions(items: Iterator[Item]) -> Iterator[list[Item]]:
    while portion := list(islice(items, AT_ONCE)):
        yield portion
