"""Releases and lists of versions are sent once to who asks with the ETag of what they have."""

import pytest

from tests.dialects.inventory.site import INVENTORY, UNIT, Site

TARGETS = [
    f"{UNIT}/versions/",
    f"{UNIT}/versions/?page_size=1",
    f"{UNIT}/versions/latest/",
    f"{UNIT}/versions/1.1/previous/",
    f"{UNIT}/versions/1.0/?full=true",
    f"{UNIT}/",
]


@pytest.fixture
def site() -> Site:
    site = Site()
    site.register("1.0")
    site.register("1.1")
    return site


@pytest.mark.parametrize("target", TARGETS)
def test_the_same_is_not_sent_again(site: Site, target: str) -> None:
    first = site.ask("GET", target)

    again = site.ask("GET", target, If_None_Match=first.headers["ETag"])

    assert (again.status, again.text) == (304, "")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "Content-Type" not in again.headers


@pytest.mark.parametrize("target", [f"{UNIT}/versions/", f"{UNIT}/versions/latest/", f"{UNIT}/"])
def test_what_has_changed_is_sent(site: Site, target: str) -> None:
    first = site.ask("GET", target)
    site.register("1.2")

    again = site.ask("GET", target, If_None_Match=first.headers["ETag"])

    assert (again.status, again.text == first.text) == (200, False)


def test_who_may_not_see_is_not_told_that_it_is_the_same(site: Site) -> None:
    tag = site.ask("GET", f"{UNIT}/versions/").headers["ETag"]
    assert site.ask("GET", f"{UNIT}/versions/", by="sam", If_None_Match=tag).status == 404
    assert site.ask("GET", f"{INVENTORY}/none/units/app/versions/", If_None_Match="*").status == 404
