"""What people ask before and after a deploy: each is answered by one command, by the platform itself."""

from datetime import timedelta

import pytest

from tests.dialects.matrix.callers import READER, WRITER
from tests.slipway.cli.real.conftest import Slipway, told
from tests.slipway.cli.real_api import RealApi

DEPLOY = {
    "name": "ship",
    "type": "deploy",
    "deployment": "demo/app",
    "environment": "staging",
    "update_version": "latest-version",
}
PHASE = {
    "name": "staging",
    "environment": "staging",
    "gates": [{"name": "go", "type": "approval"}],
    "steps": [DEPLOY],
}


@pytest.fixture
def asked(shop: Slipway, api: RealApi) -> Slipway:
    """Release 1.0 is in both environments; a pipeline waits to bring 1.1 into one of them."""
    world = api.world
    world.done("POST", "/api/v1/state/web/add-namespace", {"name": "demo"})
    world.done("POST", "/api/v1/state/web/environments/", {"name": "production"})
    production = {
        "environment": "production",
        "deployment": "demo/app",
        "release": "demo/app",
        "inputs": {"port": 80, "size": 3},
    }
    world.done("POST", "/api/v1/deployment-jobs/by-project/web/add", production)
    world.done("POST", "/api/v1/pipelines/by-project/web/add", {"name": "delivery", "phases": [PHASE]})
    released(api, "1.0")
    for environment in ("staging", "production"):
        shop("deploy", "web", environment, "demo/app", "--no-wait")
        finish(api)
    released(api, "1.1")
    world.house.world.move(timedelta(minutes=5))
    shop("pipeline", "trigger", "web", "delivery")
    return shop


def released(api: RealApi, version: str) -> None:
    """Register a release with one file."""
    body = {"name": "app", "version": version, "project": "demo", "files": {"till.py": version}}
    api.world.done("POST", "/api/v1/inventory/demo/register", {**body, "revision": f"c0ffee{version}"})


def finish(api: RealApi) -> None:
    """A runner does the job that waits."""
    (leased,) = api.world.house.lease()
    api.world.house.finish(leased)


def approved(asked: Slipway, api: RealApi) -> str:
    """The pipeline was approved and has deployed; the instant before."""
    before = api.world.house.world.now().isoformat()
    api.world.house.world.move(timedelta(minutes=5))
    asked("run", "approve", "web/delivery", by=WRITER)
    finish(api)
    return before


def test_what_waits_for_me(asked: Slipway) -> None:
    said = asked("inbox", by=WRITER).stdout
    for word in ("web/delivery#1", "staging/go", "demo/app 1.0 → 1.1 (1 commit, 1 file)"):
        assert word in said
    assert asked("inbox", by=READER).stdout.strip() == "nothing waits"


def test_why_is_this_run_not_further(asked: Slipway) -> None:
    assert "waits for 1 approval by anybody with write in web" in asked("why", "web/delivery").stdout


def test_what_would_i_let_in(asked: Slipway) -> None:
    said = asked("run", "changes", "web/delivery", by=READER).stdout
    for line in ("deploy demo/app in web/staging: 1.0 → 1.1", "+ 1.1", "~ till.py", "ship: deploy demo/app in web"):
        assert line in said


def test_what_is_there_since_when_and_by_whom(asked: Slipway, api: RealApi) -> None:
    approved(asked, api)
    (row,) = (line for line in asked("state", "web", "staging", by=READER).stdout.splitlines() if "demo/app" in line)
    assert {"1.1", "admin"} <= set(row.split())
    assert "ago" in row or "just now" in row


def test_what_was_there_then(asked: Slipway, api: RealApi) -> None:
    before = approved(asked, api)
    (row,) = (line for line in asked("state", "web", "staging", "--at", before).stdout.splitlines() if "demo" in line)
    assert "1.0" in row.split()


def test_what_is_different_between_two_environments_and_from_what_was(asked: Slipway, api: RealApi) -> None:
    before = approved(asked, api)
    assert "demo/app 1.0 → 1.1" in asked("diff", "web", "production", "staging", by=READER).stdout
    assert "demo/app 1.0 → 1.1" in asked("diff", "web", "staging", "--at", before).stdout
    assert "nothing differs" in asked("diff", "web", "production", "staging", "--at", before).stdout


def test_who_approved_it(asked: Slipway, api: RealApi) -> None:
    approved(asked, api)
    (row,) = (
        line for line in asked("audit", "-p", "web", "--act", "approved").stdout.splitlines() if "delivery" in line
    )
    assert "writer" in row.split()


def test_when_may_i_deploy_next(asked: Slipway) -> None:
    asked("freeze", "add", "-p", "web", "--env", "staging", "--until", "2090-01-01T00:00:00Z", "--reason", "winter")
    said = asked("calendar", "-p", "web", by=READER).stdout
    assert "staging is frozen until 2090-01-01" in said
    assert "production is open" in said


def test_what_comes_after_the_end_of_the_month_is_told_in_time(asked: Slipway) -> None:
    until = ("--from", "2026-07-01T00:00Z", "--until", "2026-07-02T00:00Z")
    asked("freeze", "add", "-p", "web", *until, "--reason", "audit")
    assert "audit" in asked("calendar", "-p", "web", by=READER).stdout
    assert "audit" not in asked("calendar", "-p", "web", "--month", "2026-06", by=READER).stdout


def test_where_is_this_release_and_what_was_done_here(asked: Slipway, api: RealApi) -> None:
    approved(asked, api)
    lines = asked("release", "list", "demo", "app", by=READER).stdout.splitlines()
    assert "web/staging/demo/app" in lines[1]
    assert "web/production/demo/app" in lines[2]
    assert [one["version"] for one in told(asked("history", "web", "staging", "--json"))] == ["1.1", "1.0"]


def test_what_would_a_deploy_and_the_way_back_change(asked: Slipway, api: RealApi) -> None:
    assert "1.0 → 1.1" in asked("deploy", "web", "staging", "demo/app", "--plan", by=READER).stdout
    approved(asked, api)
    assert "back to demo/app-v1.0" in asked("rollback", "web", "staging", "demo/app", "--plan", by=READER).stdout
    asked("rollback", "web", "staging", "demo/app", "--yes", "--no-wait", by=WRITER)
    finish(api)
    assert told(asked("history", "web", "staging", "--json"))[0]["version"] == "1.0"
