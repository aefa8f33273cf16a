"""The ports of releases on the store, in one, as contract tests ask them."""

from typing import Any, cast

from chalicelib.store.dynamo.remembered import WhileSame, WhileUnchanged
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.feed.writer import FeedWriter
from chalicelib.store.releases.applications import StoredApplications
from chalicelib.store.releases.hooks import StoredHooks
from chalicelib.store.releases.links import StoredLinks
from chalicelib.store.releases.namespaces import StoredNamespaces
from chalicelib.store.releases.packages import StoredPackageRecords
from chalicelib.store.releases.releases import StoredReleases
from chalicelib.store.releases.search import StoredSearch
from chalicelib.store.releases.tags import StoredTags
from tests.fakes.inventory import Inventory

PORTS = (
    StoredApplications,
    StoredTags,
    StoredLinks,
    StoredHooks,
    StoredSearch,
)


REMEMBERED = 1000


class _Joined:
    """Hands every method to the port that has it."""

    def __init__(self, tables: Tables) -> None:
        feed = FeedWriter(tables=tables)
        self._ports = [
            *(port(tables=tables) for port in PORTS),
            # As on one machine: what they read anew each time they read so too.
            StoredNamespaces(tables=tables, owners=WhileUnchanged(REMEMBERED)),
            StoredReleases(tables=tables, feed=feed, lists=WhileSame(REMEMBERED)),
            StoredPackageRecords(tables=tables, feed=feed),
        ]

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the port has
        return getattr(next(port for port in self._ports if hasattr(port, name)), name)


def stored_inventory(tables: Tables) -> Inventory:
    """All ports of releases on these tables."""
    return cast("Inventory", _Joined(tables))
