"""Projects, environments, repositories, builds, jobs and pipelines are added, replaced and shown."""

import json
from pathlib import Path

import pytest

from tests.slipway.cli.recorded_api import Answer, RecordedApi, Shell
from tests.slipway.cli.runs import a_run

STATE = "/api/v1/state/shop/"
BUILDS = f"{STATE}environments/ci/builds/"
BUILD = f"{BUILDS}by-name/app/"
JOBS = "/api/v1/deployment-jobs/by-project/shop/"
JOB = f"{JOBS}by-environment/staging/by-name/web/"
PIPELINES = "/api/v1/pipelines/by-project/shop/"
PIPELINE = f"{PIPELINES}by-name/delivery/"

A_BUILD = {
    "name": "app",
    "project": "shop",
    "environment": "ci",
    "repo": "main",
    "branch": "main",
    "status": "new",
    "steps": [{"plan_location": "escape.yml"}],
    "webhook_token": "w123",
}
A_JOB = {
    "name": "web",
    "project": "shop",
    "environment": "staging",
    "deployment": "web",
    "release": "shop/web",
    "version": "latest",
    "inputs": {"size": 3},
    "providers": {},
    "status": "ok",
}
A_PIPELINE = {
    "name": "delivery",
    "concurrency": "supersede",
    "status": "new",
    "triggers": [{"id": "1", "webhooktoken": "p123"}],
    "phases": [
        {
            "name": "production",
            "environment": "production",
            "exclusive": True,
            "gates": [{"name": "go", "type": "approval", "team": "leads"}],
            "steps": [{"name": "deploy", "type": "deploy", "deployment": "web"}],
        }
    ],
}
YAML = """
name: delivery
phases:
  - name: production
    steps:
      - {name: deploy, type: deploy, deployment: web}
"""


def test_a_project_is_added_listed_and_shown(api: RecordedApi, slipway: Shell) -> None:
    shop = {
        "name": "shop",
        "description": "d",
        "environment_order": ["ci"],
        "environments": {"ci": {"deployments": {}}},
    }
    api.on(f"POST {STATE}add-project", {})
    api.on("GET /api/v1/state/", {"shop": shop})
    api.on(f"GET {STATE}", shop)

    assert slipway("project", "add", "shop", "--description", "d", "--group", "g").stdout == "added project shop\n"
    assert api.last("POST").body == {"name": "shop", "description": "d", "org_url": "", "groups": ["g"]}
    assert slipway("project", "list").stdout.splitlines()[1].split()[0] == "shop"
    assert "in ci         nothing" in slipway("project", "show", "shop").stdout


def test_environments_are_added_listed_and_ordered(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"POST {STATE}environments/", {})
    api.on(f"POST {STATE}change-environment-order", {})
    api.on(f"GET {STATE}", {"environment_order": ["b", "a"], "environments": {"a": {"name": "a"}, "b": {"name": "b"}}})

    assert slipway("env", "add", "shop", "a", "-i", "n=1").exit_code == 0
    assert api.last("POST").body == {"name": "a", "description": "", "inputs": {"n": 1}}
    assert [line.strip() for line in slipway("env", "list", "shop").stdout.splitlines()[1:]] == ["b", "a"]
    assert slipway("env", "order", "shop", "a", "b").exit_code == 0
    assert api.last("POST").body == {"order": ["a", "b"]}


