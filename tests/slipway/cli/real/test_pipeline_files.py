"""A pipeline file is begun, checked, compared and replaced, and nothing is stored that nobody agreed to."""

from pathlib import Path

import pytest

from tests.slipway.cli.real.conftest import Slipway, told
from tests.slipway.cli.real.test_removals import typed_in_terminal
from tests.slipway.cli.real_api import RealApi


@pytest.fixture
def file(shop: Slipway, tmp_path: Path) -> Path:
    path = tmp_path / "pipeline.yaml"
    shop("pipeline", "init", str(path))
    return path


def test_the_first_file_is_taken_as_it_stands(shop: Slipway, api: RealApi, file: Path) -> None:
    api.world.done("POST", "/api/v1/state/web/environments/", {"name": "production"})
    assert file.read_text().startswith(f"# yaml-language-server: $schema={api.address}/schemas/pipeline.json\n")
    assert "phases 2, gates 1, steps 3" in shop("pipeline", "validate", "web", "-f", str(file)).stdout

    shop("pipeline", "add", "web", "-f", str(file))

    assert "is as the file says" in shop("pipeline", "diff", "web", "-f", str(file)).stdout


def test_a_file_that_is_there_is_not_overwritten(shop: Slipway, file: Path) -> None:
    file.write_text("mine")

    assert "File exists" in shop("pipeline", "init", str(file), code=64).stderr
    assert file.read_text() == "mine"


def test_every_defect_is_told_and_nothing_is_stored(shop: Slipway, file: Path) -> None:
    file.write_text("name: new\nphases: [{environment: mars, steps: [{type: wait}]}]\n")

    refused = shop("pipeline", "validate", "web", "-f", str(file), code=1).stderr

    assert "phases[0].environment" in refused
    assert "phases[0].steps[0].seconds" in refused
    assert list(told(shop("pipeline", "list", "web", "--json"))) == ["release"]


def test_what_would_change_is_shown(shop: Slipway, file: Path) -> None:
    saved = told(shop("pipeline", "show", "web", "release", "--json"))
    file.write_text(
        "name: release\nphases:\n- {name: try, gates: [{name: go, type: approval}], steps: [{name: say, type: noop}]}\n"
        "- {name: more, steps: [{name: later, type: noop}]}\ntriggers: [{type: webhook}]\n"
    )

    changed = shop("pipeline", "diff", "web", "-f", str(file), code=1).stdout

    assert "+  - ignore_failure: false" in changed
    assert "+- name: more" in changed
    assert not [line for line in changed.splitlines() if line.startswith("-") and line != "--- saved"]
    assert told(shop("pipeline", "show", "web", "release", "--json")) == saved


@pytest.mark.parametrize(("answer", "code"), [("n", 1), ("y", 0)])
def test_a_terminal_is_asked_before_a_pipeline_is_replaced(
    shop: Slipway, api: RealApi, file: Path, answer: str, code: int
) -> None:
    file.write_text("name: release\nphases: [{name: other, steps: [{type: noop}]}]\n")

    ended, sent = typed_in_terminal(api, ["pipeline", "add", "web", "-f", str(file), "--replace"], answer)

    assert (ended, "+- name: other" in sent) == (code, True), sent
    (phase,) = told(shop("pipeline", "show", "web", "release", "--json"))["phases"]
    assert phase["name"] == ("other" if answer == "y" else "try")
