"""A package is read to its end: whatever is damaged, or could not be unpacked, is refused."""

import gzip
import io
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from slipway_formats.archive import ArchiveError, Limits, members, metadata_in

DAMAGED = Path(__file__).parents[1] / "data" / "damaged-packages"
WHOLE = Path(__file__).parents[1] / "data" / "escape-package" / "app-v0.1.2.tgz"
BLOCK = tarfile.BLOCKSIZE


def read(content: bytes, top: str = "app-v1", limits: Limits | None = None) -> dict[str, bytes]:
    source = io.BytesIO(content)
    found = members(source, top, limits or Limits())
    return {member.name: member.content.read() for member in found}


def a_tar(*files: tuple[str, bytes], format: int = tarfile.USTAR_FORMAT) -> bytes:  # noqa: A002 - as tarfile's
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w", format=format) as tar:
        for name, content in files:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return whole.getvalue()


THREE = a_tar(*((f"app-v1/{name}", name.encode() * 700) for name in "abc"))
ENDED = THREE.rstrip(b"\0")


@pytest.mark.parametrize("file", sorted(file.stem for file in DAMAGED.iterdir() if file.stem != "bom-v1.0"))
def test_what_is_damaged_is_refused_in_words(file: str) -> None:
    content = (DAMAGED / f"{file}.tgz").read_bytes()
    with pytest.raises(ArchiveError, match=r"\w"):
        metadata_in(io.BytesIO(content), top=file, limits=Limits())


def test_a_byte_order_mark_is_skipped() -> None:
    content = (DAMAGED / "bom-v1.0.tgz").read_bytes()
    assert metadata_in(io.BytesIO(content), top="bom-v1.0", limits=Limits())["name"] == "bom"


def test_what_the_real_client_packs_is_read() -> None:
    assert metadata_in(io.BytesIO(WHOLE.read_bytes()), top="app-v0.1.2", limits=Limits())["version"] == "0.1.2"
    with pytest.raises(ArchiveError, match=r"is not in 'app-v9/'"):
        metadata_in(io.BytesIO(WHOLE.read_bytes()), top="app-v9", limits=Limits())


@given(some.integers(0, len(WHOLE.read_bytes()) - 1))
def test_a_package_that_is_cut_anywhere_is_refused(at: int) -> None:
    with pytest.raises(ArchiveError):
        read(WHOLE.read_bytes()[:at], "app-v0.1.2")


@given(some.integers(10, len(WHOLE.read_bytes()) - 1), some.integers(1, 255))
def test_one_wrong_byte_never_passes(at: int, flip: int) -> None:
    content = bytearray(WHOLE.read_bytes())
    content[at] ^= flip
    with pytest.raises(ArchiveError):
        read(bytes(content), "app-v0.1.2")


@given(some.integers(0, len(ENDED)))
def test_a_tar_that_is_cut_before_its_end_is_refused_though_its_gzip_is_whole(at: int) -> None:
    with pytest.raises(ArchiveError):
        read(gzip.compress(THREE[:at]))


@pytest.mark.parametrize("block", range(0, len(ENDED), 2 * BLOCK + 2 * BLOCK // 2))
@pytest.mark.parametrize("damage", [bytes(BLOCK), b"\xff" * BLOCK, b"x" * BLOCK])
def test_a_header_that_is_none_ends_nothing_silently(block: int, damage: bytes) -> None:
    damaged = THREE[:block] + damage + THREE[block + BLOCK :]
    with pytest.raises(ArchiveError):
        read(gzip.compress(damaged))


@pytest.mark.parametrize(
    "wrap",
    [
        lambda tar: gzip.compress(tar + b"x"),
        lambda tar: gzip.compress(tar + THREE),
        lambda tar: gzip.compress(tar) + b"x",
        lambda tar: gzip.compress(tar) + gzip.compress(b"x"),
        lambda tar: gzip.compress(tar)[:-1],
        lambda tar: tar,
    ],
)
def test_what_stands_behind_the_end_is_refused(wrap: Callable[[bytes], bytes]) -> None:
    with pytest.raises(ArchiveError):
        read(wrap(THREE))


@pytest.mark.parametrize(
    "wrap",
    [
        lambda tar: gzip.compress(tar),
        lambda tar: gzip.compress(tar[:700]) + gzip.compress(tar[700:]),
        lambda tar: gzip.compress(tar + bytes(20 * BLOCK)),
        lambda tar: gzip.compress(tar) + bytes(512),
    ],
)
def test_what_programs_pad_is_taken(wrap: Callable[[bytes], bytes]) -> None:
    assert read(wrap(THREE)) == {name: name.encode() * 700 for name in "abc"}


@pytest.mark.parametrize(
    "names",
    [
        ("a", "a"),
        ("a", "a/b"),
        ("a/b", "a"),
        ("a/b/c", "a/b"),
        ("n" * 256,),
        ("é" * 128,),
        ("/".join(["p" * 99] * 50),),
    ],
)
def test_names_that_no_folder_can_hold_are_refused(names: tuple[str, ...]) -> None:
    files = [(f"app-v1/{name}", b"x") for name in names]
    with pytest.raises(ArchiveError):
        read(gzip.compress(a_tar(*files, format=tarfile.PAX_FORMAT)))


@pytest.mark.parametrize("format", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_long_names_are_read_however_they_are_written(format: int) -> None:  # noqa: A002 - as tarfile's
    name = "/".join(["é" * 60] * 4)
    assert read(gzip.compress(a_tar((f"app-v1/{name}", b"x"), format=format))) == {name: b"x"}


def test_a_global_record_is_passed_over() -> None:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w", format=tarfile.PAX_FORMAT, pax_headers={"comment": "a commit"}) as tar:
        tar.addfile(tarfile.TarInfo("app-v1/x"))
    assert read(gzip.compress(whole.getvalue())) == {"x": b""}


def test_a_record_of_names_has_no_room_for_a_bomb() -> None:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w", format=tarfile.GNU_FORMAT) as tar:
        tar.addfile(tarfile.TarInfo("app-v1/" + "n" * (2 << 20)))
    with pytest.raises(ArchiveError, match="impossible size"):
        read(gzip.compress(whole.getvalue()))


def test_no_cold_start_pays_for_reading_archives() -> None:
    functions = "app, chalicelib.functions.advance, chalicelib.functions.effects"
    asked = f"import sys, {functions}; print(sorted({{'tarfile', 'gzip'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
