"""Implement the port Tags on the table `inventory`. A tag and its search words are written in one transaction."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.releases.release import ReleaseKey
from chalicelib.kernel.releases.search import Hit, words_of
from chalicelib.store.audit.transaction import transact_audited
from chalicelib.store.dynamo.expressions import ConditionFailed
from chalicelib.store.dynamo.tables import Check, Put, Table, Tables, Write
from chalicelib.store.releases.items import THERE, hit_item
from chalicelib.store.releases.keys import INVENTORY, TAG_PREFIX, partition, release_key, tag_key
from chalicelib.store.releases.lists import in_partition
from chalicelib.use_cases.ports.releases import Tags
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.frozen import frozen
from slipway_formats.override import override

MOST_WORDS = 20


@frozen
class StoredTags(Tags):
    """Tags, which can move between the releases of an application."""

    tables: Tables

    @override
    def update_tag(self, key: ReleaseKey, tag: str, by: str, entry: AuditEntry | None) -> None:
        writes = self._writes(key, tag, by)
        try:
            if entry is None:
                # A unique token: the same tagging may be repeated soon, after another one, and must take effect again.
                self.tables.transact(writes, str(self.tables.aws.clock.dice()))
            else:
                transact_audited(self.tables, writes, entry)
        except ConditionFailed as error:
            raise NotFound(f"no release {key.application}-v{key.version} in {key.namespace}") from error

    @override
    def tags(self, namespace: str, application: str, page: Page | None = None) -> Mapping[str, str]:
        items = in_partition(self._table, partition(namespace, application), TAG_PREFIX, page)
        return {str(item["sk"]).removeprefix(TAG_PREFIX): str(item["version"]) for item in items}

    def _writes(self, key: ReleaseKey, tag: str, by: str) -> tuple[Write, ...]:
        place = tag_key(key.namespace, key.application, tag)
        hit = Hit(word="", namespace=key.namespace, application=key.application, tag=tag, version=key.version)
        return (
            Check(self._table, release_key(key), THERE),
            Put(self._table, {"pk": place.pk, "sk": place.sk, "version": key.version, "by": by}),
            *(Put(self._table, hit_item(replace(hit, word=word))) for word in words_of(tag)[:MOST_WORDS]),
        )

    @property
    def _table(self) -> Table:
        return self.tables.of(INVENTORY)
