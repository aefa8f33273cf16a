"""Nothing in an archive gets out of its folder."""

import gzip
import io
import tarfile
from pathlib import Path

import pytest

from slipway.plan.archive import Package, inner_file, limits_of, metadata_of, pack, unpack
from slipway_formats.archive import ArchiveError, Limits


def an_archive(path: Path, *members: tuple[str, bytes, bytes], link: str = "") -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for name, kind, content in members:
            member = tarfile.TarInfo(name)
            member.type, member.size, member.linkname = kind, len(content), link
            tar.addfile(member, io.BytesIO(content))
    return path


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "app-v1/../../x",
        "../x",
        "app-v1/..",
        "app-v1//x",
        "app-v1/./x",
        "other/x",
        "app-v1",
        "app-v1/a\\b",
    ],
)
def test_a_name_that_leaves_the_package_is_refused(tmp_path: Path, name: str) -> None:
    archive = an_archive(tmp_path / "a.tgz", ("app-v1/fine", tarfile.REGTYPE, b"x"), (name, tarfile.REGTYPE, b"x"))
    with pytest.raises(ArchiveError):
        unpack(archive, tmp_path / "out", top="app-v1")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE]
)
def test_only_regular_files_are_unpacked(tmp_path: Path, kind: bytes) -> None:
    archive = an_archive(tmp_path / "a.tgz", ("app-v1/x", kind, b""), link="/etc/passwd")
    with pytest.raises(ArchiveError, match="no regular file"):
        unpack(archive, tmp_path / "out", top="app-v1")


def test_a_file_given_twice_is_refused(tmp_path: Path) -> None:
    archive = an_archive(tmp_path / "a.tgz", *[("app-v1/x", tarfile.REGTYPE, b"x")] * 2)
    with pytest.raises(ArchiveError):
        unpack(archive, tmp_path / "out", top="app-v1")


@pytest.mark.parametrize("limits", [Limits(files=2), Limits(file=5), Limits(total=3_000)])
def test_more_than_is_allowed_is_refused(tmp_path: Path, limits: Limits) -> None:
    members = [(f"app-v1/{number}", tarfile.REGTYPE, b"123456") for number in range(3)]
    archive = an_archive(tmp_path / "a.tgz", *members)
    with pytest.raises(ArchiveError, match=r"more than|larger than"):
        unpack(archive, tmp_path / "out", top="app-v1", limits=limits)


def test_a_bomb_stops_early(tmp_path: Path) -> None:
    bomb = an_archive(tmp_path / "bomb.tgz", ("app-v1/x", tarfile.REGTYPE, bytes(64 << 20)))
    assert bomb.stat().st_size < 1 << 20
    with pytest.raises(ArchiveError, match="unpacks to more"):
        unpack(bomb, tmp_path / "out", limits=Limits(total=1 << 20))


@pytest.mark.parametrize(
    "content", [b"", b"no gzip", gzip.compress(b"no tar", mtime=0), gzip.compress(b"x" * 600, mtime=0)]
)
def test_what_is_no_archive_is_refused_or_empty(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.tgz").write_bytes(content)
    with pytest.raises(ArchiveError):
        unpack(tmp_path / "a.tgz", tmp_path / "out", top="app-v1")


def test_modes_are_kept_without_the_dangerous_bits(tmp_path: Path) -> None:
    (tmp_path / "run.sh").write_text("x")
    (tmp_path / "run.sh").chmod(0o4777)
    pack(Package(folder=tmp_path, top="app-v1", files=("run.sh",), texts={"t": "é"}), tmp_path / "a.tgz")
    unpack(tmp_path / "a.tgz", tmp_path / "out", top="app-v1")
    assert (tmp_path / "out" / "run.sh").stat().st_mode & 0o7777 == 0o755
    assert (tmp_path / "out" / "t").read_text() == "é"


def test_a_link_out_of_the_folder_is_not_packed(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "secret").write_text("x")
    (tmp_path / "folder" / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(ArchiveError, match="leaves the package"):
        inner_file(tmp_path / "folder", "link")


def test_the_metadata_are_read_from_a_package_that_could_be_unpacked(tmp_path: Path) -> None:
    texts = {"release.json": '{"name": "app", "version": "1"}', "a/b": "x"}
    pack(Package(folder=tmp_path, top="app-v1", files=(), texts=texts), tmp_path / "a.tgz")

    assert metadata_of(tmp_path / "a.tgz", top="app-v1") == {"name": "app", "version": "1"}


@pytest.mark.parametrize("second", ["app-v1/release.json", "app-v1/../x", "other/x"])
def test_metadata_are_not_read_from_what_could_not_be_unpacked(tmp_path: Path, second: str) -> None:
    said = b'{"name": "app", "version": "1"}'
    members = [("app-v1/release.json", tarfile.REGTYPE, said), (second, tarfile.REGTYPE, b"x")]
    archive = an_archive(tmp_path / "a.tgz", *members)

    with pytest.raises(ArchiveError):
        metadata_of(archive, top="app-v1")


def test_a_large_archive_may_hold_more_than_a_small_one(tmp_path: Path) -> None:
    with (tmp_path / "a.tgz").open("wb") as file:
        file.truncate(3 << 30)

    assert limits_of(tmp_path / "a.tgz") == Limits(file=24 << 30, total=24 << 30)
    (tmp_path / "b.tgz").write_bytes(b"x")
    assert limits_of(tmp_path / "b.tgz") == Limits()
