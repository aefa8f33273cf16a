"""The traffic of Escape's CLI on remote state, replayed: each call is answered exactly 200, and nothing gets lost."""

from typing import Any

import pytest

from tests.dialects.state.escape_traffic import AT, DEPENDENCY, ROOT, Put, build, deploy
from tests.dialects.state.site import Site
from tests.dialects.state.walk import STAGING
from tests.http.house import Answered

NAMED = f"{STAGING}/deployments/?deployment=demo%2Frs"
GO = {"User_Agent": "Go-http-client/1.1", "Content_Type": "application/json", "Accept_Encoding": "gzip"}


@pytest.fixture
def site() -> Site:
    return Site()


def put(site: Site, one: Put) -> Answered:
    return site.ask("PUT", NAMED, one._asdict(), **GO)


def load(site: Site) -> Any:  # noqa: ANN401 - a body
    answered = site.ask("GET", f"{STAGING}/?full=true", **GO)
    assert answered.status == 200
    return answered.json


def seen(state: dict[str, Any]) -> dict[str, Any]:
    """A state as it is shown again: what is empty is left out."""
    return {name: _seen(value) for name, value in state.items() if value not in ({}, "", [])}


def _seen(value: object) -> object:
    return seen(value) if isinstance(value, dict) else value


def test_an_environment_without_deployments_is_loaded(site: Site) -> None:
    assert load(site) == {"name": "staging"}


def test_a_build_with_a_dependency_is_sixteen_calls_each_of_which_is_kept(site: Site) -> None:
    puts = list(build())
    assert len(puts) == 16
    for one in puts:
        assert put(site, one).status == 200
        root = load(site)["deployments"][ROOT]
        if one.path == ROOT:
            assert root == seen(one.state)
        else:
            assert root["stages"]["build"]["deployments"][DEPENDENCY] == seen(one.state)


def test_a_child_that_comes_before_its_root_makes_the_root(site: Site) -> None:
    first = next(build())
    assert put(site, first).status == 200
    assert load(site)["deployments"] == {
        ROOT: {"name": ROOT, "stages": {"build": {"deployments": {DEPENDENCY: seen(first.state)}}}}
    }


def test_a_grandchild_lives_in_the_stage_deploy_of_its_parent(site: Site) -> None:
    state = {"name": "c", "release": "demo/c"}
    assert put(site, Put(f"{ROOT}:b:c", "build", state)).status == 200
    child = load(site)["deployments"][ROOT]["stages"]["build"]["deployments"]["b"]
    assert child == {"name": "b", "stages": {"deploy": {"deployments": {"c": state}}}}


def test_a_deployment_after_a_build_is_eight_calls_and_keeps_both_stages(site: Site) -> None:
    for one in build():
        put(site, one)
    puts = list(deploy())
    assert len(puts) == 8
    assert [put(site, one).status for one in puts] == [200] * 8
    root = load(site)["deployments"][ROOT]
    assert root == seen(puts[-1].state)
    assert root["stages"].keys() == {"build", "deploy"}


def test_the_short_form_tells_version_and_status_of_each_stage(site: Site) -> None:
    for one in (*build(), *deploy()):
        put(site, one)
    status = {"status": "ok", "updated_at": AT}
    stage = {"version": "0.1.0", "status": status}
    assert site.get(f"{STAGING}/")["deployments"] == {
        ROOT: {"name": ROOT, "release": ROOT, "stages": {"build": stage, "deploy": stage}}
    }


def test_what_the_root_provides_when_it_is_deployed_can_be_found(site: Site) -> None:
    for one in build():
        put(site, one)
    assert site.get(f"{STAGING}/providers/") == {}
    for one in deploy():
        put(site, one)
    assert site.get(f"{STAGING}/providers/") == {"site": [ROOT]}


def test_every_call_is_an_entry_of_the_history(site: Site) -> None:
    for one in (*build(), *deploy()):
        put(site, one)
    deployment = site.house.ports.deployments.find_deployment("web", "staging", ROOT)
    assert deployment is not None
    assert deployment.version == 24


def test_a_converged_destruction_deletes_and_a_second_one_finds_nothing(site: Site) -> None:
    for one in deploy():
        put(site, one)
    assert site.ask("DELETE", NAMED, **GO).status == 200
    assert load(site) == {"name": "staging"}
    assert site.ask("DELETE", NAMED, **GO).status == 404


@pytest.mark.parametrize("code", ["ok", "destroy_failure", "running_pre_step"])
def test_no_change_of_status_is_refused(site: Site, code: str) -> None:
    for status in (code, "empty", code):
        state = {"name": ROOT, "stages": {"deploy": {"status": {"status": status}}}}
        assert put(site, Put(ROOT, "", state)).status == 200


@pytest.mark.parametrize(
    ("path", "stage", "named"),
    [
        ("other", "", "path"),
        (f"{ROOT}:child", "", "root_stage"),
        (f"{ROOT}:child", "test", "root_stage"),
        (f"{ROOT}::x", "deploy", "path"),
        (f"{ROOT}:9bad", "deploy", "path"),
    ],
)
def test_a_path_that_leads_nowhere_is_named(site: Site, path: str, stage: str, named: str) -> None:
    answered = put(site, Put(path, stage, {}))
    assert (answered.status, [error["path"] for error in answered.json["errors"]]) == (400, [named])


def test_an_unknown_environment_is_not_made_by_writing_into_it(site: Site) -> None:
    target = NAMED.replace("staging", "mars")
    assert site.ask("PUT", target, next(build())._asdict(), **GO).status == 404
