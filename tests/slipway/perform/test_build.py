"""A build step takes a checkout to a release in the inventory."""

import io
import json
import subprocess
import tarfile
from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest

from slipway.perform.deployment import DeploymentRequest, destroy, errand, smoke
from slipway.perform.faults import StageFailedError, StatesError
from slipway.plan.defects import PlanError
from slipway_formats.build_step import BuildStep
from tests.fakes.escape_inventory import MemoryInventory
from tests.slipway.perform.workplace import PLACE, Workplace

PLAN = """
name: demo/app
version: 0.1.@
metadata: {owner: me}
provides: [web]
inputs:
- {id: greeting, default: hello}
- {id: count, type: integer, default: 3}
outputs: [result]
build: build.sh
test: test.sh
deploy: deploy.sh
smoke: smoke.sh
destroy: destroy.sh
errands:
  backup:
    script: backup.sh
    inputs: [{id: target, default: /tmp}]
"""
SCRIPTS = {
    "build.sh": 'echo "building $INPUT_greeting $INPUT_count $INPUT_METADATA_owner"; echo \'{"result":"built"}\' > $1',
    "test.sh": 'echo "testing $OUTPUT_result"',
    "deploy.sh": 'echo "deploying"; echo \'{"result":"live"}\' > .escape/outputs.json',
    "smoke.sh": 'echo "smoking $OUTPUT_result"',
    "destroy.sh": "echo destroying",
    "backup.sh": 'echo "backup to $INPUT_target of $INPUT_OUTPUT_result $OUTPUT_result $INPUT_greeting"',
}


def test_a_release_goes_through_every_stage_in_order(place: Workplace) -> None:
    result = place.release(PLAN, SCRIPTS)
    assert result.release_id == "demo/app-v0.1.0"
    assert result.outputs == {"result": "live"}
    assert place.said == [
        "building hello 3 me", "testing built", "destroying", "deploying", "smoking live", "destroying",
    ]  # fmt: skip
    assert place.inventory.asked[-2:] == ["register demo/app 0.1.0", "upload demo/app 0.1.0"]


def test_the_package_holds_the_metadata_that_was_registered(place: Workplace) -> None:
    place.release(PLAN, SCRIPTS)
    content = io.BytesIO(place.inventory.packages["demo", "app", "0.1.0"])
    with tarfile.open(fileobj=content) as tar:
        member = tar.extractfile("app-v0.1.0/release.json")
        assert member is not None
        assert json.load(member) == place.inventory.releases["demo", "app", "0.1.0"]


def test_a_pushed_release_is_deployed_smoked_run_and_destroyed(place: Workplace) -> None:
    place.release(PLAN, SCRIPTS)
    place.lines.clear()
    ask = DeploymentRequest(release="demo/app-v0.1.0", deployment="web")
    assert place.deploy("demo/app-latest", "web", greeting="ahoy").outputs == {"result": "live"}
    smoke(ask, place.fresh(), place.site, place.bench)
    errand(
        DeploymentRequest(release="demo/app-v0.1.0", deployment="web", inputs={"target": "/mnt"}),
        "backup", place.fresh(), site=place.site, toolbox=place.bench,
    )  # fmt: skip
    destroy(ask, place.fresh(), place.site, place.bench)
    assert place.said == ["deploying", "smoking live", "backup to /mnt of live live ahoy", "destroying"]


def test_the_state_is_what_the_service_keeps(place: Workplace) -> None:
    place.release(PLAN, SCRIPTS, BuildStep(run_destroy=False))
    kept = place.states.environments[PLACE]["deployments"]["demo/app"]
    assert kept["stages"]["deploy"] == {
        "calculated_inputs": {"greeting": "hello", "count": 3}, "calculated_outputs": {"result": "live"},
        "provides": ["web"], "version": "0.1.0",
        "status": {"status": "ok", "updated_at": "2026-05-01T12:00:00Z", "updated_by": "ann"},
    }  # fmt: skip
    assert kept["release"] == "demo/app"
    assert kept["stages"]["build"]["calculated_outputs"] == {"result": "built"}


