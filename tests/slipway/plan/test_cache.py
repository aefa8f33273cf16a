"""Packages in a folder that jobs share."""

import os
import time
from pathlib import Path

import pytest

from slipway.plan.cache import PackageCache
from slipway.plan.files import sha256


@pytest.fixture
def cache(tmp_path: Path) -> PackageCache:
    return PackageCache(folder=tmp_path / "cache", most=25)


def package(folder: Path, text: str) -> Path:
    file = folder / f"{text[:8]}.tgz"
    file.write_text(text)
    return file


def test_what_was_kept_is_found_by_its_sum(cache: PackageCache, tmp_path: Path) -> None:
    kept = package(tmp_path, "content")
    cache.keep(kept)

    assert cache.copy(sha256(kept), tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "content"
    assert not cache.copy("0" * 64, tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_what_somebody_put_in_its_place_is_not_taken(cache: PackageCache, tmp_path: Path) -> None:
    kept = package(tmp_path, "content")
    cache.keep(kept)
    (inside,) = cache.folder.iterdir()
    inside.write_text("evil")

    assert not cache.copy(sha256(kept), tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
    assert list(cache.folder.iterdir()) == []


def test_the_oldest_make_room_but_not_for_an_hour(cache: PackageCache, tmp_path: Path) -> None:
    files = [package(tmp_path, f"{number} ten bytes"[:10]) for number in range(4)]
    for age, file in zip((9000, 8000, 60, 0), files, strict=True):
        cache.keep(file)
        os.utime(cache.folder / f"{sha256(file)}.tgz", (time.time() - age,) * 2)
    cache.keep(files[3])

    found = [cache.copy(sha256(file), tmp_path / "copy") for file in files]
    assert found == [False, False, True, True]
