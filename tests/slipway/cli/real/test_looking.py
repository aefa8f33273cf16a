"""What was run and what is deployed is looked at, taken over and forgotten."""

import json
from pathlib import Path

from tests.slipway.cli.real.conftest import STATE, Slipway, told
from tests.slipway.cli.real_api import RealApi


def test_what_was_run_is_listed_newest_first(shop: Slipway) -> None:
    for _ in range(3):
        shop("pipeline", "trigger", "web", "release")
    shop("build", "trigger", "web", "staging", "app", "--branch", "dev")

    runs = told(shop("pipeline", "history", "web", "release", "--limit", "2", "--json"))
    assert [one["run_nr"] for one in runs] == [3, 2]
    (line,) = shop("build", "history", "web", "staging", "app").stdout.splitlines()[1:]
    assert line.split()[:2] == ["#1", "dev"]


def test_a_long_history_is_read_page_by_page(shop: Slipway, api: RealApi) -> None:
    for _ in range(205):
        api.world.done("POST", "/api/v1/pipelines/by-project/web/by-name/release/trigger")
    api.asked.clear()

    runs = told(shop("pipeline", "history", "web", "release", "--limit", "203", "--json"))

    assert [one["run_nr"] for one in runs] == list(range(205, 2, -1))
    assert len(api.asked) == 2


def test_states_are_taken_over_and_forgotten(shop: Slipway, tmp_path: Path) -> None:
    deployed: dict[str, object] = {
        "name": "demo/app",
        "release": "demo/app",
        "stages": {"deploy": {"version": "0.1.2"}},
    }
    state = {"name": "local", "environments": {"dev": {"name": "dev", "deployments": {"demo/app": deployed}}}}
    file = tmp_path / "escape_state.json"
    file.write_text(json.dumps(state))

    assert shop("project", "import", "web", str(file)).stdout == "took over into web: dev\n"
    assert "demo/app" in shop("state", "web", "dev").stdout
    deployed["stages"] = {"deploy": {"version": "0.1.3"}}
    file.write_text(json.dumps(state))
    assert "--overwrite" in shop("project", "import", "web", str(file), code=1).stderr
    shop("project", "import", "web", str(file), "--overwrite")
    assert "0.1.3" in shop("state", "web", "dev").stdout
    file.write_text(json.dumps({"version": 4, "terraform_version": "1.5", "resources": []}))
    assert "environments" in shop("project", "import", "web", str(file), code=1).stderr

    shop("deployment", "forget", "web", "dev", "demo/app", "--yes")
    assert shop("state", "web", "dev").stdout == "nothing is deployed\n"
    shop("deployment", "forget", "web", "dev", "demo/app", "--yes", code=3)


def test_a_deployment_is_shown_with_all_that_it_holds(shop: Slipway, api: RealApi) -> None:
    for path, version in (("demo/site", "2.0"), ("demo/site:demo/db", "1.0"), ("demo/site:demo/db:demo/disk", "0.1")):
        name = path.rpartition(":")[2]
        stage = {"deploy": {"version": version, "provides": ["web"] if ":" not in path else []}}
        root_stage = "deploy" if ":" in path else ""
        body = {"path": path, "root_stage": root_stage, "state": {"name": name, "release": name, "stages": stage}}
        target = f"{STATE}/environments/staging/deployments/?deployment=demo%2Fsite"
        api.world.done("PUT", target, body)

    lines = [" ".join(line.split()) for line in shop("state", "web", "staging", "demo/site").stdout.splitlines()]

    assert "provides web" in lines
    assert lines[-2:] == ["holds demo/db demo/db 1.0 ok", "holds demo/disk demo/disk 0.1 ok"]


def test_what_was_destroyed_is_nowhere(shop: Slipway, api: RealApi) -> None:
    target = f"{STATE}/environments/staging/deployments/?deployment=demo%2Fsite"
    for status, shown in (("ok", "2.0"), ("destroy_failure", "destroy failure"), ("empty", "")):
        stage = {"status": {"status": status}, **({"version": "2.0"} if status == "ok" else {})}
        state = {"name": "demo/site", "release": "demo/site", "stages": {"deploy": stage}}
        api.world.done("PUT", target, {"path": "demo/site", "root_stage": "", "state": state})

        told_of = shop("state", "web").stdout
        assert (shown in told_of) if shown else told_of == "nothing is deployed\n"


def test_where_only_a_build_ran_nothing_is_deployed(shop: Slipway, api: RealApi) -> None:
    target = f"{STATE}/environments/staging/deployments/?deployment=demo%2Fsite"
    built = {"name": "demo/site", "release": "demo/site", "stages": {"build": {"version": "2.0"}}}
    api.world.done("PUT", target, {"path": "demo/site", "root_stage": "", "state": built})

    assert "demo/site" not in shop("env", "list", "web").stdout
    assert "deployments   nothing" in shop("env", "show", "web", "staging").stdout
    assert "in staging" in shop("project", "show", "web").stdout
    assert "demo/site" not in shop("project", "show", "web").stdout
    assert shop("state", "web").stdout == "nothing is deployed\n"
    assert "demo/site" not in shop("matrix").stdout


def test_an_empty_list_of_runs_says_of_which_kind_it_is(shop: Slipway) -> None:
    shop("build", "trigger", "web", "staging", "app")

    assert shop("run", "list").stdout.strip() == "no runs of this kind (pipeline); of all kinds with --kind any"
    assert "build:web/staging/app#1" in shop("run", "list", "--kind", "any").stdout
    assert shop("run", "list", "--kind", "any", "--status", "ended").stdout.strip() == "no runs"
