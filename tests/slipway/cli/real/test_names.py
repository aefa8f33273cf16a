"""A name that is not there is told with the one that may have been meant."""

import json
from pathlib import Path

import pytest

from tests.dialects.matrix.callers import READER
from tests.slipway.cli.real.conftest import MANIFEST, Slipway, told

NOT_FOUND = 3


@pytest.mark.parametrize(
    ("line", "message", "meant"),
    [
        ("project show wbe", "no project wbe", "web"),
        ("env list wbe", "no project wbe", "web"),
        ("run list -p wbe", "no project wbe", "web"),
        ("matrix -p wbe", "no project wbe", "web"),
        ("env show web stagin", "no environment stagin in project web", "staging"),
        ("build show web staging ap", "no build ap in web/staging", "app"),
        ("job show web staging demo/ap", "no deployment job demo/ap in web/staging", "demo/app"),
        ("pipeline show web relese", "no pipeline relese in web", "release"),
        ("pipeline trigger web Relese", "no pipeline Relese in web", "release"),
        ("deploy web stagng demo/app", "", "staging"),
        ("diff web staging stagin", "no environment stagin in project web", "staging"),
        ("freeze add -p web --env stagin --until 2090-01-01T00:00Z --reason x", "no environment stagin", "staging"),
        ("rollback web staging demo/ap", "no deployment demo/ap in web/staging", "demo/app"),
        ("user show redaer", "no user redaer", "reader"),
        ("run show web/relese", "no run of relese in project web", "release"),
        ("run show wbe/release", "", "web"),
        ("release list tool", "no namespace tool", "tools"),
        ("train show web/14", "no train web/14", "web/1.4"),
        ("train show wbe/1.4", "no project wbe", "web"),
        ("snapshot list web/1.44", "no train web/1.44", "web/1.4"),
    ],
)
def test_what_may_have_been_meant_is_told(shop: Slipway, line: str, message: str, meant: str) -> None:
    shop("namespace", "add", "web", "tools")
    shop("pipeline", "trigger", "web", "release")
    shop("train", "create", "web", "1.4", "--pipeline", "release")

    told = shop(*line.split(), code=NOT_FOUND).stderr.splitlines()

    assert told[0].startswith(f"error: {message}")
    assert told[-1] == f"next:  did you mean {meant}?"


def test_of_what_one_may_not_see_nothing_is_told(slipway: Slipway) -> None:
    told = slipway("project", "show", "wbe", by=READER, code=NOT_FOUND).stderr

    assert "web" not in told


def test_the_webhook_the_token_and_the_task_that_may_have_been_meant_are_told(night: Slipway, tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps(MANIFEST))
    night("task", "deploy", "-f", str(manifest), "-n", "tools", "-p", "web")
    webhook = told(night("webhook", "add", "https://chat.example.org/in", "-p", "web", "--json"))["id"]
    token = told(night("token", "issue", "--label", "laptop", "--json"))["id"]

    for line, meant in (
        (f"webhook resume {webhook}1 -p web", webhook),
        (f"webhook deliveries {webhook[:-1]} -p web", webhook),
        (f"token revoke {token}0", token),
        ("task state tools/helo", "hello"),
    ):
        assert f"did you mean {meant}" in night(*line.split(), code=NOT_FOUND).stderr.splitlines()[-1]
