"""Implement the port Applications on the table `inventory`."""

from collections.abc import Sequence
from itertools import islice

from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.releases.release import Application
from chalicelib.store.dynamo.tables import Table, Tables
from chalicelib.store.releases.items import application_head_of, application_of
from chalicelib.store.releases.keys import INVENTORY, application_key, applications_hash, namespace_key
from chalicelib.store.releases.lists import in_index, most
from chalicelib.store.releases.removal import remove_application
from chalicelib.use_cases.ports.releases import ApplicationHead, Applications
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.frozen import frozen
from slipway_formats.override import override


@frozen
class StoredApplications(Applications):
    """Applications, which own releases."""

    tables: Tables

    @override
    def application(self, namespace: str, name: str) -> Application:
        item = self._table.get(application_key(namespace, name))
        if item is None:
            raise NotFound(f"no application {name} in namespace {namespace}")
        return application_of(item)

    @override
    def applications(self, namespace: str, page: Page | None = None) -> Sequence[Application]:
        items = in_index(self._table, ("first", applications_hash(namespace)), page)
        return [application_of(item) for item in islice(items, most(page))]

    @override
    def application_head(self, namespace: str, application: str) -> ApplicationHead:
        wanted = (namespace_key(namespace), application_key(namespace, application))
        owner, head = self._table.get_many(wanted, consistent=True)
        return application_head_of(namespace, owner, head)

    @override
    def remove_application(self, namespace: str, name: str) -> None:
        head = self._table.get(application_key(namespace, name))
        if head is not None:
            remove_application(self._table, namespace, name, head)

    @property
    def _table(self) -> Table:
        return self.tables.of(INVENTORY)