def test_what_other_clients_wrote_is_kept(place: Workplace) -> None:
    place.release(PLAN, SCRIPTS, BuildStep(run_destroy=False))
    written = place.states.environments[PLACE]["deployments"]["demo/app"]
    written["owner"] = written["stages"]["deploy"]["ticket"] = {"a": [1]}
    place.deploy("demo/app-latest", "demo/app")
    kept = place.states.environments[PLACE]["deployments"]["demo/app"]
    assert (kept["owner"], kept["stages"]["deploy"]["ticket"]) == ({"a": [1]}, {"a": [1]})


def test_every_change_of_state_is_put_at_once(place: Workplace) -> None:
    place.release(PLAN, SCRIPTS, BuildStep(run_destroy=False, run_deploy=False, run_tests=False))
    assert [state["stages"]["build"]["status"]["status"] for _, _, state in place.states.puts] == [
        "running_pre_step", "running_main_step", "running_post_step", "ok",
    ]  # fmt: skip


def test_destroying_empties_the_stage(place: Workplace) -> None:
    place.release(PLAN, SCRIPTS)
    stages = place.states.environments[PLACE]["deployments"]["demo/app"]["stages"]
    assert [list(stage) for stage in stages.values()] == [["status"], ["status"]]
    assert {stage["status"]["status"] for stage in stages.values()} == {"empty"}


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (BuildStep(run_build=False, run_tests=False), ["deploying", "destroying"]),
        (BuildStep(run_tests=False, run_deploy=False), ["building hello 3 me", "destroying"]),
        (BuildStep(run_smoke=False, run_destroy=False), ["building hello 3 me", "testing built", "deploying"]),
        (BuildStep(run_destroy_deploy=False, run_tests=False), ["building hello 3 me", "destroying", "deploying"]),
        (BuildStep(run_destroy_build=False, run_tests=False), ["building hello 3 me", "deploying", "destroying"]),
    ],
)
def test_a_step_does_what_its_flags_say(place: Workplace, step: BuildStep, expected: list[str]) -> None:
    place.release(PLAN, SCRIPTS, step)
    assert place.said == expected


def test_a_step_that_does_not_push_leaves_the_inventory_alone(place: Workplace) -> None:
    result = place.release(PLAN, SCRIPTS, BuildStep(push_release=False))
    assert not result.pushed
    assert result.package is not None
    assert not place.inventory.releases


def test_variables_and_the_namespace_come_from_the_step(place: Workplace) -> None:
    step = BuildStep(override_namespace="other", variables={"greeting": "moin", "count": "7"})
    assert place.release(PLAN, SCRIPTS, step).release_id == "other/app-v0.1.0"
    assert place.said[0] == "building moin 7 me"


def test_what_exists_is_skipped_on_demand(place: Workplace) -> None:
    fixed = PLAN.replace("0.1.@", "'1.0'")
    place.release(fixed, SCRIPTS)
    place.lines.clear()
    result = place.release(fixed, SCRIPTS, BuildStep(skip_if_exists=True))
    assert result.skipped == "demo/app-v1.0 exists already"
    assert place.said == []


def test_a_fixed_version_that_exists_fails(place: Workplace) -> None:
    fixed = PLAN.replace("0.1.@", "'1.0'")
    place.release(fixed, SCRIPTS)
    with pytest.raises(StageFailedError, match=r"demo/app-v1\.0 exists already"):
        place.release(fixed, SCRIPTS)


class Rivalled(MemoryInventory):
    """An inventory in which somebody else registers our number just before we do, once."""

    def register(self, namespace: str, metadata: Mapping[str, Any]) -> None:
        if not self.releases:
            super().register(namespace, {**metadata, "description": "theirs"})
        super().register(namespace, metadata)


def test_an_automatic_version_that_was_taken_meanwhile_is_the_next(place: Workplace) -> None:
    place.inventory = Rivalled()
    assert place.release(PLAN, SCRIPTS, BuildStep(run_destroy=False)).release_id == "demo/app-v0.1.1"
    assert place.states.stage(PLACE, "demo/app")["version"] == "0.1.1"
    assert place.deploy("demo/app-latest").release_id == "demo/app-v0.1.1"


def test_a_failing_script_fails_the_step_and_is_recorded(place: Workplace) -> None:
    with pytest.raises(StageFailedError, match="build: exit code 7"):
        place.release(PLAN, {**SCRIPTS, "build.sh": "echo no >&2; exit 7"})
    status = place.states.stage(PLACE, "demo/app", "build")["status"]
    assert (status["status"], status["data"]) == ("failure", "build: exit code 7")
    assert not place.inventory.releases


