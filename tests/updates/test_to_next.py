"""A stack is updated to the next release and back again while runs of it are under way, and loses nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.rehearsal.stand_in import StandIn
from tests.deployed.next_release import NEXT
from tests.deployed.stack import Stack, deployed
from tests.updates.deploying import deploy, version
from tests.updates.in_flight import begin


@pytest.fixture(scope="module")
def place(account: StandIn) -> Iterator[Stack]:
    """A stack of this release with a runner."""
    made = deployed(account, "ahead-")
    made.runner("ahead", "default")
    yield made
    made.end()


def test_runs_that_are_under_way_end_well_on_the_next_release(place: Stack, following: Path, tmp_path: Path) -> None:
    runs = begin(place, "ahead", tmp_path)

    deploy(place, "--build", str(following))

    assert version(place) == NEXT
    runs.let_end()
    runs.assert_nothing_is_lost()


def test_so_do_runs_of_the_next_release_when_it_is_taken_back(place: Stack, following: Path, tmp_path: Path) -> None:
    deploy(place, "--build", str(following))
    runs = begin(place, "back", tmp_path)

    deploy(place, "--rollback")

    assert version(place) == "0.1.0"
    runs.let_end()
    runs.assert_nothing_is_lost()


def test_so_do_runs_while_both_releases_do_the_work(place: Stack, following: Path, tmp_path: Path) -> None:
    deploy(place, "--build", str(following), "--share", "50")
    runs = begin(place, "both", tmp_path)

    runs.let_end()

    runs.assert_nothing_is_lost()