def test_a_repository_is_added_with_its_key(api: RecordedApi, slipway: Shell, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("-----BEGIN")
    api.on(f"POST {STATE}repositories/add-repository", {})
    api.on(f"GET {STATE}repositories/", {"main": {"name": "main", "url": "file:///r", "branch": "m", "username": ""}})

    result = slipway("repo", "add", "shop", "main", "file:///r", "--branch", "m", "--private-key", str(key))

    assert result.exit_code == 0
    assert api.last("POST").body == {"name": "main", "url": "file:///r", "branch": "m", "private_key": "-----BEGIN"}
    assert "file:///r" in slipway("repo", "list", "shop").stdout


def test_a_build_is_added_from_options_and_its_webhook_told(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"POST {BUILDS}", {})
    api.on(f"GET {BUILD}", A_BUILD)

    words = ("build", "add", "shop", "ci", "app", "--repo", "main", "--branch", "main", "--plan", "escape.yml")
    text, data = slipway(*words), slipway(*words, "--json")

    steps = [{"plan_location": "escape.yml"}]
    assert api.last("POST").body == {"name": "app", "repo": "main", "branch": "main", "steps": steps}
    assert f"webhook: {api.address}{BUILDS}webhook/w123" in text.stdout
    assert json.loads(data.stdout)["webhook_url"].endswith("webhook/w123")


def test_options_stand_over_the_file(api: RecordedApi, slipway: Shell, tmp_path: Path) -> None:
    file = tmp_path / "build.json"
    file.write_text(json.dumps({"branch": "old", "repo": "main"}))
    api.on(f"POST {BUILDS}", {})
    api.on(f"GET {BUILD}", A_BUILD)

    assert slipway("build", "add", "shop", "ci", "app", "-f", str(file), "--branch", "new").exit_code == 0
    assert api.last("POST").body == {"name": "app", "branch": "new", "repo": "main"}


def test_builds_are_listed_shown_and_triggered(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {STATE}builds/", {"ci": {"app": A_BUILD}})
    api.on(f"GET {BUILD}", A_BUILD)
    api.on(f"POST {BUILD}trigger-build", {"id": "R1"})
    api.on("GET /api/v1/runs/R1", a_run("cancelled"))

    assert slipway("build", "list", "shop").stdout.splitlines()[1].split()[:3] == ["ci", "app", "main"]
    assert "plans        escape.yml" in slipway("build", "show", "shop", "ci", "app").stdout
    assert slipway("build", "trigger", "shop", "ci", "app", "--commit", "abc").exit_code == 0
    assert api.last("POST").body == {"commit": "abc"}
    assert slipway("build", "trigger", "shop", "ci", "app", "--wait").exit_code == 2


def test_a_job_is_added_listed_shown_and_made_to_work(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"POST {JOBS}add", {})
    api.on(f"GET {JOBS}", {"staging": {"web": A_JOB}})
    api.on(f"GET {JOB}", A_JOB)
    api.on(f"POST {JOB}trigger/errand", {"id": "R1"})

    words = ("--release", "shop/web", "-i", "size=3", "--provider", "db=pg")
    assert slipway("job", "add", "shop", "staging", "web", *words).exit_code == 0
    assert api.last("POST").body == {
        "environment": "staging",
        "deployment": "web",
        "release": "shop/web",
        "inputs": {"size": 3},
        "providers": {"db": "pg"},
    }
    assert slipway("job", "list", "shop").stdout.splitlines()[1].split()[:3] == ["staging", "web", "shop/web"]
    assert "input size   3" in slipway("job", "show", "shop", "staging", "web").stdout
    assert slipway("job", "errand", "shop", "staging", "web", "tidy", "-i", "deep=true").exit_code == 0
    assert api.last("POST").body == {"errand_name": "tidy", "errand_inputs": {"deep": True}}


def test_a_pipeline_is_added_from_a_file_or_stdin(api: RecordedApi, slipway: Shell, tmp_path: Path) -> None:
    file = tmp_path / "pipeline.yaml"
    file.write_text(YAML)
    api.on(f"POST {PIPELINES}add", {})
    api.on(f"GET {PIPELINE}", A_PIPELINE)

    from_file = slipway("pipeline", "add", "shop", "-f", str(file))
    told = api.last("POST").body
    from_stdin = slipway("pipeline", "add", "shop", "delivery", "-f", "-", stdin=YAML)

    hook = f"webhook: {api.address}{PIPELINES}pipelines/webhook/p123"
    assert from_file.stdout.splitlines() == ["added pipeline delivery in shop", hook]
    assert told["phases"][0]["steps"][0]["deployment"] == "web"
    assert from_stdin.exit_code == 0
    assert api.last("POST").body == told


def test_what_is_there_is_replaced_only_when_asked_to_be(api: RecordedApi, slipway: Shell) -> None:
    api.refuse(f"POST {PIPELINES}add", 409, "pipeline delivery exists already")
    api.on(f"GET {PIPELINE}", A_PIPELINE)
    api.on(f"PUT {PIPELINE}", {})

    refused = slipway("pipeline", "add", "shop", "-f", "-", stdin=YAML)
    replaced = slipway("pipeline", "add", "shop", "-f", "-", "--replace", stdin=YAML)

    assert refused.exit_code == 1
    assert "--replace" in refused.stderr
    assert replaced.stdout.startswith("replaced pipeline delivery in shop\n")
    assert api.last("PUT").body["name"] == "delivery"


def test_a_conflict_about_something_else_is_told_as_it_is(api: RecordedApi, slipway: Shell) -> None:
    api.refuse(f"POST {PIPELINES}add", 409, "too many pipelines")

    assert "too many pipelines" in slipway("pipeline", "add", "shop", "-f", "-", "--replace", stdin=YAML).stderr


def test_all_defects_of_a_pipeline_are_shown_with_their_places(api: RecordedApi, slipway: Shell) -> None:
    defects = (("phases[0].steps[0].needs[0]", "names no step"), ("timezone", "is no time zone"))
    api.refuse(f"POST {PIPELINES}add", 400, "the input is wrong", *defects)

    text = slipway("pipeline", "add", "shop", "-f", "-", stdin=YAML)
    data = slipway("pipeline", "add", "shop", "-f", "-", "--json", stdin=YAML)

    assert text.exit_code == 1
    assert text.stderr.splitlines() == [
        "error: the input is wrong",
        "       phases[0].steps[0].needs[0]  names no step",
        "       timezone                     is no time zone",
    ]
    told = json.loads(data.stdout)["error"]
    assert told["errors"][1] == {"path": "timezone", "message": "is no time zone"}
    assert (told["status"], told["exit_code"]) == (400, 1)


def test_a_pipeline_is_shown_as_a_tree(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {PIPELINE}", A_PIPELINE)
    api.on(f"GET {PIPELINES}", {"delivery": A_PIPELINE})

    assert slipway("pipeline", "show", "shop", "delivery").stdout.splitlines() == [
        "delivery (supersede)",
        "├── production (in production, exclusive)",
        "│   ├── gate go: approval leads",
        "│   └── deploy: deploy web",
        f"└── webhook {api.address}{PIPELINES}pipelines/webhook/p123",
    ]
    assert slipway("pipeline", "list", "shop").stdout.splitlines()[1].split() == ["delivery", "production", "new"]


def test_a_pipeline_is_triggered_with_inputs(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"POST {PIPELINE}trigger", {"id": "R1"})

    assert slipway("pipeline", "trigger", "shop", "delivery", "-i", "dry=true").exit_code == 0
    assert api.last("POST").body == {"inputs": {"dry": True}}


def test_an_input_of_a_pipeline_may_be_called_file(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"POST {PIPELINE}trigger", {"id": "R1"})

    assert slipway("pipeline", "trigger", "shop", "delivery", "-i", "file=a.txt").exit_code == 0
    assert api.last("POST").body == {"inputs": {"file": "a.txt"}}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("p.json", "{", "is no JSON"),
        ("p.yaml", "a: [", "is no YAML"),
        ("p.yaml", "!!python/object/apply:os.system [ls]", "is no YAML"),
        ("p.yaml", "- a", "holds no object"),
        ("p.yaml", "phases: []", "has no name"),
    ],
)
def test_a_file_that_is_no_definition_is_named(slipway: Shell, tmp_path: Path, name: str, text: str, said: str) -> None:
    file = tmp_path / name
    file.write_text(text)

    result = slipway("pipeline", "add", "shop", "-f", str(file))

    assert result.exit_code != 0
    assert said in result.stderr


def test_a_file_that_is_not_there_is_named(slipway: Shell) -> None:
    result = slipway("build", "add", "shop", "ci", "app", "-f", "/nonexistent.yaml")

    assert result.exit_code == 64
    assert "cannot read /nonexistent.yaml" in result.stderr


def test_names_cannot_leave_their_place_in_a_path(api: RecordedApi, slipway: Shell) -> None:
    api.on("GET /api/v1/state/..%2F..%2Fv2/", Answer(status=404))

    assert slipway("project", "show", "../../v2").exit_code == 3
    assert api.asked[0].path == "/api/v1/state/..%2F..%2Fv2/"
