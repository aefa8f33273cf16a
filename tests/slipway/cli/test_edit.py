"""What is set up is changed, looked back at and removed, as the platform itself answers it."""

import json
import os
import subprocess
import sys
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.dialects.matrix.callers import ADMIN, OWNER, READER
from tests.dialects.matrix.world import PASSWORD
from tests.slipway.cli.real_api import RealApi, serving_world
from tests.slipway.cli.recorded_api import Shell

STATE = "/api/v1/state/web"
PHASE = {"name": "try", "gates": [{"name": "go", "type": "approval"}], "steps": [{"name": "say", "type": "noop"}]}
MADE = (
    (f"{STATE}/add-project", None),
    (f"{STATE}/environments/", {"name": "staging", "inputs": {"region": "eu"}}),
    (
        f"{STATE}/repositories/add-repository",
        {"name": "code", "url": "https://git.example.org/app.git", "branch": "main"},
    ),
    (f"{STATE}/environments/staging/builds/", {"name": "app", "repo": "code", "steps": [{}]}),
    (
        "/api/v1/deployment-jobs/by-project/web/add",
        {"environment": "staging", "deployment": "demo/app", "release": "demo/app", "inputs": {"port": 80, "size": 3}},
    ),
    (
        "/api/v1/pipelines/by-project/web/add",
        {"name": "release", "phases": [PHASE], "triggers": [{"type": "webhook"}]},
    ),
)
GIF = b64decode("R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==")


@pytest.fixture
def api() -> Iterator[RealApi]:
    with serving_world() as served:
        yield served


Slipway = Callable[..., Result]


@pytest.fixture
def slipway(api: RealApi, tmp_path: Path) -> Slipway:
    """Calls the CLI, which must end well unless another exit code is expected."""

    def call(*words: str, by: str = ADMIN, code: int = 0, stdin: str = "") -> Result:
        environment = {"SLIPWAY_API": api.address, "SLIPWAY_TOKEN": api.world.tokens[by]}
        result = Shell(home=tmp_path, environment=environment)(*words, stdin=stdin)
        assert result.exit_code == code, result.output
        return result

    return call


@pytest.fixture
def shop(slipway: Slipway, api: RealApi) -> Slipway:
    """A project with one of everything."""
    for line, body in MADE:
        api.world.done("POST", line, body)
    return slipway


def told(result: Result) -> Any:  # noqa: ANN401 - a document
    return json.loads(result.stdout)


def test_a_project_is_changed_in_what_is_said_alone(shop: Slipway) -> None:
    shop("project", "edit", "web", "--description", "the web", "--group", "ops", "--group", "dev")
    shop("project", "edit", "web", "--url", "https://x.example.org")

    shown = told(shop("project", "show", "web", "--json"))
    assert (shown["description"], shown["org_url"], shown["groups"]) == (
        "the web",
        "https://x.example.org",
        ["ops", "dev"],
    )
    assert list(told(shop("project", "list", "--group", "ops", "--json"))) == ["web"]
    assert shop("project", "list", "--group", "none").stdout == "no projects\n"

    assert told(shop("project", "edit", "web", "--group", "", "--json"))["groups"] == []


def test_a_logo_goes_in_and_comes_out_as_it_was(shop: Slipway, tmp_path: Path) -> None:
    (tmp_path / "logo.gif").write_bytes(GIF)
    shop("project", "edit", "web", "--logo", str(tmp_path / "logo.gif"))

    said = shop("project", "logo", "web", "--save", str(tmp_path / "back.gif"))

    assert (tmp_path / "back.gif").read_bytes() == GIF
    assert "image/gif" in said.stdout
    (tmp_path / "no.gif").write_text("no image")
    assert "logo" in shop("project", "edit", "web", "--logo", str(tmp_path / "no.gif"), code=1).stderr


def test_an_environment_is_shown_and_changed(shop: Slipway) -> None:
    words = ("env", "edit", "web", "staging", "--description", "try here", "-i", "size=3", "--without-input", "region")
    changed = told(shop(*words, "--json"))

    assert (changed["description"], changed["inputs"]) == ("try here", {"size": 3})
    shown = shop("env", "show", "web", "staging").stdout
    assert "environment  web/staging" in shown
    assert "input size   3" in shown


