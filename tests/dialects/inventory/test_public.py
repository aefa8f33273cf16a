"""A public namespace is read by anybody known, and changed by nobody more than before."""

import pytest

from tests.dialects.inventory.site import INVENTORY, UNIT, Site

VERSION = f"{UNIT}/versions/v1.0"
READ = (
    f"{INVENTORY}/demo/",
    f"{INVENTORY}/demo/units/",
    f"{UNIT}/",
    f"{UNIT}/tags/",
    f"{UNIT}/versions/",
    f"{VERSION}/",
    f"{VERSION}/diff/1.0/",
    f"{VERSION}/dependency-graph",
    f"{VERSION}/downstream",
)


@pytest.fixture
def site() -> Site:
    site = Site()
    site.register("1.0", provides=[{"name": "db"}])
    site.ask("PUT", f"{INVENTORY}/demo/", {"name": "demo", "is_public": True})
    return site


@pytest.mark.parametrize("target", READ)
def test_anybody_known_reads_it(site: Site, target: str) -> None:
    assert site.ask("GET", target, by="sam").status == 200
    assert site.ask("GET", target, by="").status == 401


def test_it_is_in_the_lists_and_is_searched(site: Site) -> None:
    site.ask("POST", "/api/v1/internal/add-namespace", {"name": "hidden"})
    site.ask("POST", "/api/v1/internal/add-namespace", {"name": "own", "project": "other"}, by="root")

    seen = site.get(f"{INVENTORY}/", by="sam")

    assert list(seen) == ["demo"]
    assert seen["demo"]["permission"] == "read"
    assert list(site.get("/api/v1/internal/get_namespaces_for_project?project=web", by="sam")) == ["demo"]
    assert list(site.get(f"{INVENTORY}/__providers?name=db", by="sam")) == ["demo/app-v1.0"]
    assert site.ask("POST", f"{INVENTORY}/search", {"query": "app"}, by="sam").json["results"] != []
    assert site.said_to("GET", f"{UNIT}/next-version?prefix=1.", by="sam") == (200, "1.1")


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("PUT", f"{INVENTORY}/demo/"),
        ("POST", f"{UNIT}/tags/"),
        ("POST", f"{VERSION}/upload"),
        ("POST", f"{VERSION}/yank"),
        ("GET", f"{INVENTORY}/demo/hooks/"),
        ("GET", f"{UNIT}/hooks/"),
        ("PUT", f"{UNIT}/hooks/"),
    ],
)
def test_who_has_no_role_there_does_no_more(site: Site, method: str, target: str) -> None:
    refused = (403, "sam may read namespace demo, and no more")
    assert site.said_to(method, target, {}, by="sam") == refused
    assert site.register("2.0", by="sam") == refused


def test_what_is_public_no_more_is_hidden_again(site: Site) -> None:
    site.ask("PUT", f"{INVENTORY}/demo/", {"name": "demo"})
    assert site.said_to("GET", f"{INVENTORY}/demo/", by="sam") == (404, "")
    assert site.get(f"{INVENTORY}/", by="sam") == {}
