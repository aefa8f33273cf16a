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
    assert slipway("state", "shop", "--at", "some day").exit_code == 64


def test_one_deployment_is_shown_with_its_inputs_and_outputs(api: RecordedApi, slipway: Shell) -> None:
    api.on("GET /api/v1/state/shop/environments/staging/deployments/", a_deployment(url="http://127.0.0.1:99/"))

    text, data = (
        slipway("state", "shop", "staging", "shop/web"),
        slipway("state", "shop", "staging", "shop/web", "--json"),
    )

    assert api.asked[-1].query == {"deployment": "shop/web"}
    assert "output url  http://127.0.0.1:99/" in text.stdout
    assert json.loads(data.stdout)["release"] == "shop/web"


HISTORY = "/api/v1/state/shop/environments/staging/deployments/history"


def a_change(run: str, at: str = "2030-05-01T12:05:00Z", action: str = "deploy") -> dict[str, object]:
    """A change of a deployment, as State tells it."""
    told = {"action": action, "execution_id": run, "release_id": "shop/web-v1.3", "went_well": True}
    return {"id": f"c-{run}", "at": at, "by": "bob", "deployment": None, **told}


def an_execution(run: str = "R1", at: str = "2030-05-01T12:00:00Z") -> dict[str, object]:
    """A run of the deployment job."""
    done = {"action": "deploy", "version": "1.2", "status": "failed", "reason": "smoke failed"}
    return {"id": run, "run_nr": 4, "started_at": at, "started_by": "ann", **done}


def test_the_history_says_what_was_done_by_whom(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {JOB}executions/", [an_execution()])
    api.on(f"GET {HISTORY}", [a_change("R1")])

    result = slipway("history", "shop", "staging", "shop/web", "--limit", "5")

    asked = {one.path: dict(one.query) for one in api.asked}
    assert asked == {
        f"{JOB}executions/": {"page_size": "5"},
        HISTORY: {"deployment": "shop/web", "page_size": "200"},
    }
    assert [line.split()[:4] for line in result.stdout.splitlines()[1:]] == [["#4", "deploy", "1.2", "failed"]]


def test_the_history_has_what_scripts_deployed_among_the_runs_of_the_job(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {JOB}executions/", [an_execution("R3", "2030-05-01T12:09:00Z"), an_execution()])
    api.on(f"GET {HISTORY}", [a_change("R3"), a_change("R2"), written("pending", 4), a_change("R1")])

    result = slipway("history", "shop", "staging", "shop/web", "--json")

    assert [one["id"] for one in json.loads(result.stdout)] == ["R3", "R2", "R1"]
    lines = slipway("history", "shop", "staging", "shop/web").stdout.splitlines()
    assert lines[2].split()[:3] == ["deploy", "shop/web-v1.3", "ok"]
    shortened = slipway("history", "shop", "staging", "shop/web", "--limit", "2", "--json")
    assert [one["id"] for one in json.loads(shortened.stdout)] == ["R3", "R2"]


def test_what_scripts_alone_deployed_has_a_history(api: RecordedApi, slipway: Shell) -> None:
    api.refuse(f"GET {JOB}executions/", 404, "no deployment job shop/web")
    api.on(f"GET {HISTORY}", [a_change("R2")])
    result = slipway("history", "shop", "staging", "shop/web")

    assert result.stdout.splitlines()[1].split()[-2:] == ["bob", "R2"]
    api.refuse(f"GET {HISTORY}", 404, "no deployment shop/web in shop/staging")
    missing = slipway("history", "shop", "staging", "shop/web")
    assert (missing.exit_code, "no deployment shop/web in shop/staging" in missing.stderr) == (3, True)


def test_a_job_that_never_ran_has_an_empty_history(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {JOB}executions/", [])
    api.refuse(f"GET {HISTORY}", 404, "no deployment shop/web in shop/staging")

    assert slipway("history", "shop", "staging", "shop/web").stdout == "nothing was done yet\n"


VERSIONS = "/api/v1/inventory/shop/units/web/versions/"
YANKED = {
    "release": {"name": "web", "version": "1.2"},
    "yanked": {"reason": "it loses orders", "by": "ann", "at": "2030-05-01T12:00:00Z"},
}


@pytest.mark.parametrize(("given", "asked"), [(("--version", "1.2"), "v1.2"), ((), "stable")])
def test_a_yanked_version_is_deployed_only_by_who_says_so(
    api: RecordedApi, slipway: Shell, given: tuple[str, ...], asked: str
) -> None:
    api.on(f"GET {JOB}", {"release": "shop/web", "version": "stable"})
    api.on(f"GET {VERSIONS}{asked}/", YANKED)
    api.on(f"POST {JOB}trigger", {"id": "R1"})

    refused = slipway("deploy", "shop", "staging", "shop/web", *given, "--no-wait")
    taken = slipway("deploy", "shop", "staging", "shop/web", *given, "--no-wait", "--yanked")

    assert (refused.exit_code, taken.exit_code) == (1, 0)
    assert "web-v1.2 was yanked by ann: it loses orders" in refused.stderr
    assert "--yanked" in refused.stderr
    assert [one.method for one in api.asked].count("POST") == 1


def written(status: str, minute: int, **more: object) -> dict[str, object]:
    """A change that a client wrote itself."""
    stages = {"deploy": {"version": "1.3", "status": {"status": status}}}
    told = {**a_change("", f"2030-05-01T12:{minute:02d}:00Z", action=""), "id": f"c{minute}"}
    return {**told, "deployment": {"name": "shop/web", "release": "shop/web", "stages": stages}, **more}


def test_the_history_lists_what_clients_deployed_themselves(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {JOB}executions/", [an_execution("R1", "2030-05-01T12:02:00Z")])
    on_the_way, deleted = written("running_main_step", 2), written("ok", 5, deployment=None)
    own = written("ok", 4, execution_id="R1")
    api.on(f"GET {HISTORY}", [deleted, own, written("ok", 3), on_the_way, written("failure", 1)])

    rows = slipway("history", "shop", "staging", "shop/web").stdout.splitlines()[1:]

    assert [row.split()[0] for row in rows] == ["state", "state", "#4", "state"]
    assert ["deleted" in rows[0], "1.3" in rows[1], "bob" in rows[1], "failure" in rows[3]] == [True] * 4


def test_the_state_says_who_wrote_it_where_the_client_does_not(api: RecordedApi, slipway: Shell) -> None:
    stages = {"deploy": {"version": "1.3", "status": {"status": "ok"}}}
    deployment = {"name": "shop/web", "release": "shop/web", "stages": stages}
    api.on("GET /api/v1/state/shop/environments/staging/", {"deployments": {"shop/web": deployment}})
    api.on("GET /api/v1/state/shop/environments/staging/deployments/", deployment)
    api.on(f"GET {HISTORY}", [written("ok", 3)])
    assert "bob" in slipway("state", "shop", "staging").stdout
    assert "bob" in slipway("state", "shop", "staging", "shop/web").stdout
