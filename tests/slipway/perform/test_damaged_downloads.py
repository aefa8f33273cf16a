"""Of an archive that is damaged, or that we cannot read, nothing is unpacked, and its name is said."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from slipway.perform.downloads import download_all
from slipway.perform.faults import StageFailedError
from slipway.perform.unit import Unit
from slipway_formats.release import Download
from tests.slipway.perform.test_downloads import a_unit
from tests.slipway.perform.workplace import Workplace

DAMAGED = Path(__file__).parents[2] / "data" / "damaged-downloads"


def unpacked(place: Workplace, name: str, content: bytes) -> Unit:
    def fetch(_: str, target: Path) -> None:
        target.write_bytes(content)

    unit = a_unit(place, Download(url=f"https://example.org/{name}", dest=name, unpack=True))
    download_all(unit, replace(place.bench, fetch_url=fetch))
    return unit


def refused(place: Workplace, name: str, content: bytes) -> str:
    with pytest.raises(StageFailedError, match=rf"cannot unpack {name}: \S") as caught:
        unpacked(place, name, content)
    assert [file.name for file in (place.root / "unit").rglob("*")] == [name]
    return str(caught.value)


def a_tar() -> bytes:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as tar:
        for name in "ab":
            member = tarfile.TarInfo(name)
            member.size = 900
            tar.addfile(member, io.BytesIO(name.encode() * 900))
    return whole.getvalue()


def a_zip(kind: int = zipfile.ZIP_STORED, name: str = "a") -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", kind) as zipped:
        zipped.writestr(name, b"a" * 900)
        zipped.writestr("b", b"b" * 900)
    return whole.getvalue()


PACKERS = [bytes, gzip.compress, bz2.compress, lzma.compress]


@pytest.mark.parametrize("file", sorted(file.name for file in DAMAGED.iterdir()))
def test_what_is_damaged_or_cannot_be_read_is_named(place: Workplace, file: str) -> None:
    refused(place, file, (DAMAGED / file).read_bytes())


@pytest.mark.parametrize(("file", "said"), [("encrypted.zip", "encrypted"), ("deflate64.zip", "compression")])
def test_a_zip_says_what_of_it_cannot_be_read(place: Workplace, file: str, said: str) -> None:
    assert said in refused(place, file, (DAMAGED / file).read_bytes())


@pytest.mark.parametrize("pack", PACKERS)
def test_a_whole_tar_is_unpacked(place: Workplace, pack: Callable[[bytes], bytes]) -> None:
    unit = unpacked(place, "a.tar", pack(a_tar()))
    assert (unit.folder / "b").read_bytes() == b"b" * 900


@pytest.mark.parametrize("kind", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_whole_zip_is_unpacked(place: Workplace, kind: int) -> None:
    unit = unpacked(place, "a.zip", a_zip(kind))
    assert (unit.folder / "b").read_bytes() == b"b" * 900


@pytest.mark.parametrize("pack", PACKERS)
@pytest.mark.parametrize("at", [512, 700, 1536, 1536 + 100, 3072])
def test_a_tar_that_ends_early_is_refused(place: Workplace, pack: Callable[[bytes], bytes], at: int) -> None:
    refused(place, "a.tar", pack(a_tar()[:at]))


@pytest.mark.parametrize("pack", PACKERS)
@pytest.mark.parametrize("damage", [b"\xff" * 512, bytes(512)])
def test_a_tar_with_a_damaged_header_is_refused(
    place: Workplace, pack: Callable[[bytes], bytes], damage: bytes
) -> None:
    refused(place, "a.tar", pack(a_tar()[:1536] + damage + a_tar()[2048:]))


@pytest.mark.parametrize("pack", PACKERS[1:])
@pytest.mark.parametrize("cut", [1, 4, 8, 9, 20])
def test_a_compressed_tar_that_is_cut_is_refused(place: Workplace, pack: Callable[[bytes], bytes], cut: int) -> None:
    refused(place, "a.tgz", pack(a_tar())[:-cut])


@pytest.mark.parametrize("kind", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_zip_with_a_wrong_byte_is_refused(place: Workplace, kind: int) -> None:
    content = bytearray(a_zip(kind))
    content[33] ^= 1
    refused(place, "a.zip", bytes(content))


def test_a_zip_that_leaves_its_folder_is_refused(place: Workplace) -> None:
    refused(place, "a.zip", a_zip(name="x/../../out"))


def test_a_tar_that_ends_in_a_zip_is_a_tar(place: Workplace) -> None:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as tar:
        member = tarfile.TarInfo("inner.zip")
        member.size = len(a_zip())
        tar.addfile(member, io.BytesIO(a_zip()))
    unit = unpacked(place, "a.tar", whole.getvalue())
    assert [file.name for file in unit.folder.iterdir() if file.name != "a.tar"] == ["inner.zip"]
