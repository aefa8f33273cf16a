"""What a PUT of a deployment must say, what comes back of it, and that nothing is lost by one that says too little."""

import json
from codecs import BOM_UTF8
from pathlib import Path
from typing import Any

import pytest

from tests.dialects.state.site import Site
from tests.dialects.state.walk import STAGING, WEB

BODIES = Path(__file__).parents[2] / "data" / "state-bodies"
NAMED = f"{STAGING}/deployments/?deployment=wipe"
DEPLOYED = {"version": "1.0", "status": {"status": "ok"}}
STATE: dict[str, Any] = {"name": "wipe", "release": "demo/app", "stages": {"deploy": DEPLOYED}}
DEEPEST = 20


@pytest.fixture
def site() -> Site:
    site = Site()
    site.done("PUT", NAMED, {"path": "wipe", "root_stage": "", "state": STATE})
    return site


def put(site: Site, state: object, *, path: str = "wipe", root_stage: str = "") -> tuple[int, list[str]]:
    answered = site.ask("PUT", NAMED, {"path": path, "root_stage": root_stage, "state": state})
    return answered.status, [error["path"] for error in answered.json.get("errors", [])]


def below(name: str, inner: dict[str, Any], stage: str = "deploy") -> dict[str, Any]:
    return {"stages": {stage: {"deployments": {name: inner}}}}


def a_tree(deployments: int) -> dict[str, Any]:
    """A root `wipe` with one deployment nested in another, as many as told."""
    tree: dict[str, Any] = {"stages": {"deploy": {"version": "9"}}}
    for number in range(deployments - 1, 0, -1):
        tree = below(f"n{number}", {"name": f"n{number}", **tree})
    return {"name": "wipe", **tree}


@pytest.mark.parametrize("file", ["put-empty", "put-no-state", "put-terraform", "put-what-get-gave"])
def test_a_body_without_a_state_changes_nothing(site: Site, file: str) -> None:
    assert site.refused("PUT", NAMED, (BODIES / f"{file}.json").read_bytes()) == (400, ["state"])
    assert site.get(NAMED) == STATE


@pytest.mark.parametrize("state", [None, [], "x", 1, True, {}, {"name": ""}, {"release": "demo/app"}, {"NAME": ""}])
def test_a_state_that_is_none_changes_nothing(site: Site, state: object) -> None:
    assert put(site, state) == (400, ["state"])
    assert put(site, state, path="wipe:child", root_stage="deploy") == (400, ["state"])
    assert site.get(NAMED) == STATE


def test_a_state_of_another_name_changes_nothing(site: Site) -> None:
    assert put(site, {**STATE, "name": "child"}) == (400, ["state.name"])
    assert put(site, STATE, path="wipe:child", root_stage="deploy") == (400, ["state.name"])
    assert site.get(NAMED) == STATE


@pytest.mark.parametrize("stages", [{}, {"stages": None}, {"stages": {}}, {"stages": {"deploy": None}}])
def test_a_state_without_stages_takes_none_away(site: Site, stages: dict[str, Any]) -> None:
    child = {"name": "db", "stages": {"deploy": {"version": "1"}}}
    assert put(site, child, path="wipe:db", root_stage="deploy")[0] == 200
    before = site.get(NAMED)
    assert put(site, {"name": "wipe", **stages}) == (400, ["state.stages"])
    assert put(site, {"name": "db", **stages}, path="wipe:db", root_stage="deploy") == (400, ["state.stages"])
    nested = {"name": "wipe", **below("db", {"name": "db", **stages})}
    assert put(site, nested) == (400, ["state.stages.deploy.deployments.db.stages"])
    assert site.get(NAMED) == before


def test_an_empty_stage_takes_nothing_away(site: Site) -> None:
    empty: tuple[dict[str, object], ...] = ({}, {"version": ""}, {"inputs": {}}, {"resources": [1]})
    for said in empty:
        assert put(site, {"name": "wipe", "stages": {"deploy": said}}) == (400, ["state.stages.deploy"])
    assert site.get(NAMED) == STATE
    assert put(site, {**STATE, "stages": {**STATE["stages"], "build": {}}})[0] == 200
    emptied = {"name": "wipe", "stages": {"deploy": {"status": {"status": "empty"}}}}
    assert put(site, emptied)[0] == 200
    assert site.get(NAMED) == emptied


