"""A build goes through its stages: scripts of rafts on runners, gates, promotion, redeploys, as clients see it."""

import base64
import json
from typing import Any

import pytest

from chalicelib.kernel.engine.events import Outcome
from chalicelib.use_cases.ports.logs import Words
from tests.dialects.matrix.callers import ADMIN, OWNER, WRITER
from tests.dialects.matrix.world import people
from tests.dialects.platform.site import Site

BUILD = {"buildNumber": "1", "releaseNumber": "1.0", "applicationName": "Web"}
STAGES = [
    {"Name": "Test", "AutoPromote": True, "Targets": [{"PlanName": "Deploy", "EnvironmentName": "Integration"}]},
    {"Name": "Stage", "Targets": [{"PlanName": "Deploy"}, {"PlanName": "Smoke"}]},
    {"Name": "Live", "Gate": {"UserApprovals": [{"Name": OWNER}]}, "Targets": [{"PlanName": "Deploy"}]},
]


@pytest.fixture
def site() -> Site:
    """A project with two scripts, a pipeline, a release and a build."""
    made = Site()
    people(made)
    made.done("POST", "/api/v1/state/web/add-project")
    made.done("POST", "/api/infrastructure/environments/create/Integration")
    pipeline = {"Stages": STAGES, "PostDeploymentOptions": {"DeployRelease": True}}
    for title, kind, content in (("Deploy", 4, "echo"), ("Smoke", 6, "echo"), ("Way", 8, json.dumps(pipeline))):
        item = {"Raft_Id": 1, "RaftItem_Name": title, "RaftItemType_Code": kind}
        encoded = base64.b64encode(content.encode()).decode()
        made.done("POST", "/api/json/Rafts_CreateOrUpdateRaftItem", {**item, "Content_Bytes": encoded})
    release = {"applicationName": "web", "releaseNumber": "1.0", "pipelineName": "global::Way"}
    made.done("PUT", "/api/releases/create", {**release, "$$host": "h"}, by=WRITER)
    made.done("PUT", "/api/releases/builds/create", {"releaseNumber": "1.0", "applicationName": "web"}, by=WRITER)
    return made


def deploy(site: Site, *, by: str = WRITER, **said: object) -> Any:  # noqa: ANN401 - deployments
    return site.done("PUT", "/api/releases/builds/deploy", {**BUILD, **said}, by=by)


def refused(site: Site, *, by: str = WRITER, **said: object) -> tuple[int, str]:
    answered = site.ask("PUT", "/api/releases/builds/deploy", {**BUILD, **said}, by=by)
    return answered.status, answered.text


def listed(site: Site, **said: object) -> list[tuple[str, str | None, str]]:
    found = site.done("POST", "/api/releases/builds/deployments", said, by=WRITER)
    return [(one["pipelineStageName"], one["plan"], one["status"]) for one in found]


def work(site: Site, outcome: Outcome = Outcome.SUCCEEDED, **outputs: str) -> None:
    """A runner does the next script."""
    site.house.work_off()
    (leased,) = site.house.lease()
    words = Words(ask="a", at=site.house.world.now(), said=(("out", "hello from the script"),))
    site.house.logs.add(leased.job.id, words)
    site.house.finish(leased, outcome, **outputs)


def test_a_deploy_answers_one_deployment_for_each_target_which_every_filter_finds(site: Site) -> None:
    assert listed(site) == []
    (one,) = deploy(site)

    assert (one["plan"], one["status"], one["environmentName"]) == ("Deploy", "pending", "Integration")
    assert (one["started"], one["ended"]) == (None, None)
    assert one["createdBy"] == WRITER
    build = site.done("GET", "/api/releases/builds", by=WRITER)[0]
    every = {
        "applicationId": one["applicationId"],
        "releaseNumber": "1.0",
        "buildId": build["id"],
        "deploymentId": one["id"],
        "pipelineName": "GLOBAL::way",
        "pipelineStageName": "test",
        "environmentId": one["environmentId"],
        "status": "pending",
    }
    assert listed(site, **every) == [("Test", "Deploy", "pending")]
    assert listed(site, **{**every, "environmentId": 1}) == []


