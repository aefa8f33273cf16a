"""The Inventory on the true store: packages move over real HTTP, and of many registrations of one version one wins."""

import hashlib
import random
import socket
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from urllib.parse import quote, urlsplit

import pytest

from chalicelib.aws.calls import Aws
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.releases.package_objects import SMALLEST_PART, S3Packages
from infra import resources
from tests.dialects.inventory.site import UNIT, Site, packed
from tests.fakes.world import FakeWorld
from tests.packages import a_package_file
from tests.store.releases.stored import stored_inventory
from tests.use_cases.house import House

NOISE = random.Random(1).randbytes(SMALLEST_PART + 1)  # noqa: S311 - what does not shrink


class PausingWorld(FakeWorld):
    """A clock set by hand, which stands while somebody truly pauses.

    One that moved with every pause of a crowd would take from each the patience of all.
    """

    def pause(self, longest: float) -> None:
        """Sleeps a random while."""
        time.sleep(random.random() * longest)  # noqa: S311 - spreads retries, guards nothing


@pytest.fixture
def site(aws: Aws, tables: Tables, prefix: str) -> Site:
    resources.create_bucket(aws, prefix)
    packages = S3Packages(aws=aws, bucket=f"{prefix}{resources.BUCKET}")
    return Site(stored=(stored_inventory(tables), packages), house=House(world=PausingWorld()))


def test_a_package_given_whole_is_fetched_as_it_was(site: Site) -> None:
    content = a_package_file(content=bytes(range(256)) * 40)
    site.register("1.0")
    assert site.upload("v1.0", content).status == 200
    site.ask("POST", f"{UNIT}/tags/", {"release_id": "demo/app-latest", "tag": "a b"})

    answered = site.ask("GET", f"{UNIT}/versions/a%20b/download")

    with urllib.request.urlopen(answered.headers["Location"], timeout=30) as fetched:
        assert fetched.read() == content
        assert fetched.headers["Content-Type"] == "application/gzip"
        assert fetched.headers["Content-Disposition"] == 'attachment; filename="app-a_b.tgz"'
    assert answered.headers["X-Slipway-SHA256"] == hashlib.sha256(content).hexdigest()
    asked = site.ask("HEAD", f"{UNIT}/versions/a%20b/download")
    head = urllib.request.Request(asked.headers["Location"], method="HEAD")
    with urllib.request.urlopen(head, timeout=30) as told:
        assert (told.read(), int(told.headers["Content-Length"])) == (b"", len(content))
    full = site.get(f"{UNIT}/versions/1.0/?full=true")
    assert (full["downloads"], full["sha256"], full["size"]) == (1, hashlib.sha256(content).hexdigest(), len(content))


def test_a_package_is_fetched_by_a_tag_in_any_script(site: Site) -> None:
    site.register("1.0")
    assert site.upload("v1.0", b"x").status == 200
    assert site.said_to("POST", f"{UNIT}/tags/", {"release_id": "demo/app-v1.0", "tag": "тег"}) == (200, "")

    answered = site.ask("GET", f"{UNIT}/versions/{quote('тег')}/download")

    assert answered.headers["Location"].isascii()
    with urllib.request.urlopen(answered.headers["Location"], timeout=30) as fetched:
        told = fetched.headers["Content-Disposition"]
    assert told == f"attachment; filename=\"app-___.tgz\"; filename*=UTF-8''{quote('app-тег.tgz')}"


def test_a_package_in_parts_is_one_package(site: Site) -> None:
    content = a_package_file(content=NOISE)
    site.register("1.0")
    target = f"{UNIT}/versions/v1.0/upload"
    said = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}

    begun = site.ask("POST", target, said, Content_Type="application/json").json
    cuts = [content[: begun["part_size"]], content[begun["part_size"] :]]
    etags = [_put(part["url"], cut) for part, cut in zip(begun["parts"], cuts, strict=True)]
    parts = [{"number": number, "etag": etag} for number, etag in enumerate(etags, 1)]
    done = [
        site.said_to("POST", f"{target}/complete", {"upload_id": begun["upload_id"], "parts": parts}) for _ in range(2)
    ]

    assert done == [(200, ""), (200, "")]
    with urllib.request.urlopen(
        site.ask("GET", f"{UNIT}/versions/latest/download").headers["Location"], timeout=30
    ) as fetched:
        assert fetched.read() == content


