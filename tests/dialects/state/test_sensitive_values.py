"""What a release calls sensitive is clear to who may write and to jobs where they work, and *** to everybody else."""

from typing import Any

import pytest

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import Level, role_in
from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.releases.release import Namespace
from slipway_formats.release import Errand, Variable
from tests.dialects.state.site import PRINCIPALS, Site
from tests.dialects.state.walk import STAGING
from tests.http.house import Answered

APP = f"{STAGING}/deployments/?deployment=app"
JOBS = "/api/v1/deployment-jobs"
JOB = f"{JOBS}/by-project/web/by-environment/staging/by-name/app"
SECRET, PLAIN = "s3cr3t&pa$$", "plain value"


@pytest.fixture
def site() -> Site:
    site = Site()
    variables = (Variable(id="password", sensitive=True), Variable(id="size"))
    site.house.inventory.inputs = variables
    site.house.inventory.outputs = (Variable(id="token", sensitive=True), Variable(id="url"))
    site.house.inventory.errands = {"rotate": Errand(name="rotate", inputs=(Variable(id="seed", sensitive=True),))}
    site.house.inventory.spaces["demo"] = Namespace(name="demo", project="web")
    return site


def a_stage(**more: object) -> dict[str, Any]:
    return {
        "version": "1.0",
        "inputs": {"password": SECRET, "size": PLAIN},
        "calculated_inputs": {"password": SECRET, "size": PLAIN},
        "calculated_outputs": {"token": SECRET, "url": PLAIN},
        **more,
    }


def a_state(**more: object) -> dict[str, Any]:
    return {"name": "app", "release": "demo/app", "stages": {"deploy": a_stage(**more)}}


def put(site: Site, state: dict[str, Any], *, by: str = "ada") -> Answered:
    return site.ask("PUT", APP, {"path": state["name"], "root_stage": "", "state": state}, by=by)


def every_answer(site: Site, *, by: str) -> str:
    """All that tells of the deployment, its job and its executions."""
    paths = (
        APP,
        f"{STAGING}/?full=true",
        f"{STAGING}/",
        "/api/v1/state/web/",
        f"{STAGING}/deployments/history?deployment=app",
    )
    lists = (f"{JOB}/", f"{JOBS}/", f"{JOBS}/executions/", f"{JOB}/executions/", f"{JOBS}/by-project/web/executions/")
    return str([site.get(path, by=by) for path in (*paths, *lists)])


def deployed(site: Site) -> str:
    """The execution of a job whose deployment stands."""
    given = {"password": SECRET, "size": PLAIN}
    body = {"environment": "staging", "deployment": "app", "release": "demo/app", "inputs": given}
    site.done("POST", f"{JOBS}/by-project/web/add", body)
    run = site.done("POST", f"{JOB}/trigger", {"inputs": given})["id"]
    site.house.work_off()
    (leased,) = site.house.lease()
    site.house.finish(leased, Outcome.SUCCEEDED, token=SECRET, url=PLAIN)
    return str(run)


def test_a_reader_sees_none_of_them_anywhere(site: Site) -> None:
    deployed(site)
    assert put(site, a_state()).status == 200
    site.done("PUT", f"{STAGING}/", {"inputs": {"password": SECRET, "size": PLAIN}})
    told = every_answer(site, by="bob")
    assert SECRET not in told
    assert PLAIN in told
    assert SECRET in every_answer(site, by="ada")


def test_the_state_that_a_job_leaves_hides_them_from_readers(site: Site) -> None:
    run = deployed(site)
    (stage,) = site.get(APP, by="bob")["stages"].values()
    assert stage["inputs"] == {"password": "***", "size": PLAIN}
    assert stage["calculated_outputs"] == {"token": "***", "url": PLAIN}
    execution = site.get(f"{JOB}/executions/{run}/", by="bob")
    assert (execution["inputs"], execution["outputs"]) == (stage["inputs"], stage["calculated_outputs"])
    seen = site.get(f"{JOB}/executions/{run}/", by="ada")
    assert (seen["inputs"]["password"], seen["outputs"]["token"]) == (SECRET, SECRET)


def test_a_writer_gets_back_what_was_put_and_can_put_it_back(site: Site) -> None:
    assert put(site, a_state()).status == 200
    state = site.get(f"{STAGING}/?full=true")["deployments"]["app"]
    assert state == a_state()
    assert put(site, state).status == 200
    assert site.get(APP)["stages"]["deploy"]["inputs"]["password"] == SECRET


@pytest.mark.parametrize("part", ["inputs", "calculated_inputs", "calculated_outputs"])
def test_three_stars_do_not_take_the_place_of_a_value(site: Site, part: str) -> None:
    assert put(site, a_state()).status == 200
    answered = put(site, a_state(**{part: {"password": "***", "size": "***"}}))
    assert answered.status == 400
    assert [one["path"] for one in answered.json["errors"]] == [f"state.stages.deploy.{part}.password"]
    assert site.get(APP) == a_state()


def test_below_a_deployment_they_are_hidden_too_and_so_is_what_it_was_given_for_them(site: Site) -> None:
    child = {"name": "db", "release": "demo/db", "stages": {"deploy": a_stage()}}
    state = {
        "name": "app",
        "release": "other/app",
        "inputs": {"password": SECRET},
        "stages": {"deploy": {"deployments": {"db": child}}},
    }
    assert put(site, state).status == 200
    assert SECRET not in every_answer_of_state(site, by="bob")
    assert put(site, {**state, "inputs": {"password": "***"}}).status == 400
    assert every_answer_of_state(site, by="ada").count(SECRET) == 8


