"""Writing a tag on a release, with the words by which it is found, in one transaction."""

from dataclasses import replace

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.releases.release import ReleaseKey
from chalicelib.kernel.releases.search import Hit, words_of
from chalicelib.store.audit.transaction import transact_audited
from chalicelib.store.dynamo.expressions import ConditionFailed
from chalicelib.store.dynamo.tables import Check, Put, Tables, Write
from chalicelib.store.releases import keys
from chalicelib.store.releases.links import hit_item
from chalicelib.store.releases.register import THERE

MOST_WORDS = 20


@frozen
class Tagging:
    """Which release a tag is to name. by: whose doing it is."""

    key: ReleaseKey
    tag: str
    by: str


def put_tag(tables: Tables, asked: Tagging, entry: AuditEntry | None) -> None:
    """Have the tag name this release. Faults: NotFound, when there is no such release."""
    key = asked.key
    try:
        if entry is None:
            # Soon the same may be asked for again, after another tagging, and then is to happen again.
            tables.transact(_writes(tables, asked), str(tables.aws.clock.dice()))
        else:
            transact_audited(tables, _writes(tables, asked), entry)
    except ConditionFailed as missed:
        raise NotFound(f"no release {key.application}-v{key.version} in {key.namespace}") from missed


def _writes(tables: Tables, asked: Tagging) -> tuple[Write, ...]:
    table, key = tables.of(keys.INVENTORY), asked.key
    place = keys.tag_key(key.namespace, key.application, asked.tag)
    said = Hit(word="", namespace=key.namespace, application=key.application, tag=asked.tag, version=key.version)
    return (
        Check(table, keys.release_key(key), THERE),
        Put(table, {"pk": place.pk, "sk": place.sk, "version": key.version, "by": asked.by}),
        *(Put(table, hit_item(replace(said, word=word))) for word in words_of(asked.tag)[:MOST_WORDS]),
    )
