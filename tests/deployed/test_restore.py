"""A stack is restored from another one's tables by the command that docs/operations.md says."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from infra.rehearsal.stand_in import environment_of
from infra.restore.tables import NAMES
from tests.deployed.stack import ROOT, Stack
from tests.walks.api import Ask


@pytest.fixture(scope="module")
def restored(stack: Stack) -> Stack:
    """A stack with what the shared one had when a run of it had ended."""
    stack.project("kept", "staging")
    stack.pipeline("kept", "say", [{"name": "only", "steps": [{"name": "say", "type": "noop"}]}])
    stack.ended(stack.trigger("kept", "say"))
    words = [sys.executable, "-m", "infra.restore", stack.prefix, "again-", "--stack", "again"]
    env = {**os.environ, **environment_of(stack.stand_in.address)}
    done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    outputs = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    return replace(stack, prefix="again-", outputs=outputs, runners=[])


def test_what_was_there_is_there_and_numbers_go_on_far_above(restored: Stack) -> None:
    runs = restored.get("/api/v1/projects/kept/runs")
    assert [(run["run_nr"], run["phase"]) for run in runs] == [(1, "succeeded")]

    newer = restored.ended(restored.trigger("kept", "say"))

    assert (newer["phase"], newer["run_nr"] > 10_000) == ("succeeded", True)


def test_the_new_stack_owns_its_tables_which_expire_and_can_be_restored_again(restored: Stack) -> None:
    dynamodb = restored.session.client("dynamodb")
    resources = restored.session.client("cloudformation").describe_stack_resources(StackName="again")["StackResources"]
    assert {f"again-{name}" for name in NAMES} <= {one["PhysicalResourceId"] for one in resources}
    for name in NAMES:
        expiry = dynamodb.describe_time_to_live(TableName=f"again-{name}")["TimeToLiveDescription"]
        backups = dynamodb.describe_continuous_backups(TableName=f"again-{name}")["ContinuousBackupsDescription"]
        assert expiry["TimeToLiveStatus"] == "ENABLED"
        assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    assert restored.asks(Ask(method="GET", path="/health", token="")).status == 200
