"""The calls of BuildMaster's real clients, in their order, against a live platform."""

import base64
import json
from typing import Any

import pytest

from tests.walks.api import Json, eventually
from tests.walks.buildmaster_clients import Automation, Jenkins
from tests.walks.site import Site

GRANTS = ["native", "infrastructure", "variables", "release-and-build-deployment"]
SCRIPT = 'echo "$BUILD_NUMBER of $job" | tee -a "$marks/jenkins"\n'
ACCEPT = 'echo "accepted $BUILD_NUMBER" | tee -a "$marks/jenkins"; echo "WARN few testers"\n'
PIPELINE = {
    "Name": "Delivery",
    "Color": "#aabbcc",
    "EnforceStageSequence": False,
    "Stages": [
        {"Name": "Integration", "AutoPromote": True, "Targets": [{"PlanName": "Integrate", "DefaultServerContext": 0}]},
        {"Name": "Acceptance", "TargetExecutionMode": "Parallel", "Targets": [{"PlanName": "Accept"}]},
    ],
    "PostDeploymentOptions": {"DeployRelease": False},
}


@pytest.fixture(scope="module")
def automation(site: Site) -> Automation:
    made = site.post("/api/v1/tokens", {"label": "automation", "grants": GRANTS})
    return Automation(site=site, key=made["token"])


def application(automation: Automation, title: str) -> int:
    """An application as the module makes one, with two scripts and their pipeline."""
    schemes = {"ReleaseNumber_Scheme_Name": "MajorMinorRevision", "BuildNumber_Scheme_Name": "Sequential"}
    made: int = automation.native("Applications_CreateApplication", Application_Name=title, **schemes)
    for name, content in (("Integrate", SCRIPT), ("Accept", ACCEPT)):
        automation.create_item(made, 4, name, content)
    automation.create_item(made, 8, "Delivery", json.dumps(PIPELINE))
    return made


@pytest.fixture(scope="module")
def jenkins(site: Site, automation: Automation) -> Jenkins:
    """The plugin, before an application with two releases."""
    made = application(automation, "Jenkins Shop")
    automation.set_variable("application/Jenkins%20Shop", "marks", str(site.folder))
    for number in ("1.0", "1.1"):
        automation.releases(
            "/create", releaseNumber=number, releaseName="", pipelineName="Delivery", applicationId=made
        )
    site.user("jenny", "project:jenkins-shop:global:read")
    return Jenkins(site=site, key=automation.key, user="jenny", password="jenny-0123456789")


def test_the_jenkins_plugin_creates_deploys_and_reads_the_log(site: Site, jenkins: Jenkins) -> None:
    assert jenkins.connects()
    shop = jenkins.application("JENKINS SHOP")
    latest = jenkins.latest(shop)
    build = jenkins.create_build(shop, latest["number"], {"BUILD_NUMBER": "17", "job": "$JOB_NAME"})
    first = jenkins.deploy(shop, latest["number"], build)

    assert (latest["number"], latest["name"], build) == ("1.1", "1.1", "1")
    assert (first["status"], first["pipelineStageName"]) == ("succeeded", "Integration")
    assert site.lines("jenkins") == ["17 of $JOB_NAME", "accepted 17"]
    assert "17 of $JOB_NAME" in jenkins.log(first["id"]).text
    assert jenkins.latest(shop)["latestBuildNumber"] == build


def test_the_plugin_waits_for_what_follows_by_itself(jenkins: Jenkins) -> None:
    shop = jenkins.application("Jenkins Shop")
    build = jenkins.create_build(shop, "1.0", {"BUILD_NUMBER": "18"})
    jenkins.deploy(shop, "1.0", build)

    named = {"applicationId": shop, "releaseNumber": "1.0", "buildNumber": build}
    ended = jenkins.releases("POST", "/builds/deployments", **named)
    assert [(one["pipelineStageName"], one["status"], one["createdBy"]) for one in ended] == [
        ("Acceptance", "warned", "SYSTEM"),
        ("Integration", "succeeded", "SYSTEM"),
    ]


def test_the_log_is_for_who_reads_the_application(site: Site, jenkins: Jenkins, automation: Automation) -> None:
    (last, *_) = jenkins.releases("POST", "/builds/deployments", applicationId=jenkins.application("jenkins shop"))
    path = f"/executions/logs?executionId={last['id']}&level=0"
    site.user("otto")
    stranger = Jenkins(site=site, key="", user="otto", password="otto-0123456789")

    assert automation.asks("GET", path, None, "").status == 200
    assert stranger.log(last["id"]).status != 200