@pytest.mark.parametrize("left_out", [{}, {"deploy": None}])
def test_a_stage_that_is_left_out_beside_others_stays(site: Site, left_out: dict[str, Any]) -> None:
    built = {"version": "2.0", "status": {"status": "ok"}}
    assert put(site, {"name": "wipe", "stages": {"build": built, **left_out}})[0] == 200
    assert site.get(NAMED)["stages"] == {"deploy": DEPLOYED, "build": built}
    child = {"name": "db", "stages": {"build": built, "deploy": DEPLOYED}}
    put(site, child, path="wipe:db", root_stage="deploy")
    newer = {"name": "db", "stages": {"deploy": {"version": "3.0"}}}
    put(site, {"name": "wipe", "stages": {"deploy": {**DEPLOYED, "deployments": {"db": newer}}}})
    kept = site.get(NAMED)["stages"]
    assert kept["build"] == built
    assert kept["deploy"]["deployments"]["db"]["stages"] == {"build": built, "deploy": {"version": "3.0"}}


def test_a_state_without_stages_is_taken_where_none_are(site: Site) -> None:
    assert put(site, {"name": "db"}, path="wipe:db", root_stage="deploy")[0] == 200
    assert put(site, {"name": "db", "release": "demo/db"}, path="wipe:db", root_stage="deploy")[0] == 200


def test_keys_are_taken_in_any_case_as_go_takes_them(site: Site) -> None:
    assert site.ask("PUT", NAMED, (BODIES / "put-state-in-capitals.json").read_bytes()).status == 200
    body = {"PATH": "wipe", "\u017ftate": {"Name": "wipe", "STAGES": {"deploy": {"Ver\u017fion": "2.0"}}}}
    site.done("PUT", NAMED, body)
    assert site.get(NAMED) == {"name": "wipe", "stages": {"deploy": {"version": "2.0"}}}


def test_a_key_in_two_cases_is_refused(site: Site) -> None:
    status, _ = site.refused("PUT", NAMED, {"path": "wipe", "state": STATE, "State": {}})
    assert (status, site.get(NAMED)) == (400, STATE)


def test_what_is_not_known_comes_back_as_sent(site: Site) -> None:
    more = {"unknown": {"deep": [1, {}, None]}, "Other": "", "count": 0}
    status = {"status": "ok", "data": {"step": [1]}, **more}
    state = {"name": "wipe", **more, "stages": {"deploy": {"version": "1.0", "status": status, **more}}}
    assert put(site, state)[0] == 200
    assert site.get(NAMED) == state
    assert site.get(f"{STAGING}/?full=true")["deployments"]["wipe"] == state


def test_readers_do_not_see_what_is_not_known(site: Site) -> None:
    site.done("PUT", NAMED, {"path": "wipe", "state": {**STATE, "raw": "password=x"}})
    assert site.get(NAMED, by="bob") == STATE


def test_a_child_is_named_as_its_key(site: Site) -> None:
    body = json.loads((BODIES / "put-child-name-differs.json").read_bytes())
    sub = f"{STAGING}/deployments/?deployment=sub"
    assert site.refused("PUT", sub, body) == (400, ["state.stages.deploy.deployments.x.name"])


@pytest.mark.parametrize("name", ["a:b", "", "9x", "a b", "x" * 201])
def test_a_child_that_no_path_can_name_is_refused(site: Site, name: str) -> None:
    status, paths = put(site, {"name": "wipe", **below(name, {"name": name})})
    assert (status, paths) == (400, [f"state.stages.deploy.deployments.{name}"])


def test_what_is_nested_deeper_than_a_path_may_be_is_refused(site: Site) -> None:
    assert put(site, a_tree(DEEPEST))[0] == 200
    names = ["wipe", *(f"n{number}" for number in range(1, DEEPEST))]
    last = {"name": names[-1], "stages": {"deploy": {"version": "10"}}}
    assert put(site, last, path=":".join(names), root_stage="deploy")[0] == 200
    status, (place,) = put(site, a_tree(DEEPEST + 1))
    assert (status, place.endswith(".n19.stages.deploy.deployments")) == (400, True)
    last |= below("one-more", {"name": "one-more"})
    assert put(site, last, path=":".join(names), root_stage="deploy")[0] == 400


def test_below_the_root_only_the_stage_deploy_has_deployments(site: Site) -> None:
    grandchild = below("b", {"name": "b"}, "build")
    nested = {"name": "wipe", **below("a", {"name": "a", **grandchild}, "build")}
    assert put(site, nested) == (400, ["state.stages.build.deployments.a.stages.build.deployments"])


