"""A stack of 0.1 is updated to this release while runs of it are under way, and loses nothing."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.deploy.artifacts import Artifacts, with_code, zips_of
from infra.deploy.stack import Stack as Formation
from infra.rehearsal.adapted import adapted, api_url
from infra.rehearsal.stand_in import StandIn, environment_of
from tests.deployed.stack import Stack, session_at
from tests.updates.deploying import deploy, version
from tests.updates.in_flight import begin, numbers

PREFIX, STACK = "oldest-", "oldest"
THE_TOKEN = "from chalicelib import wiring; print(wiring.admin_token())"


@pytest.fixture
def place(account: StandIn, oldest: Path) -> Iterator[Stack]:
    """A stack as 0.1 deployed it, with its first token, and a runner of 0.1."""
    outputs = deployed_by_itself(account, oldest)
    env = {**os.environ, **environment_of(account.address), "SLIPWAY_PREFIX": PREFIX}
    words = [sys.executable, "-c", THE_TOKEN]
    token = subprocess.run(words, cwd=oldest, env=env, capture_output=True, text=True, check=True).stdout.strip()
    made = Stack(stand_in=account, prefix=PREFIX, token=token, outputs=outputs)
    runner = runner_of(oldest, made)
    yield made
    made.end()
    runner.terminate()
    runner.wait(60)


def test_runs_that_are_under_way_end_well_and_numbers_go_on(place: Stack, tmp_path: Path) -> None:
    assert version(place) == "0.1.0"
    runs = begin(place, "kept", tmp_path)
    before = numbers(place, "kept")

    deploy(place)

    assert place.session.client("lambda").get_alias(FunctionName=f"{PREFIX}api", Name="live")["FunctionVersion"] == "2"
    runs.let_end()
    runs.assert_nothing_is_lost()
    place.ended(place.trigger("kept", "busy"))
    assert sorted(numbers(place, "kept")) == [*sorted(before), max(before) + 1]


def deployed_by_itself(account: StandIn, oldest: Path) -> dict[str, str]:
    """The outputs of a stack that was made as docs/operations.md of 0.1 says."""
    session = session_at(account.address)
    artifacts = Artifacts(session=session, bucket="oldest-artifacts")
    artifacts.make_bucket()
    template = adapted(json.loads((oldest / "build" / "template.json").read_text()), account.address)
    code = {zip_of: artifacts.put_code(oldest / "build" / zip_of) for zip_of in zips_of(template)}
    url = artifacts.put_template(with_code(template, code))
    stack = Formation(cloudformation=session.client("cloudformation"), name=STACK, pause=0.2)
    outputs = stack.deploy(url, {"Prefix": PREFIX})
    address = api_url(account.address, outputs["RestAPIId"], "slipway")
    return {**stack.deploy(url, {"PublicUrl": address}), "PublicUrl": address}


def runner_of(oldest: Path, stack: Stack) -> subprocess.Popen[bytes]:
    """A runner as 0.1 had it."""
    told = {"SLIPWAY_API": stack.address, "SLIPWAY_TOKEN": stack.token, "PYTHONPATH": str(oldest)}
    words = [sys.executable, "-m", "slipway.runner", "--name", "old", "--pool", "default"]
    with (stack.stand_in.folder / "old.log").open("ab") as log:
        return subprocess.Popen(words, cwd=oldest, env={**os.environ, **told}, stdout=log, stderr=log)
