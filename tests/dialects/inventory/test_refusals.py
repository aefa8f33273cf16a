"""What the Inventory refuses: in plain text or not at all, never in JSON, and without telling what is hidden."""

from codecs import BOM_UTF8

import pytest

from tests.dialects.inventory.site import FORM, INVENTORY, UNIT, Site, a_form

VERSION = f"{UNIT}/versions/v1.0"
JSON = "application/json"


@pytest.fixture
def site() -> Site:
    site = Site()
    site.register("1.0")
    return site


@pytest.mark.parametrize(
    "target",
    [
        f"{INVENTORY}/none/",
        f"{INVENTORY}/none/units/",
        f"{INVENTORY}/none/units/app/versions/",
        f"{INVENTORY}/demo/units/none/",
        f"{INVENTORY}/demo/units/none/versions/",
        f"{INVENTORY}/demo/units/none/tags/",
        f"{UNIT}/versions/2.0/",
        f"{UNIT}/versions/v2.@/",
        f"{UNIT}/versions/nosuchtag/",
        f"{VERSION}/previous/",
        f"{VERSION}/download",
    ],
)
@pytest.mark.parametrize("by", ["ada", "root"])
def test_what_is_not_there_is_an_empty_404(site: Site, target: str, by: str) -> None:
    answered = site.ask("GET", target, by=by)

    assert (answered.status, answered.text) == (404, "")
    assert "Content-Type" not in answered.headers


@pytest.mark.parametrize(
    "target", [f"{INVENTORY}/demo/", f"{INVENTORY}/demo/units/", f"{UNIT}/", f"{UNIT}/versions/", f"{VERSION}/"]
)
def test_what_is_hidden_looks_as_what_is_missing(site: Site, target: str) -> None:
    missing = site.ask("GET", target.replace("demo", "none"), by="sam")
    hidden = site.ask("GET", target, by="sam")

    assert (hidden.status, hidden.headers, hidden.text) == (missing.status, missing.headers, missing.text)
    assert hidden.status == 404


def test_what_is_hidden_is_in_no_list_and_has_no_next_version(site: Site) -> None:
    assert site.get(f"{INVENTORY}/", by="sam") == {}
    assert site.get("/api/v1/internal/get_namespaces_for_project?project=web", by="sam") == {}
    assert site.said_to("GET", f"{UNIT}/next-version?prefix=1.", by="sam") == (200, "1.0")


def test_nobody_known_gets_an_empty_401(site: Site) -> None:
    assert site.said_to("GET", f"{INVENTORY}/", by="") == (401, "")


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("PUT", f"{INVENTORY}/demo/"),
        ("POST", f"{UNIT}/tags/"),
        ("POST", f"{VERSION}/upload"),
        ("POST", f"{VERSION}/upload/complete"),
    ],
)
def test_who_only_reads_changes_nothing(site: Site, method: str, target: str) -> None:
    assert site.said_to(method, target, {}, by="bob") == (403, "bob has no write in project web")


