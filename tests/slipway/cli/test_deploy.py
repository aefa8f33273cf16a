"""Deploying an earlier release is one command; what is where is a table, now or at an instant."""

import json

import pytest

from tests.slipway.cli.recorded_api import RecordedApi, Shell
from tests.slipway.cli.runs import a_node, a_run, a_stage

JOB = "/api/v1/deployment-jobs/by-project/shop/by-environment/staging/by-name/shop%2Fweb/"
RUN = "/api/v1/runs/R1"


def a_deployment(version: str = "1.2", status: str = "ok", **outputs: object) -> dict[str, object]:
    stage = {
        "version": version,
        "status": {"status": status, "updated_at": "2030-05-01T12:00:00Z", "updated_by": "ann"},
        "calculated_outputs": outputs,
    }
    return {"name": "shop/web", "release": "shop/web", "stages": {"deploy": stage}}


def test_a_previous_release_is_deployed_by_one_command(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"POST {JOB}trigger", {"id": "R1"})
    done = a_run("succeeded", a_stage("job", "succeeded", a_node("deploy", "succeeded")))
    api.on(f"GET {RUN}", done)

    result = slipway("deploy", "shop", "staging", "shop/web", "--version", "1.1", "-i", "size=3", "-i", "name=x")

    assert result.exit_code == 0
    assert api.last("POST").body == {"version": "1.1", "inputs": {"size": 3, "name": "x"}}
    assert "succeeded" in result.stdout


def test_the_exit_code_is_that_of_the_deployment(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"POST {JOB}trigger", {"id": "R1"})
    api.on(f"GET {RUN}", a_run("failed"))

    assert slipway("deploy", "shop", "staging", "shop/web").exit_code == 1
    assert api.last("POST").body == {}


@pytest.mark.parametrize(
    ("version", "query"), [("shop/web-v1.1", "v1.1"), ("shop/web:stable", "stable"), ("1.@", "1.@")]
)
def test_a_version_may_be_said_as_a_release(api: RecordedApi, slipway: Shell, version: str, query: str) -> None:
    api.on(f"POST {JOB}trigger", {"id": "R1"})

    assert slipway("deploy", "shop", "staging", "shop/web", "--version", version, "--no-wait").exit_code == 0
    assert api.last("POST").body == {"version": query}
    assert slipway("deploy", "shop", "staging", "shop/web", "--version", "a/b").exit_code == 64


def test_without_waiting_the_run_is_named(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"POST {JOB}trigger", {"id": "R1"})

    text = slipway("deploy", "shop", "staging", "shop/web", "--no-wait")
    data = slipway("deploy", "shop", "staging", "shop/web", "--no-wait", "--json")

    assert "slipway run watch R1" in text.stdout
    assert json.loads(data.stdout) == {"id": "R1"}


def test_an_input_that_is_no_pair_is_wrong_usage(slipway: Shell) -> None:
    result = slipway("deploy", "shop", "staging", "web", "-i", "a", "-i", "=b")

    assert result.exit_code == 64
    assert "'a' is no NAME=VALUE" in result.stderr
    assert "'=b' is no NAME=VALUE" in result.stderr


def an_api_with_two_environments(api: RecordedApi) -> None:
    api.on("GET /api/v1/state/shop/", {"environment_order": ["staging", "production"]})
    staging = {"name": "staging", "deployments": {"shop/web": a_deployment("1.3", url="http://127.0.0.1:99/", size=3)}}
    api.on("GET /api/v1/state/shop/environments/staging/", staging)
    broken = a_deployment("1.2", "test_failure")
    api.on(
        "GET /api/v1/state/shop/environments/production/", {"name": "production", "deployments": {"shop/web": broken}}
    )


def test_the_state_of_a_project_is_what_is_where(api: RecordedApi, slipway: Shell) -> None:
    an_api_with_two_environments(api)

    lines = [line.split() for line in slipway("state", "shop").stdout.splitlines()]

    assert lines[0] == ["ENVIRONMENT", "DEPLOYMENT", "RELEASE", "VERSION", "STATUS", "SINCE", "BY", "URL"]
    assert lines[1][:5] == ["staging", "shop/web", "shop/web", "1.3", "ok"]
    assert lines[1][-2:] == ["ann", "http://127.0.0.1:99/"]
    assert " ".join(lines[2]).startswith("production shop/web shop/web 1.2 test failure")


def test_the_state_is_asked_for_as_it_was(api: RecordedApi, slipway: Shell) -> None:
    an_api_with_two_environments(api)

    result = slipway("state", "shop", "--at", "2030-05-01T12:00:00Z", "--json")

    assert api.asked[-1].query == {"full": "true", "at": "2030-05-01T12:00:00+00:00"}
    told = json.loads(result.stdout)
    assert told["at"] == "2030-05-01T12:00:00+00:00"
    assert list(told["environments"]) == ["staging", "production"]


def test_an_instant_that_is_none_is_wrong_usage(slipway: Shell) -> None:
    assert slipway("state", "shop", "--at", "yesterday").exit_code == 64


def test_one_deployment_is_shown_with_its_inputs_and_outputs(api: RecordedApi, slipway: Shell) -> None:
    api.on("GET /api/v1/state/shop/environments/staging/deployments/", a_deployment(url="http://127.0.0.1:99/"))

    text, data = (
        slipway("state", "shop", "staging", "shop/web"),
        slipway("state", "shop", "staging", "shop/web", "--json"),
    )

    assert api.asked[-1].query == {"deployment": "shop/web"}
    assert "output url  http://127.0.0.1:99/" in text.stdout
    assert json.loads(data.stdout)["release"] == "shop/web"


def test_the_history_says_what_was_done_by_whom(api: RecordedApi, slipway: Shell) -> None:
    execution = {
        "id": "R1",
        "run_nr": 4,
        "status": "failed",
        "reason": "smoke failed",
        "started_at": "2030-05-01T12:00:00Z",
        "started_by": "ann",
        "action": "deploy",
        "version": "1.2",
    }
    api.on(f"GET {JOB}executions/", [execution])

    result = slipway("history", "shop", "staging", "shop/web", "--limit", "5")

    assert api.asked[-1].query == {"page_size": "5"}
    assert result.stdout.splitlines()[1].split()[:4] == ["#4", "deploy", "1.2", "failed"]
