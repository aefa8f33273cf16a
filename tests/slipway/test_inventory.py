"""The inventory over HTTP: what is asked, and what becomes of every answer."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from chalicelib.dialects.inventory.packages.shapes import CompleteBody, UploadBody
from slipway.client import Client, Manners
from slipway.inventory import HttpInventory
from slipway.plan.ports import AlreadyReleasedError, InventoryError, MadeRelease, MissingReleaseError
from tests.slipway.http import Asked, Say, Web, say_json, web

BASE = "/api/v1/inventory/ns/units/app"
PACKAGE = bytes(range(256)) * 50
FIRST = json.dumps({"size": len(PACKAGE), "sha256": hashlib.sha256(PACKAGE).hexdigest()}).encode()


@pytest.fixture
def place() -> Iterator[Web]:
    with web() as place:
        yield place


@pytest.fixture
def store() -> Iterator[Web]:
    with web() as store:
        yield store


@pytest.fixture
def inventory(place: Web) -> Iterator[HttpInventory]:
    with Client(place.address, "sw_token", Manners(patience=0)) as client:
        yield HttpInventory(client, project="web", run="run7")


def test_the_next_version_is_plain_text(place: Web, inventory: HttpInventory) -> None:
    place.say(Say(content=b"0.1.7"))

    assert inventory.next_version("ns", "app", "0.1.") == "0.1.7"
    assert place.asked[0].target == f"{BASE}/next-version?prefix=0.1."


def test_a_next_version_that_is_none_is_refused(place: Web, inventory: HttpInventory) -> None:
    place.say(Say(content=b"../../etc"))

    with pytest.raises(InventoryError, match="for the next version"):
        inventory.next_version("ns", "app", "0.1.")


def test_a_release_is_its_metadata(place: Web, inventory: HttpInventory) -> None:
    place.say(say_json({"name": "app"}))

    assert inventory.release("ns", "app", "v1.@") == {"name": "app"}
    assert place.asked[0].target == f"{BASE}/versions/v1.%40/"


def test_a_release_says_who_made_it(place: Web, inventory: HttpInventory) -> None:
    source = {"repository": "", "revision": "abc", "built_by": "ada", "run": "run1"}
    place.say(say_json({"release": {"version": "1.0"}, "provenance": source, "sha256": "0" * 64}))

    assert inventory.made("ns", "app", "v1.@") == MadeRelease(
        id="ns/app-v1.0", version="1.0", revision="abc", run="run1", has_package=True
    )
    assert place.asked[0].target == f"{BASE}/versions/v1.%40/?full=true"


def test_a_release_that_is_not_there_is_missing(place: Web, inventory: HttpInventory) -> None:
    place.say(Say(status=404))

    with pytest.raises(MissingReleaseError, match="the inventory has no ns/app v9"):
        inventory.release("ns", "app", "v9")


@pytest.mark.parametrize(
    ("status", "content"), [(400, b"Release app-v1.0 already exists"), (409, b"Resource already exists")]
)
def test_a_version_that_is_taken_is_told_apart(
    place: Web, inventory: HttpInventory, status: int, content: bytes
) -> None:
    place.say(Say(status=status, content=content))

    with pytest.raises(AlreadyReleasedError):
        inventory.register("ns", {"name": "app"})


def test_a_new_namespace_belongs_to_the_project_of_the_job(place: Web, inventory: HttpInventory) -> None:
    place.say(Say())

    inventory.register("ns", {"name": "app"})

    assert (place.asked[0].target, place.asked[0].headers["X-Slipway-Project"]) == (
        "/api/v1/inventory/ns/register", "web",
    )  # fmt: skip
    assert place.asked[0].headers["X-Slipway-Run"] == "run7"


def test_a_package_is_fetched_from_where_it_is_without_our_token(
    place: Web, store: Web, inventory: HttpInventory, tmp_path: Path
) -> None:
    place.say(Say(status=302, headers={"Location": f"{store.address}/p?sig=1", "X-Slipway-SHA256": "abc"}))
    store.say(Say(content=PACKAGE))

    known = inventory.download("ns", "app", "1.0", tmp_path / "p.tgz")

    assert (known, (tmp_path / "p.tgz").read_bytes()) == ("abc", PACKAGE)
    assert place.asked[0].target == f"{BASE}/versions/v1.0/download"
    assert "Authorization" not in store.asked[0].headers


def test_a_download_that_breaks_off_goes_on_where_it_was(
    place: Web, store: Web, inventory: HttpInventory, tmp_path: Path
) -> None:
    place.say(Say(status=302, headers={"Location": f"{store.address}/p"}))

    def answer(asked: Asked) -> Say:
        begin = int(asked.headers.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        return Say(status=206 if begin else 200, content=PACKAGE[begin:], cut=5000)

    store.answer = answer

    inventory.download("ns", "app", "1.0", tmp_path / "p.tgz")

    assert (tmp_path / "p.tgz").read_bytes() == PACKAGE
    assert len(store.asked) == 3


def test_a_package_that_the_api_itself_hands_out_is_taken(place: Web, inventory: HttpInventory, tmp_path: Path) -> None:
    place.say(Say(content=PACKAGE))

    assert inventory.download("ns", "app", "1.0", tmp_path / "p.tgz") is None
    assert (tmp_path / "p.tgz").read_bytes() == PACKAGE


@dataclass
class Uploads:
    """Where parts of uploads go: to a store that breaks off every first try."""

    place: Web
    store: Web
    parts: dict[str, bytes] = field(default_factory=dict)
    tried: set[str] = field(default_factory=set)
    completed: list[object] = field(default_factory=list)

    def api(self, asked: Asked) -> Say:
        if asked.target == f"{BASE}/versions/v1.0/upload/complete":
            self.completed.append(asked.body)
            return say_json({})
        assert asked.body == {"size": len(PACKAGE), "sha256": hashlib.sha256(PACKAGE).hexdigest()}
        parts = [{"number": number, "url": f"{self.store.address}/{number}?sig=secret"} for number in (1, 2, 3)]
        return say_json({"upload_id": "u1", "part_size": 5000, "parts": parts})

    def put(self, asked: Asked) -> Say:
        if asked.target not in self.tried:
            self.tried.add(asked.target)
            return Say(status=503) if "2" in asked.target else Say(hang_up=True)
        self.parts[asked.target] = asked.content
        return Say(headers={"ETag": f'"{asked.target[1]}"'})


def test_a_package_is_uploaded_in_parts_and_a_broken_part_is_sent_again(
    place: Web, store: Web, inventory: HttpInventory, tmp_path: Path
) -> None:
    uploads = Uploads(place=place, store=store)
    place.answer, store.answer = uploads.api, uploads.put
    file = tmp_path / "p.tgz"
    file.write_bytes(PACKAGE)

    inventory.upload("ns", "app", "1.0", file)

    assert b"".join(content for _, content in sorted(uploads.parts.items())) == PACKAGE
    UploadBody.model_validate(place.asked[0].body)
    CompleteBody.model_validate(uploads.completed[0])
    assert uploads.completed == [
        {"upload_id": "u1", "parts": [{"number": number, "etag": f'"{number}"'} for number in (1, 2, 3)]}
    ]


def test_an_upload_that_fails_does_not_tell_the_address(
    place: Web, store: Web, inventory: HttpInventory, tmp_path: Path
) -> None:
    place.answer = Uploads(place=place, store=store).api
    store.say(Say(status=403))
    file = tmp_path / "p.tgz"
    file.write_bytes(PACKAGE)

    with pytest.raises(InventoryError) as caught:
        inventory.upload("ns", "app", "1.0", file)

    assert str(caught.value) == "ns/app-v1.0: the upload broke off: the store answers 403"


def test_progress_is_told(place: Web, store: Web, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    uploads = Uploads(place=place, store=store)
    place.answer, store.answer = uploads.api, uploads.put
    file = tmp_path / "p.tgz"
    file.write_bytes(PACKAGE)

    with Client(place.address) as client:
        HttpInventory(client, progress=lambda done, whole: seen.append((done, whole))).upload("ns", "app", "1.0", file)

    assert (max(seen), seen[-1], {whole for _, whole in seen}) == ((12800, 12800), (12800, 12800), {12800})


def test_a_tag_names_a_release(place: Web, inventory: HttpInventory) -> None:
    place.say(Say())

    inventory.tag("ns/app-v1.0", "stable")

    assert (place.asked[0].target, place.asked[0].body) == (
        f"{BASE}/tags/", {"release_id": "ns/app-v1.0", "tag": "stable"},
    )  # fmt: skip


def test_addresses_that_have_expired_amid_an_upload_are_asked_for_anew(
    place: Web, store: Web, inventory: HttpInventory, tmp_path: Path
) -> None:
    uploads = Uploads(place=place, store=store, tried={f"/{number}?sig=secret" for number in (1, 2, 3)})
    asked: list[object] = []

    def api(one: Asked) -> Say:
        asked.append(one.body)
        return uploads.api(replace(one, content=FIRST)) if "complete" not in one.target else uploads.api(one)

    def put(one: Asked) -> Say:
        if len(asked) == 1 and "2?" in one.target:
            _until(lambda: len(uploads.parts) == 2)
            return Say(status=403)
        return uploads.put(one)

    place.answer, store.answer = api, put
    file = tmp_path / "p.tgz"
    file.write_bytes(PACKAGE)

    inventory.upload("ns", "app", "1.0", file)

    assert asked[:2] == [json.loads(FIRST), {**json.loads(FIRST), "upload_id": "u1"}]
    assert sorted(one.target[1] for one in store.asked) == ["1", "2", "2", "3"]


def _until(claim: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not claim():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_a_file_that_changes_while_it_is_sent_is_no_package(
    place: Web, store: Web, inventory: HttpInventory, tmp_path: Path
) -> None:
    uploads = Uploads(place=place, store=store, tried={f"/{number}?sig=secret" for number in (1, 2, 3)})
    file = tmp_path / "p.tgz"
    file.write_bytes(PACKAGE)

    def put(one: Asked) -> Say:
        os.utime(file, ns=(0, int(one.target[1])))
        return uploads.put(one)

    place.answer, store.answer = uploads.api, put

    with pytest.raises(InventoryError, match=r"p\.tgz was changed while it was sent"):
        inventory.upload("ns", "app", "1.0", file)
    assert uploads.completed == []


def test_a_release_that_has_this_very_package_needs_no_other(
    place: Web, inventory: HttpInventory, tmp_path: Path
) -> None:
    file = tmp_path / "p.tgz"
    file.write_bytes(PACKAGE)
    for digest in (hashlib.sha256(PACKAGE).hexdigest(), "0" * 64):
        place.say(Say(status=409, content=b"Resource already exists"), say_json({"sha256": digest}))
        if digest != "0" * 64:
            inventory.upload("ns", "app", "1.0", file)
            continue
        with pytest.raises(InventoryError, match="another package"):
            inventory.upload("ns", "app", "1.0", file)
