"""Trains are planned, shown and cancelled; snapshots made, deployed and rejected."""

from pathlib import Path

import pytest

from tests.slipway.cli.recorded_api import RecordedApi, Shell

TRAINS = "/api/v1/trains"
TRAIN = f"{TRAINS}/10001"
SNAPSHOTS = f"{TRAIN}/snapshots"
A_TRAIN = {
    "id": 10001,
    "project": "web",
    "application": "web",
    "number": "1.0",
    "title": "autumn",
    "status": "active",
    "pipeline": "release",
    "template": None,
    "description": "",
    "target_at": None,
    "created_by": "ann",
    "ended": None,
    "latest": {"id": 10003, "number": "2", "stage": None},
    "furthest": {"id": 10002, "number": "1", "stage": "Test"},
}
A_SNAPSHOT = {
    "id": 10003,
    "train": 10001,
    "number": "2",
    "title": "2",
    "status": "active",
    "furthest_stage": None,
    "created_by": "ann",
    "created_at": "2026-06-01T12:00:00+00:00",
    "description": "",
    "rejected": None,
    "deployed_at": None,
    "runs": ["01RUN"],
}


def a_page(*found: object) -> dict[str, object]:
    return {"items": list(found), "next": None}


@pytest.fixture(autouse=True)
def _known(api: RecordedApi) -> None:
    api.on(f"GET {TRAINS}", a_page(A_TRAIN))
    api.on(f"GET {TRAIN}", A_TRAIN)
    api.on(f"GET {TRAIN}/variables", {"variables": {"host": "h", "key": {"secret": {"kept": "ab"}}}})
    api.on(f"GET {SNAPSHOTS}", a_page(A_SNAPSHOT))
    api.on(f"GET {SNAPSHOTS}/10003", A_SNAPSHOT)


def test_trains_are_listed_with_their_latest_and_furthest_snapshot(api: RecordedApi, slipway: Shell) -> None:
    lines = slipway("train", "list", "-p", "web", "--status", "active").stdout.splitlines()

    assert lines[1].split() == ["10001", "web/1.0", "autumn", "active", "release", "2", "1", "in", "Test", "ann"]
    assert dict(api.last("GET").query) == {"project": "web", "status": "active", "page_size": "20"}
    api.on(f"GET {TRAINS}", a_page())
    assert slipway("train", "list").stdout == "no trains\n"


def test_a_train_is_shown_with_its_variables_but_for_secret_values(slipway: Shell) -> None:
    lines = [line.split(maxsplit=1) for line in slipway("train", "show", "10001").stdout.splitlines()]

    assert ["$host", "h"] in lines
    assert ["$key", "(secret)"] in lines
    assert ["pipeline", "release"] in lines


def test_a_train_is_named_by_its_project_and_number(api: RecordedApi, slipway: Shell) -> None:
    assert slipway("train", "show", "web/1.0").exit_code == 0
    asked = [one.query for one in api.asked if one.path == TRAINS]
    assert slipway("train", "show", "web/shop/1.0").exit_code == 0

    asked = [one.query for one in api.asked if one.path == TRAINS]
    assert [one["application"] for one in asked] == ["web", "shop"]
    api.on(f"GET {TRAINS}", a_page())
    missing = slipway("train", "show", "web/9")
    assert (missing.exit_code, "no train web/9" in missing.stderr) == (3, True)
    assert slipway("train", "show", "/").exit_code == 64


def test_a_train_is_planned(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"POST {TRAINS}", A_TRAIN)
    result = slipway(
        "train", "create", "web", "1.0", "--pipeline", "release", "--due", "2030-05-01T12:00:00Z", "-v", "host=h"
    )

    assert result.stdout == "planned train web/1.0 (10001)\n"
    assert api.last("POST").body == {
        "project": "web",
        "number": "1.0",
        "pipeline": "release",
        "target_at": "2030-05-01T12:00:00+00:00",
        "variables": {"host": "h"},
    }
    assert slipway("train", "create", "web", "1.0", "--due", "soon").exit_code == 64


@pytest.mark.parametrize(("act", "done"), [("cancel", "cancelled"), ("restore", "restored")])
def test_a_train_is_cancelled_and_restored(api: RecordedApi, slipway: Shell, act: str, done: str) -> None:
    api.on(f"POST {TRAIN}/acts", A_TRAIN)

    assert slipway("train", act, "web/1.0", "--reason", "why").stdout == f"{done} train web/1.0 (10001)\n"
    assert api.last("POST").body == {"act": act, "reason": "why"}