def test_the_module_plans_uploads_builds_publishes_and_stops(automation: Automation) -> None:
    shop = application(automation, "Powered Shop")
    (raft, *_) = automation.native("Rafts_GetRafts")
    known = automation.native("Applications_GetApplications", Application_Count=0, IncludeInactive_Indicator=False)
    automation.set_variable("application/Powered%20Shop", "marks", "/tmp")

    assert (raft["Raft_Id"], raft["Raft_Name"]) == (1, "Default")
    assert shop in [one["Application_Id"] for one in known]
    assert json.loads(automation.item(shop, 8, "delivery")) == PIPELINE
    release = automation.releases(
        "/create", releaseNumber="12.0.0", releaseName="", pipelineName="Delivery", applicationId=shop
    )
    assert (release["name"], release["number"], release["sequence"]) == ("12.0.0", "12.0.0", 1)
    _builds(automation, release)
    _publishes(automation, release)
    _stops(automation, release)


def _builds(automation: Automation, release: Json) -> None:
    def number(**more: str) -> str:
        return str(automation.releases("/builds/create", releaseId=release["id"], **more)["number"])

    numbers = [number(), number(buildNumber="56.develop"), number(buildNumber="3"), number(**{"$tester": "ann"})]
    scope = "builds/Powered%20Shop/12.0.0/4"

    assert numbers == ["1", "56.develop", "3", "4"]
    assert automation.variable(scope, "tester") == "ann"
    automation.set_variable(scope, "tester name", "")
    assert automation.variable(scope, "tester name") == ""


def _publishes(automation: Automation, release: Json) -> None:
    (newest, *_) = automation.releases("/builds", releaseId=release["id"])
    (made,) = automation.releases("/builds/deploy", buildId=newest["id"], toStage="Acceptance")
    named = {"applicationId": release["applicationId"], "releaseId": release["id"], "pipelineStageName": "Acceptance"}

    def ended() -> Any:  # noqa: ANN401 - JSON
        (found,) = automation.releases("/builds/deployments", **named)
        return found if found["status"] not in ("pending", "executing") else None

    assert made["status"] in ("pending", "executing", "succeeded", "warned")
    assert eventually(ended)["id"] == made["id"]
    assert automation.tries("/builds/deploy", buildId=2147483647).status == 400
    assert automation.releases("", releaseId=-1) == []


def _stops(automation: Automation, release: Json) -> None:
    named = {"Application_Id": release["applicationId"], "Release_Number": "12.0.0"}
    automation.native("Releases_CancelRelease", **named, CancelledReason_Text="no one waits")

    (stopped,) = automation.releases("", applicationId=release["applicationId"])
    assert stopped["status"] == "canceled"
    builds = automation.releases("/builds", releaseId=release["id"])
    assert [one["status"] for one in builds] == ["deployed", "rejected", "rejected", "rejected"]
    assert automation.tries("/builds/create", releaseId=release["id"]).status == 400


def test_the_module_builds_without_a_release(automation: Automation) -> None:
    shop = application(automation, "Loose Shop")
    raft = automation.native("Rafts_CreateOrUpdateRaft", Raft_Name="loose")
    shared = Automation(site=automation.site, key=automation.key, raft=raft)
    shared.create_item(None, 8, "Everywhere", json.dumps({"Stages": [{"Name": "Anywhere"}]}))

    def build(pipeline: str, **more: str) -> Json:
        made = automation.releases("/builds/create", applicationId=shop, pipelineName=pipeline, **more)
        (found,) = automation.releases("/builds", buildId=made["id"])
        return dict(found)

    first, second = build("Delivery", **{"$tester": "ann"}), build("loose::Everywhere")
    assert [(one["number"], one["pipelineName"], one["releaseId"]) for one in (first, second)] == [
        ("1", "Delivery", None),
        ("2", "loose::Everywhere", None),
    ]
    (tester,) = automation.native("Variables_GetBuildVariables", Build_Id=first["id"])
    assert (tester["Variable_Name"], base64.b64decode(tester["Variable_Value"])) == ("tester", b"ann")
    (made,) = automation.releases("/builds/deploy", buildId=second["id"])
    eventually(lambda: automation.releases("/builds/deployments", deploymentId=made["id"])[0]["status"] == "succeeded")
    assert automation.releases("", applicationId=shop) == []
