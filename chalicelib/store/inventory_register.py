"""Registering a release: one transaction, of which every condition says what it means when it does not hold."""

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from chalicelib.kernel.faults import Conflict, Stale
from chalicelib.kernel.release import Application, Namespace, Release
from chalicelib.kernel.version import sort_key
from chalicelib.store import keys_inventory as keys
from chalicelib.store.catalog_items import token_of
from chalicelib.store.expressions import Missed
from chalicelib.store.inventory_items import application_item, namespace_item, release_item
from chalicelib.store.items import Item
from chalicelib.store.tables import Change, Check, Put, Table, Tables, Write
from chalicelib.use_cases.ports_inventory import Standing

NEW = Path("pk").does_not_exist()
THERE = Path("pk").exists()


def register(tables: Tables, release: Release, standing: Standing, owner: str) -> None:
    """Store a new release, or nothing. Faults: Conflict, Stale, TooLarge."""
    table, made = tables.of(keys.INVENTORY), release_item(release)
    head = _head(release, standing)
    writes = (
        Put(table, made, NEW),
        Put(table, head, _unmoved(standing)),
        _listed(table, release, standing),
        _in_namespace(table, release.namespace, standing, owner),
    )
    try:
        tables.transact(writes, token_of(made, head))
    except Missed as missed:
        _explain(missed, release)


def _head(release: Release, standing: Standing) -> Item:
    """The application as the release leaves it: registered last, it speaks for it; the highest stays the highest."""
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
    )
    return application_item(application, standing.count + 1)


def _unmoved(standing: Standing) -> Condition:
    return NEW if standing.count == 0 else Path("releases") == standing.count


def _listed(table: Table, release: Release, standing: Standing) -> Write:
    page = standing.count // keys.VERSIONS_A_PAGE
    key = keys.versions_key(release.namespace, release.key.application, page)
    return Change(table, key, (Path("versions").add({release.key.version}),))


def _in_namespace(table: Table, name: str, standing: Standing, owner: str) -> Write:
    if standing.project is not None:
        return Check(table, keys.namespace_key(name), THERE)
    return Put(table, namespace_item(Namespace(name=name, project=owner)), NEW)


def _explain(missed: Missed, release: Release) -> None:
    if 0 not in missed.places:
        raise Stale(f"application {release.key.application} has changed") from missed
    there = missed.there[0]
    if there is None or there.get("registration") != release.registration or not release.registration:
        raise Conflict(f"release {release.key.application}-v{release.key.version} exists") from missed
