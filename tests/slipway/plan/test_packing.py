"""A package holds what git can hold: in ustar, and with records of a member's own where ustar cannot hold it."""

import gzip
import io
import os
import tarfile
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from slipway.plan.archive import Package, PackedTarInfo, pack, unpack
from slipway.plan.files import md5
from slipway_formats.archive import ArchiveError

CHUNK = f"static/js/vendors-node_modules_{'p' * 78}.3f2a9c.chunk.js"
DEEP = "/".join(["d" * 60] * 6)
LONG = ["n" * 101, CHUNK, DEEP, "é" * 60, f"{'é' * 100}.txt", "n" * 255, f"a\n{'b' * 120}"]


def packed(folder: Path, *names: str, texts: dict[str, str] | None = None) -> bytes:
    target = folder.parent / "packed.tgz"
    pack(Package(folder=folder, top="app-v1", files=names, texts=texts or {}), target)
    return target.read_bytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "folder").mkdir()
    return tmp_path / "folder"


def a_file(folder: Path, name: str, at: datetime = datetime(2026, 5, 1, tzinfo=UTC)) -> str:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(os.fsencode(name))
    file.chmod(0o644)
    os.utime(file, (at.timestamp(), at.timestamp()))
    return name


def records(content: bytes) -> list[bytes]:
    """The types of all headers, records of names among them."""
    tar = gzip.decompress(content)
    found, at = list[bytes](), 0
    while tar[at : at + 512] != bytes(512):
        found.append(tar[at + 156 : at + 157])
        at += 512 + -(-int(tar[at + 124 : at + 135], 8) // 512) * 512
    return found


@pytest.mark.parametrize("name", LONG)
def test_a_name_that_ustar_cannot_hold_has_a_record_of_its_own(folder: Path, tmp_path: Path, name: str) -> None:
    content = packed(folder, a_file(folder, name), a_file(folder, "short"))
    assert sorted(records(content)) == [b"0", b"0", b"x"]
    (tmp_path / "a.tgz").write_bytes(content)
    unpack(tmp_path / "a.tgz", tmp_path / "out", top="app-v1")
    assert (tmp_path / "out" / name).read_text() == name


@pytest.mark.parametrize("at", [datetime(1969, 12, 31, tzinfo=UTC), datetime(2300, 1, 1, tzinfo=UTC)])
def test_a_time_that_ustar_cannot_hold_has_a_record_of_its_own(folder: Path, at: datetime) -> None:
    content = packed(folder, a_file(folder, "old", at), a_file(folder, "new"))
    assert records(content) == [b"0", b"x", b"0"]
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        assert tar.getmember("app-v1/old").mtime == at.timestamp()


def test_a_file_over_8_gib_has_a_record_of_its_own() -> None:
    # Its header alone, for 8 GiB take a minute to pack.
    member = PackedTarInfo("app-v1/large")
    member.size = 9 << 30
    head = member.tobuf(tarfile.USTAR_FORMAT, "utf-8", "surrogateescape")
    assert head[156:157] == b"x"
    assert b"size=9663676416\n" in head


def test_what_ustar_holds_stays_byte_for_byte(folder: Path) -> None:
    names = [a_file(folder, name) for name in ("a", "~b", "é/b", "/".join(["d" * 60] * 3), "n" * 92)]
    content = packed(folder, *names, texts={"release.json": "{}"})
    assert set(records(content)) == {b"0"}
    assert sha256(gzip.decompress(content)).hexdigest() == BEFORE


BEFORE = "992988543629b1484fcd607fb713eb5d6bbdb2985ec0259c42e6b1a220a661d1"
"""Of the same package as 0.1 packed it."""


@pytest.mark.parametrize("name", ["a\\b", os.fsdecode(b"caf\xe9")])
def test_a_name_that_could_not_be_unpacked_is_refused_in_words(folder: Path, name: str) -> None:
    a_file(folder, name)
    with pytest.raises(ArchiveError, match="cannot be packed"):
        md5(folder, (name,))
    with pytest.raises(ArchiveError, match="cannot be packed"):
        packed(folder, name)
