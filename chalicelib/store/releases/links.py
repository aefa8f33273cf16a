"""What hangs on releases, as items and back: who needs one, who offers an interface, what a word speaks of."""

from collections.abc import Sequence

from pynamodb.expressions.operand import Path

from chalicelib.kernel.releases.links import Edge, Offer
from chalicelib.kernel.releases.search import Hit
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.records import item_of, record_of
from chalicelib.store.dynamo.tables import Reading, Table
from chalicelib.store.releases import keys

SHORT_WORD = 2


def edge_item(edge: Edge) -> Item:
    """The item of what needs a release."""
    return item_of(keys.edge_key(edge), Edge, edge, "a dependency")


def offer_item(offer: Offer) -> Item:
    """The item of an offered interface."""
    return item_of(keys.offer_key(offer), Offer, offer, "a provided interface", version=offer.version)


def hit_item(hit: Hit) -> Item:
    """The item of what a word speaks of."""
    return item_of(keys.hit_key(hit), Hit, hit, "a word")


def subscribers(table: Table, namespace: str, application: str) -> Sequence[tuple[str, str]]:
    """The applications that need this one."""
    mine = Path("pk") == keys.needs_hash(namespace, application)
    items = table.every(mine & Path("sk").startswith(keys.SUBSCRIBER_PREFIX), Reading(consistent=True))
    places = (str(item["sk"]).removeprefix(keys.SUBSCRIBER_PREFIX).partition("/") for item in items)
    return [(namespace, application) for namespace, _, application in places]


def hits(table: Table, word: str, most: int) -> Sequence[Hit]:
    """What a word that begins so speaks of; of a single letter, that word alone."""
    begins = word if len(word) >= SHORT_WORD else f"{word}#"
    mine = (Path("pk") == keys.words_hash(word)) & Path("sk").startswith(begins)
    return [record_of(Hit, item) for item in table.query(mine, Reading(limit=most)).items]
