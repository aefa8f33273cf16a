"""What is set up is changed in what is said alone, and looked back at."""

import json
from base64 import b64decode
from pathlib import Path

from tests.dialects.matrix.callers import READER
from tests.slipway.cli.real.conftest import Slipway, told

GIF = b64decode("R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==")


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
