"""Register a release in one transaction; each failed condition maps to one fault."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Conflict, Stale, TooLarge
from chalicelib.kernel.feed.occurrence import OccurrenceType
from chalicelib.kernel.feed.of_releases import occurrences_of_release
from chalicelib.kernel.names import DEFAULT_NAMESPACE
from chalicelib.kernel.releases.links import Offer, edges_of, offers_of
from chalicelib.kernel.releases.release import Application, Namespace, Release
from chalicelib.kernel.releases.search import Hit, words_about
from chalicelib.store.audit.transaction import is_done, transact_audited
from chalicelib.store.dynamo.expressions import ConditionFailed
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.saving import NEW
from chalicelib.store.dynamo.tables import Change, Check, Put, Table, Tables, Write
from chalicelib.store.feed.writer import FeedWriter
from chalicelib.store.releases import keys
from chalicelib.store.releases.early_links import early_items, mark_item, registration
from chalicelib.store.releases.items import (
    OPEN,
    application_item,
    edge_item,
    hit_item,
    namespace_item,
    offer_item,
    public_item,
    release_item,
)
from chalicelib.use_cases.ports.releases import ApplicationHead
from slipway_formats.frozen import frozen
from slipway_formats.version import sort_key

MOST_WRITES = 95
"""Writes of one registration, without its audit entry and that of the feed; DynamoDB allows 100 in a transaction."""

MOST_OFFERS = 80
"""Interfaces of a release. Others may offer them too, so that they are written with it or not at all."""

MOST_WORDS = 200
"""Search words of an application; further ones are left out."""


@frozen
class Registering:
    """A release to register. standing: head of its application as it was read. owner: project for a new namespace."""

    release: Release
    standing: ApplicationHead
    owner: str


def register(feed: FeedWriter, asked: Registering, entry: AuditEntry) -> None:
    """Store a new release. Faults: Conflict, Stale, TooLarge.

    What does not fit into its transaction is written before it: links, which nobody sees until the release is there,
    and words, which lead to nothing until then.
    """
    tables, release, standing = feed.tables, asked.release, asked.standing
    table = tables.of(keys.INVENTORY)
    if len(offers_of(release)) > MOST_OFFERS:
        raise TooLarge(f"{_named(release)} provides more than the {MOST_OFFERS} interfaces that are taken")
    new_words = _new_words(release, standing)
    writes = (
        Put(table, release_item(release), NEW),
        Put(table, _head(asked, standing.words | new_words), _is_unchanged(standing)),
        _listed(table, release, standing),
        *_in_namespace(table, release.namespace, standing, asked.owner),
        *_offered(table, offers_of(release)),
    )
    beside = (*_linked(table, release), *(Put(table, hit_item(_hit(release, word))) for word in sorted(new_words)))
    if len(writes) + len(beside) > MOST_WRITES:
        beside = _written_early(tables, release, new_words, entry)
    try:
        feed.transact(
            occurrences_of_release(OccurrenceType.RELEASE_REGISTERED, release.key, entry),
            lambda last: transact_audited(tables, (*writes, *beside, *last), entry),
        )
    except ConditionFailed as error:
        if 0 not in error.places:
            raise Stale(f"application {release.key.application} has changed") from error
        raise _exists(release) from error


def _written_early(tables: Tables, release: Release, words: frozenset[str], entry: AuditEntry) -> tuple[Write, ...]:
    """Write links and words before the release; return the write that makes the links visible. Faults: Conflict."""
    table, of = tables.of(keys.INVENTORY), registration(entry.id)
    if table.get(keys.release_key(release.key)) is not None and not is_done(tables, entry):
        raise _exists(release)
    hits = (hit_item(_hit(release, word)) for word in sorted(words))
    table.write_many([*early_items(edges_of(release), of), *hits])
    return (Put(table, mark_item(release.key, of)),)


def _exists(release: Release) -> Conflict:
    return Conflict(f"{_named(release)} exists")


def _named(release: Release) -> str:
    return f"release {release.key.application}-v{release.key.version}"


def _new_words(release: Release, standing: ApplicationHead) -> frozenset[str]:
    if len(standing.words) >= MOST_WORDS:
        return frozenset()
    return frozenset(words_about(release.namespace, release.metadata)) - standing.words


def _hit(release: Release, word: str) -> Hit:
    return Hit(word=word, namespace=release.namespace, application=release.key.application)


def _linked(table: Table, release: Release) -> tuple[Write, ...]:
    edges = edges_of(release)
    subscribing = {keys.subscriber_key(edge): edge for edge in edges}
    return (
        *(Put(table, edge_item(edge)) for edge in edges),
        *(Put(table, {"pk": key.pk, "sk": key.sk}) for key in subscribing),
    )


def _offered(table: Table, offers: Sequence[Offer]) -> Iterator[Write]:
    """Yield writes for offers with a higher version than the known ones, on condition that those do not change."""
    known = table.get_many([keys.offer_key(offer) for offer in offers], consistent=True)
    for offer, there in zip(offers, known, strict=True):
        if there is None:
            yield Put(table, offer_item(offer), NEW)
        elif sort_key(offer.version) > sort_key(str(there["version"])):
            yield Put(table, offer_item(offer), Path("version") == str(there["version"]))


def _head(asked: Registering, words: frozenset[str]) -> Item:
    """Return the application after the release: its description is the newest release's, its latest the highest
    version.
    """
    release, standing = asked.release, asked.standing
    version, latest = release.key.version, standing.latest
    highest = version if latest is None or sort_key(version) > sort_key(latest) else latest
    application = Application(
        namespace=release.namespace,
        name=release.key.application,
        description=release.metadata.description,
        logo=release.metadata.logo,
        latest=highest,
        by=release.by,
        at=release.at,
        project=(asked.owner or standing.project or "") if release.namespace == DEFAULT_NAMESPACE else "",
    )
    return application_item(application, replace(standing, count=standing.count + 1, words=words))


def _is_unchanged(standing: ApplicationHead) -> Condition:
    if standing.count == 0:
        return NEW
    # Heads written before yanks existed have no count of them.
    same = Path("yanks") == standing.yanks
    unmoved: Condition = Path("releases") == standing.count
    still: Condition = unmoved & (same if standing.yanks else same | Path("yanks").does_not_exist())
    return still


def _listed(table: Table, release: Release, standing: ApplicationHead) -> Write:
    page = standing.count // keys.VERSIONS_A_PAGE
    key = keys.versions_key(release.namespace, release.key.application, page)
    return Change(table, key, (Path("versions").add({release.key.version}),))


def _in_namespace(table: Table, name: str, standing: ApplicationHead, owner: str) -> Iterator[Write]:
    is_default = name == DEFAULT_NAMESPACE
    made = Namespace(name=name, project="" if is_default else owner, is_public=is_default)
    if standing.has_namespace:
        yield Check(table, keys.namespace_key(name), OPEN)
    else:
        yield Put(table, namespace_item(made), NEW)
    if is_default:
        yield Put(table, public_item(made))
