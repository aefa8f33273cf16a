"""What the `escape` CLI asks, command by command, in its order, and what it must be answered to go on.

Source: reference/escape.md, 5.4 and 5.3; the package is one that the CLI itself has made.
"""

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests.dialects.inventory.site import INVENTORY, UNIT, Site
from tests.packages import a_package_file

PACKAGE = Path("tests/data/escape-package/app-v0.1.2.tgz").read_bytes()


def metadata(version: str) -> dict[str, Any]:
    """What the CLI registers."""
    with tarfile.open(fileobj=io.BytesIO(PACKAGE)) as tar:
        member = tar.extractfile("app-v0.1.2/release.json")
        assert member is not None
        return {**json.load(member), "version": version}


def package(version: str) -> bytes:
    """What the CLI uploads."""
    return a_package_file(**metadata(version))


def next_version(site: Site) -> str:
    """What the CLI takes the answer for: the bare version, with no branch for a 404."""
    answered = site.ask("GET", f"{UNIT}/next-version?prefix=0.1.")
    assert answered.status == 200
    assert answered.headers["Content-Type"].startswith("text/plain")
    return answered.text


def run_release(site: Site) -> str:
    """`escape run release`: the version that was released."""
    next_version(site)
    version = next_version(site)
    assert site.said_to("POST", f"{INVENTORY}/demo/register", metadata(version)) == (200, "")
    answered = site.upload(f"v{version}", package(version))
    assert (answered.status, answered.text) == (200, "")
    return version


@pytest.fixture
def site() -> Site:
    """An inventory in which two versions were released."""
    site = Site()
    assert [run_release(site), run_release(site)] == ["0.1.0", "0.1.1"]
    return site


def is_valid(release: dict[str, Any]) -> bool:
    """Whether the CLI takes it: it validates every release that it is given."""
    lists = ("consumes", "depends", "extends", "inputs", "outputs", "provides", "templates", "generates")
    maps = ("errands", "files", "metadata", "stages")
    kinds = [isinstance(release[name], list) for name in lists] + [isinstance(release[name], dict) for name in maps]
    return all(kinds) and release["api_version"] <= 15 and (release["name"], release["project"]) == ("app", "demo")


def test_a_release_asks_twice_for_its_version_registers_and_uploads(site: Site) -> None:
    assert [one["asked"].partition("?")[0] for one in site.said[:4]] == [
        f"GET {UNIT}/next-version",
        f"GET {UNIT}/next-version",
        f"POST {INVENTORY}/demo/register",
        f"POST {UNIT}/versions/v0.1.0/upload",
    ]
    assert site.get(f"{UNIT}/versions/v0.1.1/?full=true")["size"] == len(package("0.1.1"))


def test_a_release_that_may_be_there_is_looked_for_first(site: Site) -> None:
    assert next_version(site) == "0.1.2"
    assert site.said_to("GET", f"{UNIT}/versions/v0.1.2/") == (404, "")
    assert run_release(site) == "0.1.2"
    assert is_valid(site.get(f"{UNIT}/versions/v0.1.2/"))


def test_queries_go_from_namespaces_to_a_release(site: Site) -> None:
    assert site.get(f"{INVENTORY}/")["demo"]["name"] == "demo"
    assert site.get(f"{INVENTORY}/demo/units/")["app"]["latest_version"] == "0.1.1"
    # It panics over a null.
    assert site.get(f"{UNIT}/")["versions"] == ["0.1.1", "0.1.0"]
    assert is_valid(site.get(f"{UNIT}/versions/0.1.@/"))


def test_a_tag_is_set_and_deployed(site: Site) -> None:
    body = {"release_id": "demo/app-v0.1.0", "tag": "stable"}
    assert site.said_to("POST", f"{UNIT}/tags/", body) == (200, "")

    found = site.get(f"{UNIT}/versions/stable/")
    download = site.ask("GET", f"{UNIT}/versions/v{found['version']}/download")

    assert found["version"] == "0.1.0"
    assert download.status == 302
    assert site.packages.files[download.headers["Location"].partition("?")[0].split("/", 3)[3]] == package("0.1.0")


@pytest.mark.parametrize("query", ["v0.1.@", "0.1.@", "latest", "v@"])
def test_a_prefix_and_the_latest_are_deployed_and_fetched(site: Site, query: str) -> None:
    found = site.get(f"{UNIT}/versions/{query}/")

    assert is_valid(found)
    assert site.ask("GET", f"{UNIT}/versions/v{found['version']}/download").status == 302


def test_the_plan_is_compared_with_the_latest(site: Site) -> None:
    assert next_version(site) == "0.1.2"
    assert site.get(f"{UNIT}/versions/latest/")["version"] == "0.1.1"


def test_who_is_second_at_a_version_is_told_in_words_that_the_cli_shows(site: Site) -> None:
    assert site.said_to("POST", f"{INVENTORY}/demo/register", metadata("0.1.1")) == (
        400,
        "Release app-v0.1.1 already exists",
    )


def test_a_token_that_does_not_hold_is_401_which_the_cli_explains_itself(site: Site) -> None:
    assert site.said_to("GET", f"{INVENTORY}/", by="nobody") == (401, "")
