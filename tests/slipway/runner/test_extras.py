"""Submodules and large files: checked out where that takes no credential, else noted."""

from pathlib import Path

import pytest

from slipway.runner.git.extras import _host
from tests.slipway.runner.conftest import Start
from tests.slipway.runner.platform import FakeJob, Platform
from tests.slipway.runner.repositories import STEP, commit, git, sample
from tests.slipway.runner.warehouse import Warehouse

POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{7:064d}\nsize 12345\n"
LISTING = "#!/bin/sh\ncat lib/main.txt lib/deep/main.txt; true\n"


def with_submodule(repository: Path, url: str, path: str = "lib") -> None:
    """The repository, with a submodule of it at this address."""
    allowed = ("-c", "protocol.file.allow=always")
    git(repository, *allowed, "submodule", "--quiet", "add", str(repository.parent / "library"), path)
    git(repository, "config", "--file", ".gitmodules", f"submodule.{path}.url", url)
    commit(repository, "with a submodule", build_sh=LISTING)


def built(platform: Platform, start: Start, repository: Path) -> FakeJob:
    job = platform.add("build", repository=f"file://{repository}", branch="main", steps=[STEP])
    start(local_repositories=True)
    platform.await_end(job)
    assert job.outcome == "succeeded", job.said
    return job


@pytest.fixture
def library(tmp_path: Path, warehouse: Warehouse) -> Path:
    """Another repository beside the one that is built."""
    assert not warehouse.inventory.packages
    library = sample(tmp_path / "library")
    commit(library, "words", main_txt="of the library\n")
    return library


@pytest.mark.parametrize("url", ["{library}", "file://{library}", "../library"])
def test_a_submodule_of_the_same_host_is_checked_out(
    platform: Platform, start: Start, repository: Path, library: Path, url: str
) -> None:
    with_submodule(repository, url.format(library=library))
    assert "of the library" in built(platform, start, repository).said


def test_submodules_of_submodules_are_checked_out(
    platform: Platform, start: Start, repository: Path, library: Path
) -> None:
    deep = sample(library.with_name("deep"))
    commit(deep, "words", main_txt="of the deep\n")
    git(library, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(deep), "deep")
    commit(library, "deeper")
    with_submodule(repository, str(library))
    assert "of the deep" in built(platform, start, repository).said


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://git.example.org/library.git", "it is of another host"),
        ("git@git.example.org:library.git", "it is of another host"),
        ("/nonexistent/library.git", "no credentials are given for submodules"),
        ("--upload-pack=touch", "git finds no address of it"),
    ],
)
def test_a_submodule_that_cannot_be_is_noted_and_the_build_goes_on(
    platform: Platform, start: Start, repository: Path, library: Path, url: str, why: str
) -> None:
    assert library.is_dir()
    with_submodule(repository, url)
    noted = [line for line in built(platform, start, repository).said if line.startswith("submodule lib")]
    assert len(noted) == 1
    assert why in noted[0]


def test_files_of_git_lfs_are_noted_where_they_cannot_be(
    platform: Platform, start: Start, repository: Path, warehouse: Warehouse
) -> None:
    (repository / ".gitattributes").write_text("*.bin filter=lfs diff=lfs merge=lfs -text\n")
    commit(repository, "large", big_bin=POINTER)
    said = built(platform, start, repository).said
    assert [line for line in said if "1 files of Git LFS are not checked out" in line]
    assert warehouse.inventory.packages


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Git.example.org:8443/a", "git.example.org"),
        ("ann@git.example.org:a/b.git", "git.example.org"),
        ("ssh://git@git.example.org/a", "git.example.org"),
        ("/a/b:c", ""),
        ("file:///a", ""),
    ],
)
def test_a_host_is_one_however_it_is_written(url: str, host: str) -> None:
    assert _host(url) == host
