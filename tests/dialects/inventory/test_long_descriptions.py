"""Lists and hits stay small, however long descriptions are and however large logos."""

from typing import Any

import pytest

from tests.dialects.inventory.site import INVENTORY, UNIT, Site

LONG, LOGO = "zebra " + "d" * 100_000, "L" * 16_385
CUT = f"{LONG[:1000]}…"


@pytest.fixture
def site() -> Site:
    site = Site()
    made = {"name": "demo", "description": LONG, "logo": LOGO, "project": "web"}
    assert site.said_to("POST", "/api/v1/internal/add-namespace", made)[0] == 200
    provides = [{"name": "db"}]
    assert site.register("1.0", description=LONG, logo=LOGO, provides=provides) == (200, "")
    return site


@pytest.mark.parametrize(
    ("method", "target", "body", "way"),
    [
        ("GET", f"{INVENTORY}/", None, ("demo",)),
        ("GET", f"{INVENTORY}/demo/units/", None, ("app",)),
        ("GET", f"{INVENTORY}/demo/", None, ("units", "app")),
        ("GET", "/api/v1/internal/get_namespaces_for_project?project=web", None, ("demo",)),
        ("GET", f"{INVENTORY}/__providers?name=db", None, ("demo/app-v1.0",)),
        ("POST", f"{INVENTORY}/search", {"query": "zebra"}, ("results", 0)),
    ],
)
def test_a_list_cuts_descriptions_and_leaves_large_logos_out(
    site: Site, method: str, target: str, body: object, way: tuple[Any, ...]
) -> None:
    entry: Any = site.ask(method, target, body).json
    for step in way:
        entry = entry[step]
    assert (entry["description"], entry.get("logo", "")) == (CUT, "")


def test_one_thing_alone_is_shown_whole(site: Site) -> None:
    for target in (f"{UNIT}/", f"{INVENTORY}/demo/", f"{UNIT}/versions/1.0/"):
        found = site.get(target)
        assert (found["description"], found["logo"]) == (LONG, LOGO)


def test_what_is_short_is_listed_as_it_is(site: Site) -> None:
    assert site.register("1.1", description="d" * 1000, logo="L" * 16_384) == (200, "")
    unit = site.get(f"{INVENTORY}/demo/units/")["app"]
    assert (unit["description"], unit["logo"]) == ("d" * 1000, "L" * 16_384)
