"""Delete a namespace in an order that can be interrupted and resumed anywhere.

The namespace is already marked, so nothing is registered in it. Then, for each application: first the entries elsewhere
that its releases created, then the releases, then the rest, and its head last, because a retry finds the rest through
it. The namespace's own item is deleted last.
"""

from collections.abc import Iterator, Sequence

from pynamodb.expressions.operand import Path

from chalicelib.kernel.releases.links import edges_of, offers_of
from chalicelib.kernel.releases.release import Release
from chalicelib.kernel.releases.search import Hit, words_of
from chalicelib.store.dynamo.expressions import Key
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.tables import Reading, Table
from chalicelib.store.releases import keys
from chalicelib.store.releases.early_links import early_keys
from chalicelib.store.releases.items import release_of

PAGE = 100


def remove_namespace(table: Table, name: str) -> None:
    """Delete a namespace that is marked as being deleted, with all its content."""
    wanted = Path("first") == keys.applications_hash(name)
    for head in list(table.every(wanted, Reading(index="by_first"))):
        remove_application(table, name, str(head["first_key"]), head)
    table.write_many(removed=(keys.hooks_key(name, ""), keys.public_key(name), keys.namespace_key(name)))


def remove_application(table: Table, namespace: str, application: str, head: Item) -> None:
    """Delete an application with its releases. head: its item."""
    mine = Path("pk") == keys.partition(namespace, application)
    for start in (keys.RELEASE_PREFIX, keys.TAG_PREFIX):
        reading = Reading(consistent=True, limit=PAGE)
        while items := table.query(mine & Path("sk").startswith(start), reading).items:
            table.write_many(removed=list(_elsewhere(namespace, application, items)))
            table.write_many(removed=list(_early(table, items)))
            table.write_many(removed=[Key(str(item["pk"]), str(item["sk"])) for item in items])
    word_hits = (Hit(word=word, namespace=namespace, application=application) for word in str(head["words"]).split())
    table.write_many(removed=[keys.hit_key(hit) for hit in word_hits])
    place = keys.application_key(namespace, application)
    rest = (Key(str(item["pk"]), str(item["sk"])) for item in table.every(mine, Reading(consistent=True)))
    table.write_many(removed=[key for key in rest if key != place])
    table.delete(place)


def _elsewhere(namespace: str, application: str, items: Sequence[Item]) -> Iterator[Key]:
    """Yield the keys of entries elsewhere that these releases and tags created, each once."""
    found: dict[Key, None] = {}
    for item in items:
        if str(item["sk"]).startswith(keys.TAG_PREFIX):
            tag = str(item["sk"]).removeprefix(keys.TAG_PREFIX)
            hits = (Hit(word=word, namespace=namespace, application=application, tag=tag) for word in words_of(tag))
            found.update(dict.fromkeys(keys.hit_key(hit) for hit in hits))
        else:
            found.update(dict.fromkeys(_of_release(release_of(item))))
    yield from found


def _early(table: Table, items: Sequence[Item]) -> Iterator[Key]:
    """Yield the keys of links that were written before these releases."""
    releases = (release_of(item) for item in items if not str(item["sk"]).startswith(keys.TAG_PREFIX))
    return early_keys(table, [(release.key, edges_of(release)) for release in releases])


def _of_release(release: Release) -> Iterator[Key]:
    for edge in edges_of(release):
        yield keys.edge_key(edge)
        yield keys.subscriber_key(edge)
    for offer in offers_of(release):
        yield keys.offer_key(offer)