def test_a_repository_is_changed_and_forgotten(shop: Slipway) -> None:
    shop("repo", "edit", "web", "code", "--branch", "trunk")

    assert told(shop("repo", "list", "web", "--json"))["code"] == {
        "name": "code",
        "url": "https://git.example.org/app.git",
        "branch": "trunk",
        "username": "",
    }
    assert "no repository nothing" in shop("repo", "edit", "web", "nothing", "--branch", "x", code=3).stderr
    assert shop("repo", "remove", "web", "code", "--yes").stdout == "removed repository code of web\n"
    assert told(shop("repo", "list", "web", "--json")) == {}


def test_a_build_keeps_what_is_not_said(shop: Slipway, tmp_path: Path) -> None:
    before = told(shop("build", "show", "web", "staging", "app", "--json"))
    (tmp_path / "key").write_text("THE-KEY")

    after = told(shop("build", "edit", "web", "staging", "app", "--branch", "dev", "--disable", "--json"))
    shop("build", "edit", "web", "staging", "app", "--private-key", str(tmp_path / "key"))

    assert after == {**before, "branch": "dev", "disabled": True}
    assert "disabled" in shop("build", "trigger", "web", "staging", "app", code=1).stderr
    assert told(shop("build", "edit", "web", "staging", "app", "--enable", "--json"))["disabled"] is False
    assert "THE-KEY" not in shop("build", "show", "web", "staging", "app", "--json").stdout


def test_what_is_shown_in_json_can_be_added_again(shop: Slipway) -> None:
    for kind, place, title in (
        ("build", ("staging", "app"), "build app in web/staging"),
        ("pipeline", ("release",), "pipeline release in web"),
    ):
        shown = shop(kind, "show", "web", *place, "--json").stdout
        again = shop(kind, "add", "web", *place, "-f", "-", "--replace", stdin=shown)

        assert again.stdout.startswith(f"replaced {title}\n")
        assert told(shop(kind, "show", "web", *place, "--json")) == json.loads(shown)


def test_a_job_is_changed_input_by_input(shop: Slipway) -> None:
    words = (
        "job",
        "edit",
        "web",
        "staging",
        "demo/app",
        "--version",
        "v1.@",
        "-i",
        "port=81",
        "--without-input",
        "size",
    )
    changed = told(shop(*words, "--provider", "db=demo/pg", "--json"))

    assert changed["version"] == "v1.@"
    assert changed["inputs"] == {"port": 81}
    assert changed["providers"] == {"db": "demo/pg"}
    assert changed["release"] == "demo/app"


def test_a_pipeline_is_changed_and_its_phases_by_a_file(shop: Slipway) -> None:
    hooks = told(shop("pipeline", "show", "web", "release", "--json"))["webhook_urls"]
    shop("pipeline", "edit", "web", "release", "--concurrency", "supersede", "--timezone", "Europe/Oslo", "--disable")
    text = "phases: [{name: other, steps: [{name: say, type: noop}]}]"
    changed = told(shop("pipeline", "edit", "web", "release", "-f", "-", "--json", stdin=text))

    assert [phase["name"] for phase in changed["phases"]] == ["other"]
    assert (changed["concurrency"], changed["timezone"], changed["disabled"]) == ("supersede", "Europe/Oslo", True)
    assert changed["webhook_urls"] == hooks


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


def test_nothing_said_is_wrong_usage(shop: Slipway) -> None:
    for words in (
        ("project", "edit", "web"),
        ("env", "edit", "web", "staging"),
        ("repo", "edit", "web", "code"),
        ("build", "edit", "web", "staging", "app"),
        ("job", "edit", "web", "staging", "demo/app"),
        ("pipeline", "edit", "web", "release"),
        ("user", "edit", READER),
    ):
        assert "was to be changed" in shop(*words, code=64).stderr


REMOVALS = (
    ("pipeline", "remove", "web", "release"),
    ("job", "remove", "web", "staging", "demo/app"),
    ("build", "remove", "web", "staging", "app"),
    ("repo", "remove", "web", "code"),
    ("user", "remove", READER),
    ("group", "remove", "ops"),
)


@pytest.mark.parametrize("words", REMOVALS, ids=" ".join)
def test_nothing_is_removed_that_nobody_meant(shop: Slipway, words: tuple[str, ...]) -> None:
    refused = shop(*words, code=64)
    assert "--yes" in refused.stderr

    assert shop(*words, "--yes").stdout.startswith("removed ")
    assert shop(*words, "--yes", code=3).stderr.startswith("error: ")


def test_who_may_not_remove_removes_nothing(shop: Slipway) -> None:
    assert "owner" in shop("pipeline", "remove", "web", "release", "--yes", by=READER, code=4).stderr.lower()
    assert list(told(shop("pipeline", "list", "web", "--json"))) == ["release"]


