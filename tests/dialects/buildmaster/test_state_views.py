"""State lists and shows the pipelines that an application has in rafts, with the executions of its builds."""

import base64
import json
from typing import Any

import pytest

from tests.dialects.matrix.callers import ADMIN, OWNER, READER, STRANGER, WRITER
from tests.dialects.matrix.world import people
from tests.dialects.platform.site import Site

LIST = "/api/v1/pipelines/by-project/web/"
OWN = {"Stages": [{"Name": "Test"}, {"Name": "Live"}]}
NOOP = [{"name": "go", "steps": [{"name": "say", "type": "noop"}]}]


def put(site: Site, title: str, content: object, **more: object) -> None:
    """An item of type pipeline."""
    encoded = base64.b64encode(json.dumps(content).encode()).decode()
    item = {"Raft_Id": 1, "RaftItem_Name": title, "RaftItemType_Code": 8, "Content_Bytes": encoded}
    site.done("POST", "/api/json/Rafts_CreateOrUpdateRaftItem", {**item, **more})


@pytest.fixture
def site() -> Site:
    """A project with a pipeline of its own, one in the global raft, and one that all share there."""
    made = Site()
    people(made)
    made.done("POST", "/api/v1/state/web/add-project")
    made.done("POST", "/api/v1/state/shop/add-project")
    made.done("POST", f"{LIST}add", {"name": "release", "phases": NOOP})
    (web,) = made.done("POST", "/api/json/Applications_GetApplication", {"Application_Name": "web"})[
        "Applications_Extended"
    ]
    put(made, "Way", OWN, Application_Id=web["Application_Id"])
    put(made, "Shared", {"Stages": [{"Name": "All"}]})
    return made


def build(site: Site, pipeline: str) -> Any:  # noqa: ANN401 - a build
    """A build without a release, deployed to its first stage."""
    made = site.done(
        "PUT", "/api/releases/builds/create", {"applicationName": "web", "pipelineName": pipeline}, by=WRITER
    )
    site.done("PUT", "/api/releases/builds/deploy", {"buildId": made["id"]}, by=WRITER)
    site.house.work_off()
    return made


def runs(site: Site, pipeline: str) -> list[int]:
    """Numbers of the pipeline's executions by State."""
    found = site.done("GET", f"{LIST}by-name/{pipeline}/executions/", by=READER)
    return [one["run_nr"] for one in found]


def test_the_application_s_own_pipelines_stand_in_the_project_s_list(site: Site) -> None:
    build(site, "way")
    listed = site.done("GET", LIST, by=READER)

    assert list(listed) == ["Way", "release"]
    assert (listed["Way"]["raft"], listed["Way"]["status"], "raft" in listed["release"]) == (True, "running", False)
    assert [phase["name"] for phase in listed["Way"]["phases"]] == ["Test", "Live"]
    assert list(site.done("GET", "/api/v1/pipelines/", by=READER)["web"]) == ["Way", "release"]
    assert "web" not in site.done("GET", "/api/v1/pipelines/", by=STRANGER)
    assert site.done("GET", "/api/v1/pipelines/by-project/shop/") == {}


def test_one_is_shown_by_any_name_that_a_release_may_give_it(site: Site) -> None:
    shown = [site.done("GET", f"{LIST}by-name/{name}/", by=READER)["name"] for name in ("WAY", "global::way", "shared")]

    assert shown == ["Way", "global::Way", "global::Shared"]
    assert site.ask("GET", f"{LIST}by-name/none/", by=READER).status == 404
    assert site.ask("GET", f"{LIST}by-name/Way/", by=STRANGER).status == 404


def test_its_executions_stand_under_one_name_however_it_was_written(site: Site) -> None:
    for name in ("way", "WAY", "shared", "GLOBAL::shared"):
        build(site, name)

    assert runs(site, "Way") == [2, 1]
    assert runs(site, "global::Shared") == [2, 1]
    found = site.done("GET", "/api/v1/projects/web/runs", by=READER)
    assert {one["name"] for one in found} == {"Way", "global::Shared"}


def test_it_is_changed_in_its_raft_and_run_by_deploying_alone(site: Site) -> None:
    one = f"{LIST}by-name/Way/"
    refused = [
        site.ask("PUT", one, {"phases": NOOP}, by=OWNER),
        site.ask("DELETE", one, by=OWNER),
        site.ask("POST", f"{one.rstrip('/')}/trigger", by=OWNER),
    ]

    message = "pipeline Way of web stands in a raft: it is changed there, and run by deploying"
    assert [(answered.status, answered.json["message"]) for answered in refused] == [(409, message)] * 3
    assert site.ask("PUT", f"{LIST}by-name/none/", {"phases": NOOP}, by=OWNER).status == 404
    assert site.ask("PUT", one, {"phases": NOOP}, by=STRANGER).status == 404


def test_a_pipeline_of_the_project_stands_before_one_of_a_raft(site: Site) -> None:
    site.done("POST", f"{LIST}add", {"name": "Way", "phases": NOOP}, by=ADMIN)

    listed = site.done("GET", LIST, by=READER)
    assert list(listed) == ["Way", "release"]
    assert "raft" not in listed["Way"]
