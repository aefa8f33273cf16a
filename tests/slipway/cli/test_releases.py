"""Releases are listed, shown and tagged; packages go up and come down whole, checked by their SHA-256."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from slipway.cli.exit_codes import ExitCode
from tests.slipway.cli.recorded_api import Answer, RecordedApi, Shell

PACKAGE = Path("tests/data/escape-package/app-v0.1.2.tgz")
DAMAGED = Path("tests/data/damaged-packages")
CONTENT = PACKAGE.read_bytes()
DIGEST = hashlib.sha256(CONTENT).hexdigest()
ROOT = "/api/v1/inventory/"
UNIT = f"{ROOT}demo/units/app"
VERSION = f"{UNIT}/versions/v0.1.2"
METADATA = {"name": "app", "project": "demo", "version": "0.1.2", "description": "d", "inputs": [{"id": "port"}]}


def an_inventory_that_takes(api: RecordedApi) -> None:
    api.on(f"POST {ROOT}demo/register", Answer(body=b""))
    parts = [{"number": 1, "url": f"{api.address}/store/1"}, {"number": 2, "url": f"{api.address}/store/2"}]
    api.on(f"POST {VERSION}/upload", {"upload_id": "U1", "part_size": len(CONTENT) // 2 + 1, "parts": parts})
    api.on("PUT /store/1", Answer(headers={"ETag": "e1"}))
    api.on("PUT /store/2", Answer(headers={"ETag": "e2"}))
    api.on(f"POST {VERSION}/upload/complete", {})


def an_inventory_that_gives(api: RecordedApi, digest: str = DIGEST) -> None:
    api.on(f"GET {UNIT}/versions/latest/", METADATA)
    there = {"Location": f"{api.address}/store/app", "X-Slipway-SHA256": digest}
    api.on(f"GET {VERSION}/download", Answer(body=b"", status=302, headers=there))
    api.on("GET /store/app", Answer(body=CONTENT))


def test_a_package_is_registered_and_uploaded_in_parts(api: RecordedApi, slipway: Shell) -> None:
    an_inventory_that_takes(api)

    result = slipway("release", "upload", str(PACKAGE), "-p", "shop", "--json")

    assert json.loads(result.stdout) == {"release": "demo/app-v0.1.2", "size": len(CONTENT), "sha256": DIGEST}
    assert (api.asked[0].body["name"], api.asked[0].headers["x-slipway-project"]) == ("app", "shop")
    assert api.asked[1].body == {"size": len(CONTENT), "sha256": DIGEST}
    assert api.asked[-1].body == {
        "upload_id": "U1",
        "parts": [{"number": 1, "etag": "e1"}, {"number": 2, "etag": "e2"}],
    }
    assert all("authorization" not in one.headers for one in api.asked if one.path.startswith("/store"))


@pytest.mark.parametrize("file", sorted(file.name for file in DAMAGED.iterdir() if file.name != "bom-v1.0.tgz"))
def test_a_package_that_is_damaged_or_of_another_release_registers_nothing(
    api: RecordedApi, slipway: Shell, file: str
) -> None:
    result = slipway("release", "upload", str(DAMAGED / file), "--json")

    assert (result.exit_code, api.asked) == (ExitCode.USAGE, [])
    assert "Traceback" not in result.stderr
    assert json.loads(result.stdout)["error"]["message"]


def test_a_wrong_archive_says_how_to_pack_one(slipway: Shell) -> None:
    result = slipway("release", "upload", str(DAMAGED / "folder-v1.0.tgz"))
    assert "tar --format=ustar -czf" in result.stderr


@pytest.mark.parametrize(("then", "exit_code"), [(None, 0), ("refused: it is damaged", 1)])
def test_an_upload_waits_until_a_large_package_is_checked(
    api: RecordedApi, slipway: Shell, then: str | None, exit_code: int
) -> None:
    an_inventory_that_takes(api)
    api.on(f"POST {VERSION}/upload/complete", {"package": "checking"})
    api.on(f"GET {VERSION}/", {"package": then} if then else {"sha256": DIGEST})

    result = slipway("release", "upload", str(PACKAGE))

    assert result.exit_code == exit_code
    said = "does not take the package: it is damaged" if then else "uploaded demo/app-v0.1.2"
    assert said in result.output


def test_a_release_that_is_registered_already_gets_its_package(api: RecordedApi, slipway: Shell) -> None:
    an_inventory_that_takes(api)
    api.on(f"POST {ROOT}demo/register", Answer(body=b"Release app-v0.1.2 already exists", status=400))

    result = slipway("release", "upload", str(PACKAGE))

    assert result.exit_code == 0
    assert "registered already" in result.stderr


def test_whoever_may_not_upload_is_told_so(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"POST {ROOT}demo/register", Answer(body=b"", status=403))

    assert slipway("release", "upload", str(PACKAGE)).exit_code == 4


def test_a_file_that_is_no_package_is_not_sent(api: RecordedApi, slipway: Shell, tmp_path: Path) -> None:
    other = tmp_path / "app-v9.tgz"
    other.write_bytes(b"no archive")
    renamed = tmp_path / "other-v1.tgz"
    shutil.copy(PACKAGE, renamed)

    for file in (other, renamed):
        result = slipway("release", "upload", str(file))
        assert result.exit_code == 64
        assert "no package" in result.stderr
    assert api.asked == []


def test_a_package_is_downloaded_whole_under_its_own_name(api: RecordedApi, slipway: Shell, tmp_path: Path) -> None:
    an_inventory_that_gives(api)

    result = slipway("release", "download", "demo/app", "-o", str(tmp_path), "--json")

    target = tmp_path / "app-v0.1.2.tgz"
    assert json.loads(result.stdout) == {"release": "demo/app-v0.1.2", "file": str(target), "sha256": DIGEST}
    assert target.read_bytes() == CONTENT
    assert list(tmp_path.iterdir()) == [target]


def test_a_package_that_is_another_is_not_kept(api: RecordedApi, slipway: Shell, tmp_path: Path) -> None:
    an_inventory_that_gives(api, "0" * 64)

    result = slipway("release", "download", "demo/app-latest", "-o", str(tmp_path / "x.tgz"))

    assert result.exit_code == 1
    assert "SHA-256 differs" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_release_that_is_not_there_is_not_found(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {UNIT}/versions/v9/", Answer(body=b"", status=404))

    result = slipway("release", "download", "demo/app-v9")

    assert result.exit_code == 3
    assert "slipway release list" in result.stderr


def test_a_tag_names_a_release_from_now_on(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"POST {UNIT}/tags/", Answer(body=b""))

    result = slipway("release", "tag", "demo/app-v0.1.2", "production")

    assert result.exit_code == 0
    assert api.last("POST").body == {"release_id": "demo/app-v0.1.2", "tag": "production"}


def test_what_the_inventory_holds_is_listed_level_by_level(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {ROOT}", {"demo": {"name": "demo", "permission": "admin"}})
    api.on(f"GET {ROOT}demo/units/", {"app": {"name": "app", "project": "demo", "latest_version": "0.1.2"}})
    assert slipway("release", "list").stdout.splitlines()[1].split() == ["demo", "admin"]
    assert slipway("release", "list", "demo").stdout.splitlines()[1].split() == ["demo/app", "0.1.2"]


PLACES = "/api/v1/releases/demo/app"
IN_STAGING = {"project": "web", "environment": "staging", "deployment": "app", "phase": "ok", "since": "", "by": "ann"}


def placed(version: str, *places: dict[str, str], reason: str = "") -> dict[str, object]:
    yanked = {"reason": reason, "by": "ann", "at": "2030-05-01T12:00:00+00:00"} if reason else None
    known = {"at": "2030-05-01T12:00:00+00:00", "by": "ann", "yanked": yanked}
    return {"version": version, "deployed_in": list(places), **known}


def test_versions_are_listed_with_when_by_whom_yanked_and_where_they_are(api: RecordedApi, slipway: Shell) -> None:
    pages = (
        {"items": [placed("0.1.2", IN_STAGING)], "next": "0.1.2"},
        {"items": [placed("0.1.1", reason="it leaks")], "next": None},
    )
    api.on(f"GET {PLACES}", *pages)
    shown = json.loads(slipway("release", "list", "demo", "app", "--json").stdout)
    api.on(f"GET {PLACES}", *pages)
    lines = slipway("release", "list", "demo", "app").stdout.splitlines()

    assert [one["release"] for one in shown] == ["demo/app-v0.1.2", "demo/app-v0.1.1"]
    assert "web/staging/app" in lines[1]
    assert "it leaks" in lines[2]
    assert [dict(one.query) for one in api.asked[:2]] == [
        {"page_size": "20"},
        {"page_size": "20", "page_from": "0.1.2"},
    ]


@pytest.mark.parametrize("reference", ["demo/app:stable", "demo/app-v0.1.@", "demo/app"])
def test_a_release_is_shown_by_version_tag_or_the_latest(api: RecordedApi, slipway: Shell, reference: str) -> None:
    full = {"release": METADATA, "versions": ["0.1.2"], "downloads": 2, "uploaded_by": "ann"}
    for query in ("stable", "v0.1.%40", "latest"):
        api.on(f"GET {UNIT}/versions/{query}/", full)
    api.on(f"GET {PLACES}", {"items": [placed("0.1.2", IN_STAGING)], "next": None})

    result = slipway("release", "show", reference)

    assert result.stdout.splitlines()[0].split() == ["release", "demo/app-v0.1.2"]
    assert "inputs       port" in result.stdout
    assert "web/staging/app" in result.stdout


def test_a_release_id_that_is_none_is_wrong_usage(slipway: Shell) -> None:
    assert slipway("release", "show", "Demo/App!").exit_code == 64