def every_answer_of_state(site: Site, *, by: str) -> str:
    return str([site.get(path, by=by) for path in (APP, f"{STAGING}/?full=true")])


def test_what_was_sensitive_and_is_as_it_was_stays_so(site: Site) -> None:
    assert put(site, a_state()).status == 200
    site.house.inventory.inputs = site.house.inventory.outputs = ()
    assert put(site, a_state(version="1.1", calculated_outputs={"token": "new"})).status == 200
    (stage,) = site.get(APP, by="bob")["stages"].values()
    assert stage["inputs"]["password"] == "***"
    assert stage["calculated_outputs"]["token"] == "new"


def test_a_client_may_name_them_where_the_release_is_not_registered_yet(site: Site) -> None:
    state = {**a_state(sensitive=["password", "token"]), "release": "new/app"}
    assert put(site, state).status == 200
    assert SECRET not in every_answer_of_state(site, by="bob")
    assert put(site, {**a_state(), "release": "new/app"}).status == 200
    assert SECRET not in every_answer_of_state(site, by="bob"), "a state that comes back says nothing of names"


def test_a_version_that_is_not_registered_is_taken_for_the_latest(site: Site) -> None:
    assert put(site, a_state(version="not yet")).status == 200
    assert SECRET not in every_answer_of_state(site, by="bob")


def test_whose_release_may_not_be_read_is_not_asked_for_its_names(site: Site) -> None:
    site.house.inventory.spaces["demo"] = Namespace(name="demo", project="other")
    assert put(site, a_state(inputs={"password": "***"})).status == 200
    site.house.inventory.spaces["demo"] = Namespace(name="demo", project="other", is_public=True)
    assert put(site, a_state(inputs={"password": "***"})).status == 400


def test_a_job_sees_them_where_it_works_and_nowhere_else(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    deployed(site)
    site.done("POST", f"{JOB}/trigger/smoke")
    site.house.work_off()
    (leased,) = site.house.lease()
    roles = frozenset({role_in("web", Level.WRITE)})
    monkeypatch.setitem(PRINCIPALS, "job", Principal(name=leased.job.id, kind=PrincipalKind.JOB, roles=roles))
    assert SECRET in every_answer_of_state(site, by="job")
    there = APP.replace("staging", "production")
    site.done("PUT", there, {"path": "app", "root_stage": "", "state": a_state()})
    assert SECRET not in str(site.get(there, by="job"))
    assert PLAIN in str(site.get(there, by="job"))


def test_a_job_that_reads_only_sees_them_where_it_works(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    deployed(site)
    site.done("POST", f"{JOB}/trigger/smoke")
    site.house.work_off()
    (leased,) = site.house.lease()
    roles = frozenset({role_in("web", Level.READ)})
    monkeypatch.setitem(PRINCIPALS, "job", Principal(name=leased.job.id, kind=PrincipalKind.JOB, roles=roles))
    assert SECRET in every_answer_of_state(site, by="job")


def test_a_state_file_that_is_imported_is_marked_likewise(site: Site) -> None:
    local = {"environments": {"new": {"name": "new", "deployments": {"app": a_state()}}}}
    site.done("POST", "/api/v1/state/web/import-environments", local)
    told = str(site.get("/api/v1/state/web/environments/new/?full=true", by="bob"))
    assert SECRET not in told
    assert PLAIN in told
    hidden = {"environments": {"more": {"name": "more", "deployments": {"app": a_state(inputs={"password": "***"})}}}}
    assert site.ask("POST", "/api/v1/state/web/import-environments", hidden).status == 400


def test_then_as_now(site: Site) -> None:
    assert put(site, a_state()).status == 200
    at = site.get(f"{STAGING}/deployments/history?deployment=app")[0]["at"]
    assert SECRET not in str(site.get(f"{APP}&at={at}", by="bob"))
    assert SECRET in str(site.get(f"{APP}&at={at}", by="ada"))


def test_a_value_that_is_given_as_a_secret_is_one_whatever_the_release_says(site: Site) -> None:
    site.house.inventory.inputs = site.house.inventory.outputs = ()
    assert (
        put(site, a_state(inputs={"other": {"secret": SECRET}}, calculated_inputs={}, calculated_outputs={})).status
        == 200
    )
    assert SECRET not in every_answer_of_state(site, by="bob")
    assert site.get(APP)["stages"]["deploy"]["inputs"] == {"other": SECRET}
    kept = {"other": {"secret": {"kept": "0123456789abcdef"}}}
    assert put(site, a_state(inputs=kept)).status == 400


def test_errand_inputs_of_a_pipeline_are_hidden_from_readers(site: Site) -> None:
    deployed(site)
    step = {
        "type": "run-errand",
        "name": "rotate",
        "deployment": "app",
        "environment": "staging",
        "errand_name": "rotate",
    }
    given = {"seed": SECRET, "size": PLAIN}
    body = {"name": "rotate", "phases": [{"name": "all", "steps": [{**step, "errand_inputs": given}]}]}
    site.done("POST", "/api/v1/pipelines/by-project/web/add", body)
    pipeline = "/api/v1/pipelines/by-project/web/by-name/rotate"
    site.done("POST", f"{pipeline}/trigger")
    for path in (f"{pipeline}/", "/api/v1/pipelines/", f"{pipeline}/executions/"):
        assert SECRET not in str(site.get(path, by="bob"))
        assert PLAIN in str(site.get(path, by="bob"))
        assert SECRET in str(site.get(path, by="ada"))
