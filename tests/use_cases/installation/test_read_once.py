"""Of the installation a request reads an entry once, unless it changes one."""

from dataclasses import replace

from chalicelib.kernel.installation.entries import Application, place_handle, title_handle
from chalicelib.use_cases.installation.read_once import reading_once
from tests.builders import NOON, an_entry
from tests.use_cases.catalog_ports import catalog_ports

SHOP = Application(id=10_001, title="Shop", project="shop", name="shop", created_by="ann", created_at=NOON)


def test_what_is_read_twice_stays_as_it_was_read_first() -> None:
    ports = catalog_ports()
    made = ports.installation.create(SHOP, an_entry())
    once = reading_once(ports)
    first = once.installation.find(Application, made.id), once.installation.find_by(Application, title_handle("none"))
    renamed = ports.installation.save(replace(made, title="none"), made, an_entry())

    again = once.installation.find(Application, made.id), once.installation.find_by(Application, title_handle("none"))
    assert first == again == (made, None)
    assert reading_once(ports).installation.find(Application, made.id) == renamed


def test_after_a_change_of_ones_own_all_is_read_anew() -> None:
    once = reading_once(catalog_ports()).installation
    assert once.find_by(Application, place_handle("shop", "shop")) is None
    made = once.create(SHOP, an_entry())
    assert once.find_by(Application, place_handle("shop", "shop")) == made

    renamed = once.save(replace(made, title="Store"), made, an_entry())
    assert once.find(Application, made.id) == renamed
    once.remove(renamed, an_entry())
    assert (once.find(Application, made.id), once.every(Application)) == (None, [])
    assert once.with_handles(Application, "") == []