@pytest.mark.parametrize("broken", [1, 2, 3])
def test_an_upload_that_broke_off_at_a_part_leaves_nothing_and_is_gone_on_with(site: Site, broken: int) -> None:
    content = a_package_file(content=NOISE + NOISE)
    site.register("1.0")
    target = f"{UNIT}/versions/v1.0/upload"
    said = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    begun = site.ask("POST", target, said, Content_Type="application/json").json
    cuts = {number: content[(number - 1) * SMALLEST_PART :][:SMALLEST_PART] for number in (1, 2, 3)}
    urls = {part["number"]: part["url"] for part in begun["parts"]}
    etags = {number: _put(urls[number], cuts[number]) for number in range(1, broken)}

    _break_off(urls[broken], cuts[broken])
    early = {"upload_id": begun["upload_id"], "parts": [{"number": n, "etag": etag} for n, etag in etags.items()]}
    refused = site.said_to("POST", f"{target}/complete", early)

    assert refused[0] == 400
    assert site.said_to("GET", f"{UNIT}/versions/v1.0/download") == (404, "")
    etags |= {number: _put(urls[number], cuts[number]) for number in range(broken, 4)}
    whole = {"upload_id": begun["upload_id"], "parts": [{"number": n, "etag": etag} for n, etag in etags.items()]}
    assert site.said_to("POST", f"{target}/complete", whole) == (200, "")
    location = site.ask("GET", f"{UNIT}/versions/v1.0/download").headers["Location"]
    with urllib.request.urlopen(location, timeout=30) as fetched:
        assert fetched.read() == content


def test_an_upload_that_was_never_finished_stands_in_nobodys_way(site: Site) -> None:
    site.register("1.0")
    content = a_package_file()
    said = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    target = f"{UNIT}/versions/v1.0/upload"
    first = site.ask("POST", target, said, Content_Type="application/json").json
    etag = _put(first["parts"][0]["url"], content)

    assert site.upload("v1.0", b"another").status == 200
    late = {"upload_id": first["upload_id"], "parts": [{"number": 1, "etag": etag}]}
    assert site.said_to("POST", f"{target}/complete", late) == (409, "Resource already exists")
    with urllib.request.urlopen(
        site.ask("GET", f"{UNIT}/versions/v1.0/download").headers["Location"], timeout=30
    ) as fetched:
        assert fetched.read() == packed("v1.0", b"another")


def test_of_many_registrations_of_one_version_one_wins(site: Site) -> None:
    together = Barrier(32)

    def attempt(number: int) -> tuple[int, str]:
        together.wait(timeout=30)
        return site.register("1.0", description=str(number))

    with ThreadPoolExecutor(32) as crowd:
        answers = list(crowd.map(attempt, range(32)))

    assert sorted(answers) == [(200, "")] + [(400, "Release app-v1.0 already exists")] * 31


def test_registrations_of_many_versions_all_succeed(site: Site) -> None:
    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(lambda n: site.register(f"1.{n}"), range(24)))

    assert answers == [(200, "")] * 24
    assert site.get(f"{UNIT}/versions/") == [f"1.{n}" for n in reversed(range(24))]
    assert site.said_to("GET", f"{UNIT}/next-version?prefix=1.") == (200, "1.24")


def test_versions_are_found_as_they_are_asked_for(site: Site) -> None:
    for version in ("0.9", "0.10", "1.0", "01.02"):
        site.register(version)

    asked = ("latest", "v@", "0.@", "v0.9", "1.@", "01.@")
    found = [site.get(f"{UNIT}/versions/{query}/")["version"] for query in asked]

    assert found == ["01.02", "01.02", "0.10", "0.9", "1.0", "01.02"]
    assert site.get(f"{UNIT}/versions/0.10/previous/")["version"] == "0.9"


def _put(url: str, content: bytes) -> str:
    # urllib would call it a form, which the stand-in takes apart: seconds for a package.
    put = urllib.request.Request(url, content, {"Content-Type": "application/octet-stream"}, method="PUT")
    with urllib.request.urlopen(put, timeout=30) as reply:
        return str(reply.headers["ETag"])


def _break_off(url: str, content: bytes) -> None:
    """The connection breaks in the middle of a part."""
    parts = urlsplit(url)
    assert parts.hostname
    with socket.create_connection((parts.hostname, parts.port or 80), timeout=30) as line:
        head = (
            f"PUT {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        line.sendall(head.encode() + content[: len(content) // 2])
