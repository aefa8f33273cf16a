"""What is compiled and packaged here is what the real Escape CLI made of the same plan and files."""

import json
import shutil
import tarfile
from pathlib import Path

import pytest

from slipway.plan import archive, fetch, parse, release_json, release_reading
from slipway.plan import compile as compiling
from slipway.plan.release import Release
from tests.fakes.escape_inventory import MemoryInventory

DATA = Path(__file__).parents[2] / "data" / "escape-package"
GOLDEN = DATA / "app-v0.1.2.tgz"


def golden_text() -> str:
    with tarfile.open(GOLDEN) as tar:
        member = tar.extractfile("app-v0.1.2/release.json")
        assert member is not None
        return member.read().decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    archive.unpack(GOLDEN, tmp_path / "app", top="app-v0.1.2")
    (tmp_path / "app" / "release.json").unlink()
    shutil.copy(DATA / "escape.yml", tmp_path / "app")
    return tmp_path / "app"


def compiled(folder: Path) -> Release:
    inventory = MemoryInventory()
    for version in ("0.1.0", "0.1.1", "0.0.7"):
        inventory.register("demo", {"name": "app", "version": version})
    plan = parse.parse((folder / "escape.yml").read_text())
    return compiling.compile_plan(plan, compiling.Workshop(folder=folder, fetcher=fetch.Fetcher(inventory=inventory)))


def test_the_release_json_is_the_cli_s_to_the_byte(folder: Path) -> None:
    assert release_json.to_text(release_json.to_dict(compiled(folder))) == golden_text()


def test_the_package_has_the_cli_s_members_modes_and_order(folder: Path, tmp_path: Path) -> None:
    compiling.package(compiled(folder), folder, tmp_path / "ours.tgz")
    with tarfile.open(tmp_path / "ours.tgz") as ours, tarfile.open(GOLDEN) as theirs:
        assert [(m.name, m.mode, m.size, m.uid, m.gid, m.type) for m in ours] == [
            (m.name, m.mode, m.size, m.uid, m.gid, m.type) for m in theirs
        ]


def test_packing_twice_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    for name in ("one.tgz", "two.tgz"):
        compiling.package(compiled(folder), folder, tmp_path / name)
    assert (tmp_path / "one.tgz").read_bytes() == (tmp_path / "two.tgz").read_bytes()


def test_reading_a_release_and_writing_it_gives_it_back() -> None:
    text = golden_text()
    assert release_json.to_text(release_json.to_dict(release_reading.read_text(text))) == text


def test_text_is_escaped_as_go_escapes_it() -> None:
    assert release_json.to_text({"a": "<&>é\u2028"}) == '{\n   "a": "\\u003c\\u0026\\u003eé\\u2028"\n}'
    assert json.loads(release_json.to_text({"a": "<&>"})) == {"a": "<&>"}