def test_what_is_promoted_by_itself_is_there_before_the_one_before_is_done(site: Site) -> None:
    deploy(site)
    work(site, warned="true")

    assert listed(site, pipelineStageName="Test") == [("Test", "Deploy", "warned")]
    assert sorted(listed(site, pipelineStageName="Stage")) == [
        ("Stage", "Deploy", "pending"),
        ("Stage", "Smoke", "pending"),
    ]
    (automatic, _) = site.done("GET", "/api/releases/builds/deployments?pipelineStageName=Stage", by=WRITER)
    assert automatic["createdBy"] == "SYSTEM"


def test_a_failed_script_is_a_failed_deployment_with_its_log(site: Site) -> None:
    (one,) = deploy(site)
    work(site, Outcome.FAILED)

    assert listed(site) == [("Test", "Deploy", "failed")]
    log = site.done("GET", f"/executions/logs?executionId={one['id']}&level=0", by=WRITER)
    assert log == "Deploy to Test: failed\nhello from the script"


def test_stages_keep_their_order_unless_it_is_forced_by_who_may(site: Site) -> None:
    status, text = refused(site, toStage="Stage")
    assert (status, "Test" in text) == (400, True)
    assert refused(site, toStage="Stage", force=True)[0] == 403
    assert listed(site) == []

    assert [one["pipelineStageName"] for one in deploy(site, by=ADMIN, toStage="stage", force="TRUE")] == ["Stage"] * 2


def test_an_unmet_gate_is_named_and_opens_for_whom_it_names(site: Site) -> None:
    deploy(site)
    for _ in range(3):
        work(site)
    status, text = refused(site, toStage="Live")
    assert (status, OWNER in text) == (400, True)
    assert listed(site, pipelineStageName="Live") == []

    (run, *_) = site.done("GET", "/api/v1/projects/web/runs", by=OWNER)
    site.done("POST", f"/api/v1/runs/{run['id']}/decisions", {"decision": "approve"}, by=OWNER)
    deploy(site)
    work(site)

    assert listed(site, pipelineStageName="Live") == [("Live", "Deploy", "succeeded")]
    build = site.done("GET", "/api/releases/builds", by=WRITER)[0]
    release = site.done("GET", "/api/releases", by=WRITER)[0]
    assert (build["status"], build["furthestStage"], release["status"]) == ("deployed", "Live", "deployed")


def test_a_build_is_deployed_again_and_its_old_deployments_stay(site: Site) -> None:
    (first,) = deploy(site)
    for _ in range(3):
        work(site)
    (again,) = deploy(site, toStage="Test")
    work(site)

    assert (again["id"] != first["id"], again["createdBy"]) == (True, WRITER)
    assert listed(site, pipelineStageName="Test") == [("Test", "Deploy", "succeeded")] * 2


def test_a_cancelled_release_cancels_what_is_under_way_and_says_by_whom(site: Site) -> None:
    deploy(site)
    site.done("PUT", "/api/releases/cancel", {"releaseNumber": "1.0", "applicationName": "web"}, by=OWNER)
    site.house.work_off()
    for leased in site.house.lease():
        site.house.finish(leased, Outcome.CANCELLED)

    (gone,) = site.done("GET", "/api/releases/builds/deployments", by=WRITER)
    assert (gone["status"], gone["canceledBy"]) == ("failed", OWNER)
    assert refused(site)[0] == 400


def test_outside_of_its_window_nothing_is_deployed(site: Site) -> None:
    night = {"Name": "Live", "Gate": {"DeploymentWindows": [{"StartTime": "22:00", "EndTime": "02:00"}]}}
    content = base64.b64encode(json.dumps({"Stages": [night]}).encode()).decode()
    item = {"Raft_Id": 1, "RaftItem_Name": "Night", "RaftItemType_Code": 8, "Content_Bytes": content}
    site.done("POST", "/api/json/Rafts_CreateOrUpdateRaftItem", item)
    named = {"applicationName": "web", "releaseNumber": "2.0"}
    site.done("PUT", "/api/releases/create", {**named, "pipelineName": "Night"}, by=WRITER)
    site.done("PUT", "/api/releases/builds/create", named, by=WRITER)

    at_noon = refused(site, releaseNumber="2.0")
    site.house.pass_time(11 * 60 * 60)
    deployed = deploy(site, releaseNumber="2.0")

    assert at_noon[0] == 400
    assert [one["pipelineStageName"] for one in deployed] == ["Live"]
    site.house.work_off()
    assert listed(site, releaseNumber="2.0", status="succeeded") == [("Live", None, "succeeded")]