def test_people_are_shown_changed_and_removed(slipway: Slipway) -> None:
    slipway("user", "add", "ann", "--email", "ann@example.org", "--role", "project:web:global:read")
    changed = told(slipway("user", "edit", "ann", "--group", "ops", "--disable", "--json"))

    assert (changed["email"], changed["groups"], changed["disabled"]) == ("ann@example.org", ["ops"], True)
    assert changed["roles"] == ["project:web:global:read"]
    assert told(slipway("user", "edit", "ann", "--role", "", "--json"))["roles"] == []
    slipway("user", "edit", "ann", "--password-stdin", "--enable", stdin="correct horse battery\n")
    assert "password and tokens" in slipway("user", "show", "ann").stdout
    slipway("user", "remove", "ann", "--yes")
    assert "no user ann" in slipway("user", "show", "ann", code=3).stderr


def test_groups_give_roles(slipway: Slipway) -> None:
    assert slipway("group", "set", "devs", "--role", "project:web:global:write").stdout == (
        "group devs gives project:web:global:write\n"
    )
    assert told(slipway("group", "list", "--json"))[0]["name"] == "devs"
    assert "king" in slipway("group", "set", "devs", "--role", "king", code=1).stderr


def test_a_machine_is_let_in_and_out(shop: Slipway, api: RealApi) -> None:
    made = shop("service-account", "add", "web", "ci", "--role", "read", by=OWNER)
    secret = made.stdout.strip()

    answered = api.world.ask(
        "POST", "/api/v1/auth/service-account/login", {"username": "ci", "secret_token": secret}, by=""
    )
    assert answered.status == 200
    assert "slipway login URL --user ci" in made.stderr
    assert shop("service-account", "list", "web").stdout.splitlines()[1].split()[:2] == ["ci", "read"]
    assert shop("service-account", "remove", "web", "ci", "-y").stdout == "removed service account ci of web\n"
    assert told(shop("service-account", "list", "web", "--json")) == {}


def test_namespaces_are_added_changed_and_removed(shop: Slipway) -> None:
    shop("namespace", "add", "web", "demo", "--description", "demos")
    shop("namespace", "edit", "demo", "--url", "https://x.example.org", "--public")

    shown = told(shop("namespace", "list", "web", "--json"))
    assert (shown["demo"]["description"], shown["demo"]["org_url"]) == ("demos", "https://x.example.org")
    assert list(told(shop("namespace", "list", "--json"))) == ["demo"]
    assert shop("namespace", "remove", "demo", "--yes").stdout == "removed namespace demo: it was empty\n"
    shop("namespace", "remove", "demo", "--yes", code=3)


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


def typed_in_terminal(api: RealApi, words: list[str], answer: str) -> tuple[int, str]:
    """The exit code and what a terminal was sent, in which somebody typed an answer."""
    leader, follower = os.openpty()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "SLIPWAY_API": api.address,
        "SLIPWAY_TOKEN": api.world.tokens[ADMIN],
    }
    command = [sys.executable, "-m", "slipway.cli.main", *words]
    process = subprocess.Popen(command, stdin=follower, stdout=follower, stderr=follower, env=environment)
    os.close(follower)
    os.write(leader, f"{answer}\n".encode())
    sent = b""
    while True:
        try:
            sent += os.read(leader, 65_536)
        except OSError:
            break
    os.close(leader)
    return process.wait(), sent.decode()


@pytest.mark.parametrize(("answer", "code"), [("n", 1), ("y", 0)])
def test_on_a_terminal_a_removal_is_asked_about(shop: Slipway, api: RealApi, answer: str, code: int) -> None:
    ended, sent = typed_in_terminal(api, ["pipeline", "remove", "web", "release"], answer)

    assert (ended, "remove pipeline release in web?" in sent) == (code, True), sent
    assert bool(told(shop("pipeline", "list", "web", "--json"))) == (answer == "n")


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


def test_a_person_logs_in_by_mail_and_out_again(api: RealApi, tmp_path: Path) -> None:
    shell = Shell(home=tmp_path, environment={})

    came = shell("login", api.address, "--user", "owner@example.org", "--token-stdin", stdin=f"{PASSWORD}\n")
    assert came.exit_code == 0, came.output
    assert json.loads(shell("whoami", "--json").stdout)["roles"] == ["project:web:global:owner"]
    assert shell("logout").exit_code == 0
    assert shell("whoami").exit_code == 4
    wrong = shell("login", api.address, "--user", "owner@example.org", "--token-stdin", stdin="wrong\n")
    assert (wrong.exit_code, "slipway login" in wrong.stderr) == (4, True)
