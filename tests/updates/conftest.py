"""Releases that stacks are updated from and to, each as it is built, and an account for these stacks."""

import io
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.rehearsal import stand_in
from infra.rehearsal.stand_in import StandIn
from tests.cloud import free_port
from tests.deployed.next_release import next_release
from tests.deployed.stack import ROOT

OLDEST = "bbca8ba"
"""The commit of 0.1."""


@pytest.fixture(scope="session")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """An account in which nothing is."""
    started = stand_in.start(free_port(), tmp_path_factory.mktemp("account"))
    yield started
    started.stop()


@pytest.fixture(scope="session")
def oldest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree of 0.1, with what its `make package` writes."""
    packed = subprocess.run(["git", "archive", OLDEST], cwd=ROOT, capture_output=True, check=False)
    if packed.returncode:
        pytest.skip(f"the history of this clone does not go back to 0.1: {packed.stderr.decode().strip()}")
    tree = tmp_path_factory.mktemp("oldest")
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as tar:
        tar.extractall(tree, filter="data")
    subprocess.run([sys.executable, "-m", "infra.package"], cwd=tree, check=True, capture_output=True)
    return tree


@pytest.fixture(scope="session")
def following(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is built of the release after this one."""
    return next_release(tmp_path_factory.mktemp("next") / "build")
