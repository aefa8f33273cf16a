"""A shell completes the names of what there is."""

import json
from pathlib import Path

import pytest

from tests.dialects.matrix.callers import ADMIN, STRANGER
from tests.slipway.cli.real.conftest import MANIFEST, Slipway, told
from tests.slipway.cli.real_api import RealApi
from tests.slipway.cli.recorded_api import Shell


def offered(api: RealApi, home: Path, typed: str, by: str = ADMIN) -> list[str]:
    shell = Shell(home=home, environment={"SLIPWAY_API": api.address, "SLIPWAY_TOKEN": api.world.tokens[by]})
    place = len(typed.split(" ")) - 1
    asked = shell(_SLIPWAY_COMPLETE="bash_complete", COMP_WORDS=typed, COMP_CWORD=str(place))
    return [line.partition(",")[2] for line in asked.stdout.splitlines() if line]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("slipway project show w", ["web"]),
        ("slipway env show web s", ["staging"]),
        ("slipway env list ", ["other", "web"]),
        ("slipway build show web staging ", ["app"]),
        ("slipway deploy web staging d", ["demo/app"]),
        ("slipway job show web staging ", ["demo/app"]),
        ("slipway pipeline trigger web r", ["release"]),
        ("slipway run list -p w", ["web"]),
        ("slipway run list --project w", ["web"]),
        ("slipway run list -p web --environment s", ["staging"]),
        ("slipway run watch w", ["web/release", "web/release#1"]),
        ("slipway why web/", ["web/release", "web/release#1"]),
        ("slipway release show t", ["tools/"]),
        ("slipway why-may re", ["reader"]),
        ("slipway repo edit web ", ["code"]),
        ("slipway group remove ", ["ops"]),
        ("slipway project add w", []),
    ],
)
def test_names_of_what_there_is_are_completed(
    shop: Slipway, api: RealApi, tmp_path: Path, typed: str, names: list[str]
) -> None:
    shop("namespace", "add", "web", "tools")
    shop("pipeline", "trigger", "web", "release")

    assert offered(api, tmp_path, typed) == names


def test_trains_tasks_tokens_and_webhooks_are_completed(night: Slipway, api: RealApi, tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps(MANIFEST))
    night("task", "deploy", "-f", str(manifest), "-n", "tools", "-p", "web")
    night("train", "create", "web", "1.4", "--pipeline", "release")
    night("snapshot", "create", "web/1.4")
    webhook = told(night("webhook", "add", "https://chat.example.org/in", "-p", "web", "--json"))["id"]
    token = told(night("token", "issue", "--label", "laptop", "--json"))["id"]

    for typed, name in (
        ("slipway train show w", "web/1.4"),
        ("slipway snapshot list w", "web/1.4"),
        ("slipway snapshot show web/1.4 ", "1"),
        ("slipway snapshot show web/1.4 l", "latest"),
        ("slipway webhook remove -p web w", webhook),
        ("slipway token revoke ", token),
        ("slipway task state t", "tools/hello"),
    ):
        assert name in offered(api, tmp_path, typed), typed


def test_what_one_may_not_see_is_not_completed(shop: Slipway, api: RealApi, tmp_path: Path) -> None:
    shop("project", "list")

    assert offered(api, tmp_path, "slipway project show ", STRANGER) == ["other"]


def test_releases_are_completed_down_to_their_versions(shop: Slipway, api: RealApi, tmp_path: Path) -> None:
    shop("namespace", "add", "web", "tools")
    for version in ("1.0", "1.1"):
        release = {"name": "site", "version": version, "project": "tools"}
        api.world.done("POST", "/api/v1/inventory/tools/register", release)

    assert offered(api, tmp_path, "slipway release show tools/s") == ["tools/site"]
    assert offered(api, tmp_path, "slipway release show tools/site-") == ["tools/site-v1.0", "tools/site-v1.1"]


def test_where_nobody_answers_nothing_is_completed(stranger: Shell) -> None:
    asked = stranger(
        _SLIPWAY_COMPLETE="bash_complete", COMP_WORDS="slipway project show ", COMP_CWORD="3",
        SLIPWAY_API="http://127.0.0.1:1",
    )  # fmt: skip

    assert asked.output.strip() == ""
