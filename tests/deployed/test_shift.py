"""A release is given a share, the whole and nothing by one command each, and the one before does the rest."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.rehearsal.stand_in import StandIn, environment_of
from tests.deployed.next_release import NEXT, next_release
from tests.deployed.stack import ROOT, Stack, deployed, session_at
from tests.walks.api import Ask

OLD = "0.1.0"
ASKED = 40


@pytest.fixture(scope="module")
def place(account: StandIn) -> Iterator[Stack]:
    """A stack of the release that was built, with a pipeline. Its first deployment had failed."""
    s3 = session_at(account.address).client("s3")
    s3.create_bucket(Bucket="shift-packages")
    failed = asked(account, "shift-", "--stack", "shift")
    assert failed.returncode == 1
    assert "shift-packages" in failed.stderr, failed.stderr
    s3.delete_bucket(Bucket="shift-packages")
    made = deployed(account, "shift-", "--tag", "team=web")
    made.project("shift", "staging")
    made.pipeline("shift", "say", [{"name": "only", "steps": [{"name": "say", "type": "noop"}]}])
    yield made
    made.end()


@pytest.fixture(scope="module")
def following(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What was built of the next release."""
    return next_release(tmp_path_factory.mktemp("next") / "build")


def test_a_release_takes_a_share_then_all_and_gives_it_back(place: Stack, following: Path) -> None:
    assert versions(place) == {OLD}

    told(place, "--build", str(following), "--share", "50")
    assert versions(place) == {OLD, NEXT}

    told(place, "--shift", "100")
    assert versions(place) == {NEXT}

    told(place, "--rollback")
    assert versions(place) == {OLD}
    assert place.ended(place.trigger("shift", "say"))["phase"] == "succeeded"


def test_a_release_that_was_taken_back_is_deployed_again_by_deploying_it(place: Stack, following: Path) -> None:
    outputs = told(place, "--build", str(following))

    assert f"PublicUrl: {place.address}" in outputs.splitlines()
    assert versions(place) == {NEXT}
    assert place.ended(place.trigger("shift", "say"))["phase"] == "succeeded"


def test_a_first_deployment_that_failed_is_given_again_and_its_stack_has_tags(place: Stack) -> None:
    (stack,) = place.session.client("cloudformation").describe_stacks(StackName="shift")["Stacks"]

    tags = {one["Key"]: one["Value"] for one in stack["Tags"]}

    assert tags == {"application": "slipway", "installation": "shift", "team": "web"}


def test_there_is_nothing_to_share_with_at_first(account: StandIn) -> None:
    done = asked(account, "none-", "--stack", "none", "--share", "10")

    assert (done.returncode, done.stdout) == (1, "")
    assert "there is no stack none that could keep a share" in done.stderr


def versions(place: Stack) -> set[str]:
    """The versions that answer."""
    answers = [place.asks(Ask(method="GET", path="/")).text for _ in range(ASKED)]
    return {answer.split()[1].rstrip(":") for answer in answers}


def told(place: Stack, *words: str) -> str:
    """Have the stack deployed as an operator does, and return what he is told."""
    done = asked(place.stand_in, place.prefix, "--stack", place.prefix.rstrip("-"), *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def asked(account: StandIn, *words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **environment_of(account.address)}
    command = [sys.executable, "-m", "infra.deploy", *words]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
