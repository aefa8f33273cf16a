"""Builds without a release: made of an application and a pipeline, and found and deployed as all others."""

from typing import Any

import pytest

from chalicelib.kernel.engine.events import Outcome
from tests.dialects.buildmaster.test_deploys import work
from tests.dialects.matrix.callers import ADMIN, OWNER, READER, STRANGER, WRITER
from tests.dialects.matrix.world import people
from tests.dialects.platform.site import Site

LOOSE = {"applicationName": "Web", "pipelineName": "release"}
BUILD = {"applicationName": "web", "buildNumber": "1"}


@pytest.fixture
def site() -> Site:
    """A project with a pipeline of two stages, each with a script, and a release on it."""
    made = Site()
    people(made)
    made.done("POST", "/api/v1/state/web/add-project")
    script = {"name": "ship", "type": "script", "script": "echo"}
    phases = [{"name": name, "promotion": "manual", "steps": [script]} for name in ("Test", "Live")]
    made.done("POST", "/api/v1/pipelines/by-project/web/add", {"name": "release", "phases": phases})
    made.done("PUT", "/api/releases/create", {**LOOSE, "releaseNumber": "1.0"}, by=WRITER)
    return made


def create(site: Site, *, by: str = WRITER, **said: object) -> Any:  # noqa: ANN401 - a build
    return site.done("PUT", "/api/releases/builds/create", {**LOOSE, **said}, by=by)


def deploy(site: Site, **said: object) -> Any:  # noqa: ANN401 - deployments
    return site.done("PUT", "/api/releases/builds/deploy", {**BUILD, **said}, by=WRITER)


def numbers(site: Site, query: str = "") -> list[tuple[str | None, str]]:
    found = site.done("GET", f"/api/releases/builds?{query}", by=WRITER)
    return [(one["releaseNumber"], one["number"]) for one in found]


def test_it_goes_from_stage_to_stage_until_it_is_deployed_and_no_release_with_it(site: Site) -> None:
    made = create(site)
    stages = []
    for _ in range(2):
        (one,) = deploy(site)
        work(site)
        stages.append(one["pipelineStageName"])

    (build,) = site.done("GET", f"/api/releases/builds?buildId={made['id']}", by=WRITER)
    assert (stages, build["status"], build["furthestStage"]) == (["Test", "Live"], "deployed", "Live")
    assert (build["releaseId"], build["releaseNumber"], build["releaseName"]) == (None, None, None)
    (release,) = site.done("GET", "/api/releases", by=WRITER)
    assert (release["number"], release["status"], release["latestBuildId"]) == ("1.0", "active", None)


def test_order_and_force_count_as_for_others(site: Site) -> None:
    create(site)

    refused = site.ask("PUT", "/api/releases/builds/deploy", {**BUILD, "toStage": "Live"}, by=WRITER)
    assert (refused.status, "Test" in refused.text) == (400, True)
    assert site.ask("PUT", "/api/releases/builds/deploy", {**BUILD, "toStage": "Live", "force": True}, by=ADMIN).json


def test_it_is_found_beside_those_of_releases_but_not_among_them(site: Site) -> None:
    create(site)
    site.done("PUT", "/api/releases/builds/create", {"applicationName": "web", "releaseNumber": "1.0"}, by=WRITER)
    create(site)

    assert set(numbers(site)) == {(None, "2"), ("1.0", "1"), (None, "1")}
    assert set(numbers(site, "buildNumber=1&applicationName=web")) == {("1.0", "1"), (None, "1")}
    assert numbers(site, "pipelineName=RELEASE") == numbers(site)
    assert numbers(site, "releaseNumber=1.0&applicationName=web") == [("1.0", "1")]
    assert numbers(site, "pipelineName=none") == []


def test_its_train_is_no_release_by_any_call(site: Site) -> None:
    made = create(site)
    holder = made["id"] - 1  # its train has the id before that of its first

    assert site.house.ports.snapshots.find_snapshot(holder, made["id"]) is not None
    assert site.done("GET", f"/api/releases?releaseId={holder}", by=WRITER) == []
    assert numbers(site, f"releaseId={holder}") == []
    for path in ("cancel", "restore"):
        refused = site.ask("PUT", f"/api/releases/{path}", {"releaseId": holder}, by=OWNER)
        assert (refused.status, refused.text) == (400, f"no release {holder}")
    views = site.done("POST", "/api/json/Applications_GetApplications", by=ADMIN)
    assert {one["Application_Name"]: one["Active_Releases_Count"] for one in views}["web"] == 1


def test_its_deployments_log_and_rejection_are_as_of_others(site: Site) -> None:
    create(site)
    (one,) = deploy(site)
    work(site, Outcome.FAILED)

    found = site.done("GET", f"/api/releases/builds/deployments?deploymentId={one['id']}&buildNumber=1", by=WRITER)
    assert [(each["id"], each["status"], each["releaseId"]) for each in found] == [(one["id"], "failed", None)]
    assert site.done("GET", f"/api/releases/builds/deployments?deploymentId={one['id']}&buildNumber=2", by=WRITER) == []
    log = site.done("GET", f"/executions/logs?executionId={one['id']}", by=WRITER)
    assert log == "ship to Test: failed\nhello from the script"
    site.done("POST", "/api/releases/builds/reject", BUILD, by=WRITER)
    assert site.ask("PUT", "/api/releases/builds/deploy", BUILD, by=WRITER).status == 400


def test_state_and_slipway_know_its_run_and_the_train_that_holds_it(site: Site) -> None:
    made = create(site)
    deploy(site)

    path = "/api/v1/pipelines/by-project/web/by-name/release/executions/"
    (execution,) = site.done("GET", path, by=WRITER)
    (holder,) = site.done("GET", "/api/v1/trains?project=web&unplanned=true", by=WRITER)["items"]
    (snapshot,) = site.done("GET", f"/api/v1/trains/{holder['id']}/snapshots", by=WRITER)["items"]
    assert (snapshot["id"], snapshot["pipeline"], snapshot["runs"]) == (made["id"], "release", [execution["id"]])
    assert [one["number"] for one in site.done("GET", "/api/v1/trains", by=WRITER)["items"]] == ["1.0"]


@pytest.mark.parametrize(("by", "status"), [(STRANGER, 400), (READER, 403)])
def test_who_may_not_write_makes_and_deploys_none(site: Site, by: str, status: int) -> None:
    create(site)

    assert site.ask("PUT", "/api/releases/builds/create", LOOSE, by=by).status == status
    assert site.ask("PUT", "/api/releases/builds/deploy", BUILD, by=by).status == status
    assert numbers(site) == [(None, "1")]
    assert site.done("GET", "/api/releases/builds", by=STRANGER) == []


def test_what_names_neither_a_release_nor_a_pipeline_is_refused(site: Site) -> None:
    refused = site.ask("PUT", "/api/releases/builds/create", {"applicationName": "web"}, by=WRITER)

    text = "releaseId: is required, or releaseNumber; or pipelineName, for a build without a release"
    assert (refused.status, refused.text) == (400, text)
    assert numbers(site) == []