def test_an_import_refuses_what_no_path_can_name(site: Site) -> None:
    deployments = {"app": {"name": "app", **below("x", {"name": "y"})}, "deep": {**a_tree(DEEPEST + 1), "name": "deep"}}
    body = {"environments": {"qa": {"deployments": deployments}}}
    status, paths = site.refused("POST", f"{WEB}/import-environments", body)
    assert status == 400
    assert paths[0] == "environments.qa.deployments.app.stages.deploy.deployments.x.name"
    assert paths[1].endswith("n19.stages.deploy.deployments")


@pytest.mark.parametrize(
    "at",
    [
        "2026-11-20T10:00:00.028045618Z",
        "2026-11-20T10:00:00.100000000Z",
        "2026-11-20T10:00:00+02:00",
        "2026-11-20t10:00:00.5z",
        "2026-11-20T10:00:00.0280456189999Z",
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+02:00",
        "9999-12-31T23:59:59.999999999-02:00",
    ],
)
def test_instants_come_back_letter_by_letter(site: Site, at: str) -> None:
    status = {"status": "ok", "updated_at": at, "try_again_at": at}
    child = {"name": "db", "stages": {"deploy": {"status": status}}}
    state = {"name": "wipe", "stages": {"deploy": {"status": status, "deployments": {"db": child}}}}
    assert put(site, state)[0] == 200
    assert site.get(NAMED) == state
    assert site.get(f"{STAGING}/")["deployments"]["wipe"]["stages"]["deploy"]["status"] == status


def test_nanoseconds_of_the_real_client_are_kept(site: Site) -> None:
    body = json.loads((BODIES / "put-with-nanoseconds.json").read_bytes())
    named = f"{STAGING}/deployments/?deployment=app"
    site.done("PUT", named, body)
    assert site.get(named)["stages"]["deploy"]["status"]["updated_at"] == "2026-11-20T10:00:00.028045618Z"


@pytest.mark.parametrize("at", ["yesterday", "2026-11-20T10:00:00", 1763632800, "2026-11-20T10:00:60Z"])
def test_what_is_no_instant_is_refused(site: Site, at: object) -> None:
    state = {"name": "wipe", "stages": {"deploy": {"status": {"status": "ok", "updated_at": at}}}}
    assert put(site, state) == (400, ["state.stages.deploy.status.updated_at"])


def test_a_byte_order_mark_is_skipped(site: Site) -> None:
    body = json.dumps({"path": "wipe", "state": {**STATE, "release": "demo/other"}}).encode()
    site.done("PUT", NAMED, BOM_UTF8 + body)
    assert site.get(NAMED)["release"] == "demo/other"
    site.done("PUT", f"{STAGING}/", BOM_UTF8 + b'{"description": "marked"}')
    site.done("POST", f"{WEB}/import-environments", BOM_UTF8 + b'{"environments": {"qa": {}}}')
    site.done("POST", f"{STAGING}/builds/", BOM_UTF8 + b'{"name": "app", "repo": "https://x/y.git"}')
    site.done("POST", f"{STAGING}/builds/by-name/app/trigger-build", BOM_UTF8)


@pytest.mark.parametrize(
    ("at", "status", "said"),
    [
        ("2026-11-29T23:25:18+02:00", 400, "%2B"),
        ("2026-11-29T23:25:18%2B02:00", 404, ""),
        ("2026-11-29t21:25:18z", 404, ""),
        ("2026-11-29T21:25:18.123456789Z", 404, ""),
        ("2026-11-29T21:25:18-00:00", 404, ""),
        ("2016-12-31T23:59:60Z", 404, ""),
        ("2017-01-01T01:59:60.5%2B02:00", 404, ""),
        ("2016-12-30T23:59:60Z", 400, "leap second"),
        ("9999-12-31T23:59:60Z", 400, "calendars"),
        ("2026-11-29T21:25:18", 400, "offset"),
        ("0001-01-01T00:00:00%2B02:00", 400, "calendars"),
        ("yesterday", 400, "2026-01-31T12:00:00Z"),
    ],
)
def test_an_instant_is_all_that_rfc_3339_says(site: Site, at: str, status: int, said: str) -> None:
    for target in (f"{NAMED}&at={at}", f"{STAGING}/?at={at}"):
        answered = site.ask("GET", target)
        assert (answered.status in (status, 200 if status == 404 else status), said in answered.text) == (True, True)
