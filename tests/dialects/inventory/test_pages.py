"""Lists are whole, as their clients need them, unless a size is asked for: then they come slice by slice."""

import json
from urllib.parse import quote

import pytest

from tests.dialects.inventory.site import INVENTORY, UNIT, Site

LISTS = {
    f"{INVENTORY}/": ["aa", "bb", "demo"],
    "/api/v1/internal/get_namespaces_for_project": ["aa", "bb", "demo"],
    "/api/v1/internal/get_namespaces_for_project?project=web": ["aa", "bb", "demo"],
    "/api/v1/internal/get_namespaces_for_project?namespaces=aa,demo,none,bb": ["aa", "bb", "demo"],
    f"{INVENTORY}/demo/units/": ["app", "site", "web"],
    f"{UNIT}/versions/": ["1.2", "1.1", "1.0"],
    f"{UNIT}/tags/": ["a b/c", "stable", "\u00e9 \u2713"],
    f"{UNIT}/versions/1.0/downstream": ["site", "web"],
    f"{INVENTORY}/__providers?name=db": ["demo/app-v1.2", "demo/site-v1.0", "demo/web-v1.0"],
}


@pytest.fixture
def site() -> Site:
    site = Site()
    for name in ("bb", "aa"):
        site.ask("POST", "/api/v1/internal/add-namespace", {"name": name})
    provides = [{"name": "db"}]
    for version in ("1.0", "1.1", "1.2"):
        site.register(version, provides=provides)
    for name in ("web", "site"):
        needs = {"depends": [{"release_id": "demo/app-v1.0"}], "project": "demo"}
        site.ask("POST", f"{INVENTORY}/demo/register", {"name": name, "version": "1.0", **needs, "provides": provides})
    for tag in ("stable", "a b/c", "\u00e9 \u2713"):
        site.ask("POST", f"{UNIT}/tags/", {"release_id": "demo/app-v1.0", "tag": tag})
    return site


def shown(text: str) -> list[str]:
    """What a list names, in order."""
    value = json.loads(text)
    return [one["name"] if isinstance(one, dict) else one for one in value] if isinstance(value, list) else list(value)


@pytest.mark.parametrize("target", LISTS)
def test_a_list_is_whole_without_a_size(site: Site, target: str) -> None:
    answered = site.ask("GET", target)
    assert shown(answered.text) == LISTS[target]
    assert "X-Next-Page" not in answered.headers


@pytest.mark.parametrize("target", LISTS)
@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_slices_one_after_another_are_the_list(site: Site, target: str, size: int) -> None:
    found, place = list[str](), ""
    while True:
        mark = "&" if "?" in target else "?"
        answered = site.ask("GET", f"{target}{mark}page_size={size}&page_from={quote(place)}")
        assert answered.status == 200
        assert len(shown(answered.text)) <= size
        found += shown(answered.text)
        place = answered.headers.get("X-Next-Page", "")
        if not place:
            break
    assert found == LISTS[target]


@pytest.mark.parametrize("target", LISTS)
def test_a_size_that_is_none_is_refused(site: Site, target: str) -> None:
    mark = "&" if "?" in target else "?"
    assert site.said_to("GET", f"{target}{mark}page_size=0") == (400, "page_size: should be from 1 to 1000")
    assert site.said_to("GET", f"{target}{mark}page_size=x") == (400, "page_size: should be a whole number")


def test_a_place_that_is_none_is_refused(site: Site) -> None:
    refused = (400, "page_from: should be as X-Next-Page said")
    assert site.said_to("GET", f"{UNIT}/tags/?page_size=1&page_from=%C3%A9") == refused
    assert site.said_to("GET", f"{UNIT}/tags/?page_size=1&page_from=_w") == refused


def test_what_one_may_not_see_is_in_no_slice(site: Site) -> None:
    assert site.get(f"{INVENTORY}/?page_size=5", by="sam") == {}
    assert site.get("/api/v1/internal/get_namespaces_for_project?project=web&page_size=5", by="sam") == {}
    assert site.get(f"{INVENTORY}/__providers?name=db&page_size=5", by="sam") == {}