@pytest.mark.parametrize(
    ("method", "target"),
    [("DELETE", f"{UNIT}/"), ("GET", f"{INVENTORY}/demo/register"), ("GET", f"{INVENTORY}/demo/nothing/here")],
)
def test_what_nobody_serves_is_gos_own_404(site: Site, method: str, target: str) -> None:
    answered = site.ask(method, target)

    assert (answered.status, answered.text) == (404, "404 page not found\n")
    assert answered.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answered.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (b"no", (400, "Invalid JSON")),
        (b"", (400, "Invalid JSON")),
        (b'{"tag":1}', (400, "Invalid JSON")),
        ({}, (400, "Invalid release format: .")),
        ({"release_id": "zzz", "tag": "x"}, (400, "Invalid release format: zzz.")),
        ({"release_id": "demo/app-v1.0", "tag": "latest"}, (400, "The tag 'latest' is invalid/not supported.")),
        ({"release_id": "demo/app-v1.0", "tag": "v1.0"}, (400, "The tag 'v1.0' is invalid/not supported.")),
        (
            {"release_id": "x/app-v1.0", "tag": "t"},
            (400, "Mismatch between namespace from URL and namespace from release_id."),
        ),
        (
            {"release_id": "demo/x-v1.0", "tag": "t"},
            (400, "Mismatch between application from URL and application from release_id."),
        ),
        ({"release_id": "demo/app-v9", "tag": "t"}, (404, "")),
    ],
)
def test_a_wrong_tag_is_told_in_escapes_words(site: Site, body: object, answer: tuple[int, str]) -> None:
    assert site.said_to("POST", f"{UNIT}/tags/", body) == answer
    assert site.get(f"{UNIT}/tags/") == {}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "Invalid JSON"),
        (b"[]", "Invalid JSON"),
        (b'{"name":1}', "Invalid JSON"),
        (b"{}", "Missing name"),
        ({"name": "X!"}, "Invalid name 'X!'"),
        ({"name": "string"}, "The name 'string' is a protected variable."),
    ],
)
@pytest.mark.parametrize("target", [f"{INVENTORY}/demo/add-namespace", "/api/v1/internal/add-namespace"])
def test_a_wrong_namespace_is_told_in_escapes_words(site: Site, target: str, body: object, message: str) -> None:
    assert site.said_to("POST", target, body) == (400, message)


def test_a_namespace_is_made_once(site: Site) -> None:
    body = {"name": "demo", "description": "another"}
    assert site.said_to("POST", "/api/v1/internal/add-namespace", body) == (409, "Resource already exists")


def test_a_namespace_is_changed_under_its_own_name(site: Site) -> None:
    message = "Namespace 'name' field doesn't correspond with URL"
    assert site.said_to("PUT", f"{INVENTORY}/demo/", {"name": "other"}) == (400, message)


@pytest.mark.parametrize(
    ("version", "answer"),
    [
        ("v2.0", (404, "")),
        ("1.0", (400, "Invalid version string in release ID 'app-1.0': '1.0' is not a valid version.")),
        ("stable", (400, "Invalid version string in release ID 'app-stable': 'stable' is not a valid version.")),
        ("latest", (400, "Can't upload package against unresolved version 'demo/app-latest'")),
        ("v1.@", (400, "Can't upload package against unresolved version 'demo/app-v1.@'")),
    ],
)
def test_a_package_is_given_to_one_registered_version(site: Site, version: str, answer: tuple[int, str]) -> None:
    answered = site.upload(version, b"abc")
    assert (answered.status, answered.text) == answer
    assert site.packages.files == {}


@pytest.mark.parametrize(
    ("media", "body", "message"),
    [
        ("", b"abc", "request Content-Type isn't multipart/form-data"),
        ("application/octet-stream", b"abc", "request Content-Type isn't multipart/form-data"),
        (FORM, a_form(b"abc", "other"), "http: no such file"),
    ],
)
def test_a_package_comes_in_a_form(site: Site, media: str, body: bytes, message: str) -> None:
    answered = site.ask("POST", f"{VERSION}/upload", body, Content_Type=media)
    assert (answered.status, answered.text) == (400, message)


def test_a_broken_form_is_refused(site: Site) -> None:
    answered = site.ask("POST", f"{VERSION}/upload", a_form(b"abc")[:-10], Content_Type=FORM)
    assert answered.status == 400
    assert answered.text.startswith("malformed multipart body")


def test_a_package_too_large_for_us_is_sent_another_way(site: Site) -> None:
    site.packages.largest_direct = 2

    answered = site.upload("v1.0", b"abc")

    assert answered.status == 413
    assert "slipway release upload" in answered.text


def test_a_second_package_is_refused_and_changes_nothing(site: Site) -> None:
    site.upload("v1.0", b"first")
    files = dict(site.packages.files)

    answered = site.upload("v1.0", b"second")

    assert (answered.status, answered.text) == (409, "Resource already exists")
    assert site.packages.files == files


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "size: is required; sha256: is required"),
        (
            {"size": 0, "sha256": "x"},
            "size: should be from 1 to 5497558138880; sha256: should be 64 hexadecimal digits",
        ),
        ({"size": 3, "sha256": "a" * 64, "more": 1}, "more: is not a known field"),
    ],
)
def test_an_upload_in_parts_says_what_comes(site: Site, body: object, message: str) -> None:
    answered = site.ask("POST", f"{VERSION}/upload", body, Content_Type=JSON)
    assert (answered.status, answered.text) == (400, message)