def test_a_failing_test_is_a_test_failure(place: Workplace) -> None:
    with pytest.raises(StageFailedError, match="test: exit code 1"):
        place.release(PLAN, {**SCRIPTS, "test.sh": "exit 1"})
    assert place.states.stage(PLACE, "demo/app", "build")["status"]["status"] == "test_failure"


def test_a_missing_output_fails_and_an_undeclared_one_warns(place: Workplace) -> None:
    with pytest.raises(StageFailedError, match="outputs: result: no value given, and no default"):
        place.release(PLAN, {**SCRIPTS, "build.sh": 'echo \'{"other":"x"}\' > $1'})
    assert "warning: output 'other' is not declared" in place.text


def test_an_output_that_is_no_string_fails(place: Workplace) -> None:
    with pytest.raises(StageFailedError, match="output 'result' is a number, not a string"):
        place.release(PLAN, {**SCRIPTS, "build.sh": "echo '{\"result\":1}' > $1"})


def test_a_plan_with_defects_starts_nothing(place: Workplace) -> None:
    with pytest.raises(PlanError, match=r"escape.yml: frob: unknown key"):
        place.release(PLAN + "frob: 1\n", SCRIPTS)
    assert place.states.puts == []


def test_a_plan_that_is_not_there_is_a_defect(place: Workplace) -> None:
    with pytest.raises(PlanError, match=r"other.yml: no such file"):
        place.release(PLAN, SCRIPTS, BuildStep(plan_location="other.yml"))


def test_a_release_is_tagged_in_git(place: Workplace) -> None:
    folder = place.folder(PLAN, SCRIPTS)
    run = partial(subprocess.run, cwd=folder, check=True, capture_output=True, text=True)
    who = ("git", "-c", "user.name=Ann", "-c", "user.email=ann@example.org")
    run([*who, "init", "--quiet", "--bare", str(place.root / "origin.git")])
    run([*who, "init", "--quiet", "--initial-branch=trunk"])
    run([*who, "remote", "add", "origin", str(place.root / "origin.git")])
    run([*who, "add", "."])
    run([*who, "commit", "--quiet", "--message", "Begin"])
    result = place.perform(folder, BuildStep(tag_git=True, run_tests=False, run_deploy=False))
    commit = run([*who, "rev-parse", "HEAD"]).stdout.strip()
    assert (result.revision.revision, result.revision.branch, result.revision.message) == (commit, "trunk", "Begin")
    assert run([*who, "ls-remote", "--tags", "origin", "demo/app-v0.1.0"]).stdout
    assert place.inventory.releases["demo", "app", "0.1.0"]["git_revision"] == commit


def test_the_state_service_being_away_is_said(place: Workplace) -> None:
    place.states.broken = True
    with pytest.raises(StatesError):
        place.release(PLAN, SCRIPTS)


def test_a_deployment_that_asked_to_be_forgotten_is(place: Workplace) -> None:
    place.release(PLAN, SCRIPTS)
    place.deploy("demo/app-latest", "web")
    place.states.stage(PLACE, "web")["status"]["status"] = "destroy_and_delete_pending"
    ask = DeploymentRequest(release="demo/app-latest", deployment="web")
    destroy(ask, place.fresh(), place.site, place.bench)
    assert "web" not in place.states.environments[PLACE]["deployments"]


def test_destroying_twice_is_well_and_smoking_nothing_is_not(place: Workplace) -> None:
    place.release(PLAN, SCRIPTS)
    ask = DeploymentRequest(release="demo/app-latest", deployment="web")
    destroy(ask, place.fresh(), place.site, place.bench)
    with pytest.raises(StageFailedError, match="web is not deployed in ci"):
        smoke(ask, place.fresh(), place.site, place.bench)


def test_another_release_s_deployment_is_not_destroyed_by_mistake(place: Workplace) -> None:
    place.release(PLAN, SCRIPTS)
    place.deploy("demo/app-latest", "web")
    with pytest.raises(StageFailedError, match="web is a deployment of demo/app, not of demo/other"):
        destroy(DeploymentRequest(release="demo/other-v1", deployment="web"), place.fresh(), place.site, place.bench)