def test_a_template_is_made_of_a_file(api: RecordedApi, slipway: Shell, tmp_path: Path) -> None:
    file = tmp_path / "standard.yaml"
    file.write_text("Pipeline: release\nReleaseVariables:\n  - {Name: Host, Required: true}\n")
    api.on(f"PUT {TRAINS}/templates/standard", {"Name": "standard", "Pipeline": "release"})
    api.on(f"GET {TRAINS}/templates", {"items": [{"Name": "standard", "Pipeline": "release"}]})

    result = slipway("train", "template", "add", "standard", "-f", str(file))

    assert result.stdout == "template standard is as the file says\n"
    assert api.last("PUT").body == {"Pipeline": "release", "ReleaseVariables": [{"Name": "Host", "Required": True}]}
    assert slipway("train", "template", "list").stdout.splitlines()[1].split() == ["standard", "release"]


def test_a_snapshot_is_made_and_its_run_named(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"POST {SNAPSHOTS}", A_SNAPSHOT)
    result = slipway("snapshot", "create", "web/1.0", "-v", "size=2")

    assert result.stdout == "made snapshot 2 (10003)\nslipway run watch 01RUN\n"
    assert api.last("POST").body == {"variables": {"size": "2"}}


def test_a_snapshot_of_no_train_is_made_of_its_project_and_pipeline(api: RecordedApi, slipway: Shell) -> None:
    api.on("POST /api/v1/snapshots", A_SNAPSHOT)
    result = slipway("snapshot", "create", "web", "--pipeline", "release", "-v", "size=2")

    assert result.stdout == "made snapshot 2 (10003)\nslipway run watch 01RUN\n"
    body = {"project": "web", "application": "web", "pipeline": "release", "variables": {"size": "2"}}
    assert api.last("POST").body == body
    assert slipway("snapshot", "create", "web/shop", "--pipeline", "release").exit_code == 0
    assert api.last("POST").body == {"project": "web", "application": "shop", "pipeline": "release"}


def test_snapshots_of_no_train_are_listed_by_their_project(api: RecordedApi, slipway: Shell) -> None:
    assert slipway("snapshot", "list", "web").exit_code == 0

    (asked,) = (one.query for one in api.asked if one.path == TRAINS)
    assert dict(asked) == {"project": "web", "application": "web", "unplanned": "true"}
    api.on(f"GET {TRAINS}", a_page())
    missing = slipway("snapshot", "list", "web/shop/")
    assert (missing.exit_code, "has no snapshots without a train" in missing.stderr) == (3, True)


def test_snapshots_are_listed_and_shown(api: RecordedApi, slipway: Shell) -> None:
    listed = slipway("snapshot", "list", "10001", "--status", "active", "--stage", "Test")
    shown = slipway("snapshot", "show", "10001", "latest")

    assert listed.stdout.splitlines()[1].split()[:4] == ["10003", "2", "2", "active"]
    assert ["runs", "01RUN"] in [line.split() for line in shown.stdout.splitlines()]
    (asked,) = (one.query for one in api.asked if one.path == SNAPSHOTS)
    assert dict(asked) == {"status": "active", "stage": "Test", "page_size": "20"}


def test_a_snapshot_is_deployed(api: RecordedApi, slipway: Shell) -> None:
    deployed = {"snapshot": A_SNAPSHOT, "run": "01RUN", "stage": "Live", "phase": "running"}
    api.on(f"POST {SNAPSHOTS}/10003/deployments", deployed)
    result = slipway("snapshot", "deploy", "web/1.0", "2", "live", "--force", "--at", "2030-05-01T12:00:00Z")

    assert result.stdout == "snapshot 2 goes to Live: run 01RUN\nslipway run watch 01RUN\n"
    body = {"stage": "live", "mode": "forced", "begin_at": "2030-05-01T12:00:00+00:00"}
    assert api.last("POST").body == body
    assert slipway("snapshot", "deploy", "web/1.0", "2").exit_code == 0
    assert api.last("POST").body == {}


def test_a_snapshot_is_rejected(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"POST {SNAPSHOTS}/10003/acts", A_SNAPSHOT)

    assert slipway("snapshot", "reject", "10001", "2").stdout == "rejected snapshot 2 (10003)\n"
    api.on(f"GET {SNAPSHOTS}", a_page())
    missing = slipway("snapshot", "reject", "10001", "9")
    assert (missing.exit_code, "no snapshot 9 in train 10001" in missing.stderr) == (3, True)