def test_an_upload_is_finished_where_it_was_begun(site: Site) -> None:
    site.register("1.1")
    begun = site.ask("POST", f"{VERSION}/upload", {"size": 3, "sha256": "a" * 64}, Content_Type=JSON).json
    parts = [{"number": 1, "etag": '"e"'}]

    other = site.said_to("POST", f"{UNIT}/versions/v1.1/upload/complete", {**_whole(begun), "parts": parts})
    without = site.said_to("POST", f"{VERSION}/upload/complete", {**_whole(begun), "parts": parts})

    assert other == (404, "")
    assert without == (400, "parts: the parts have not 3 bytes in all")


def _whole(begun: dict[str, object]) -> dict[str, object]:
    return {"upload_id": begun["upload_id"]}


def test_versions_come_in_pages_of_a_size(site: Site) -> None:
    assert site.said_to("GET", f"{UNIT}/versions/?page_size=0") == (400, "page_size: should be from 1 to 1000")
    assert site.said_to("GET", f"{UNIT}/versions/?page_size=1&page_from=x") == (400, "page_from: should be a version")


LONG = "x" * 1000


@pytest.mark.parametrize(
    "target",
    [
        f"{INVENTORY}/{LONG}/",
        f"{INVENTORY}/demo/units/{LONG}/",
        f"{UNIT}/versions/{LONG}/",
        f"{UNIT}/versions/{'%C3%A9' * 500}/",
        f"{UNIT}/versions/{'1.' * 500}@/",
    ],
)
def test_nothing_has_a_name_too_long_to_be_kept(site: Site, target: str) -> None:
    assert site.said_to("GET", target) == (404, "")
    assert site.said_to("GET", target, by="") == (401, "")


def test_nobody_offers_an_interface_of_too_long_a_name(site: Site) -> None:
    assert site.said_to("GET", f"{INVENTORY}/__providers?name={LONG}") == (200, "{}\n")
    refused = (400, "The name of a provider has more than 200 characters")
    assert site.register("2.0", provides=[{"name": LONG}]) == refused


def test_a_tag_has_at_most_200_bytes(site: Site) -> None:
    for tag, status in (("é" * 100, 200), ("é" * 101, 400)):
        body = {"release_id": "demo/app-v1.0", "tag": tag}
        assert site.said_to("POST", f"{UNIT}/tags/", body)[0] == status


def test_an_upload_of_too_long_a_name_is_none_of_ours(site: Site) -> None:
    body = {"upload_id": LONG, "parts": [{"number": 1, "etag": "e"}]}
    assert site.said_to("POST", f"{VERSION}/upload/complete", body)[0] == 400


@pytest.mark.parametrize(
    ("target", "location"),
    [
        (f"{INVENTORY}//demo/", f"{INVENTORY}/demo/"),
        ("/api/v1//inventory/?page_size=1&page_from=a%20b", f"{INVENTORY}/?page_size=1&page_from=a+b"),
        (f"{UNIT}/versions///v1.0/", f"{UNIT}/versions/v1.0/"),
    ],
)
def test_a_path_with_empty_segments_is_sent_on(site: Site, target: str, location: str) -> None:
    answered = site.ask("GET", target)
    assert (answered.status, answered.headers["Location"], answered.text) == (301, location, "")


def test_a_byte_order_mark_is_skipped(site: Site) -> None:
    body = BOM_UTF8 + b'{"name": "app", "version": "3.0", "project": "demo"}'
    assert site.said_to("POST", f"{INVENTORY}/demo/register", body) == (200, "")
    tag = BOM_UTF8 + b'{"release_id": "demo/app-v3.0", "tag": "marked"}'
    assert site.said_to("POST", f"{UNIT}/tags/", tag) == (200, "")
    assert site.said_to("POST", f"{INVENTORY}/search", BOM_UTF8 + b'{"query": "app"}')[0] == 200
