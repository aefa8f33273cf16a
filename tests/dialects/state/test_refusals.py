"""What the State Service refuses, and how it says so."""

import pytest

from tests.dialects.state.site import Site
from tests.dialects.state.walk import BUILD, JOBS, PIPELINE, PIPELINES, STAGING, STATE, WEB

ADD_JOB = f"{JOBS}/by-project/web/add"
ADD_PIPELINE = f"{PIPELINES}/by-project/web/add"


@pytest.fixture
def site() -> Site:
    return Site()


def a_phase(*steps: object, **more: object) -> dict[str, object]:
    return {"environment": "staging", "steps": list(steps), **more}


def test_every_defect_of_a_pipeline_is_told_at_once_and_nothing_is_stored(site: Site) -> None:
    gates = [{"type": "schedule", "cron": "never"}, {"type": "test", "phase": "nowhere"}]
    steps = [
        {"name": "a", "type": "build", "build": "missing", "needs": ["b"]},
        {"name": "b", "type": "noop", "needs": ["a", "x"]},
        {"type": "deploy"},
    ]
    body = {"name": "no/slash", "phases": [a_phase(*steps, gates=gates), a_phase(environment="mars")]}

    status, places = site.refused("POST", ADD_PIPELINE, body)

    assert status == 400
    assert set(places) == {
        "name",
        "phases[0].gates[0].cron",
        "phases[0].gates[1].phase",
        "phases[0].steps[0].build",
        "phases[0].steps[1].needs[1]",
        "phases[0].steps[2].deployment",
        "phases[1].environment",
        "phases[1].steps",
    }
    assert site.get(f"{PIPELINES}/by-project/web/") == {}


def test_a_build_is_done_as_the_service_account_that_it_names_or_else_its_pipeline(site: Site) -> None:
    site.done("POST", f"{STAGING}/builds/", {"name": "app", "repo": "https://x/y.git", "service_account_name": "one"})
    site.done("POST", f"{STAGING}/builds/", {"name": "other", "repo": "https://x/y.git"})
    steps = [{"type": "build", "build": name} for name in ("app", "other")]
    site.done("POST", ADD_PIPELINE, {"name": "release", "phases": [a_phase(*steps)], "service_account_name": "two"})

    site.done("POST", f"{PIPELINE}/trigger")
    site.house.work_off()

    asks = {leased.job.name: leased.job.ask for leased in site.house.lease(slots=2)}
    assert {name: ask["service_account"] for name, ask in asks.items()} == {"app": "one", "other": "two"}


def test_needs_that_go_in_a_circle_are_named(site: Site) -> None:
    steps = [{"name": "a", "type": "noop", "needs": ["b"]}, {"name": "b", "type": "noop", "needs": ["a"]}]

    answered = site.ask("POST", ADD_PIPELINE, {"name": "release", "phases": [a_phase(*steps)]})

    said = {"path": "phases[0].steps[0].needs", "message": "steps wait for one another: a -> b -> a"}
    assert (answered.status, answered.json["errors"]) == (400, [said])


def test_more_than_a_thousand_steps_are_refused(site: Site) -> None:
    steps = [{"type": "noop"}] * 1001
    assert site.refused("POST", ADD_PIPELINE, {"name": "release", "phases": [a_phase(*steps)]})[0] == 400


def test_a_pipeline_that_starts_itself_for_ever_is_refused(site: Site) -> None:
    site.done("POST", ADD_PIPELINE, {"name": "one", "phases": [a_phase({"type": "noop"})]})
    site.done(
        "POST", ADD_PIPELINE, {"name": "two", "phases": [a_phase({"type": "pipeline-trigger", "pipeline": "one"})]}
    )
    body = {"phases": [a_phase({"type": "pipeline-trigger", "pipeline": "two"})]}

    answered = site.ask("PUT", f"{PIPELINES}/by-project/web/by-name/one/", body)

    (error,) = answered.json["errors"]
    assert error["path"] == "phases[0].steps[0].pipeline"
    assert error["message"] == "the pipeline starts itself for ever: one -> two -> one"


BUILD_PLACES = ["steps[0].plan_location", "repo"]
BUILDS = {"name": "make", "type": "build", "build": "app"}
DEPLOYS = {"name": "up", "type": "deploy", "deployment": "demo/app"}


@pytest.fixture
def chained(site: Site) -> Site:
    """A pipeline that a build begins and that deploys, and one that the deployment begins."""
    site.done("POST", f"{STAGING}/builds/", {"name": "app", "repo": "https://x/y.git"})
    site.done("POST", ADD_JOB, {"environment": "staging", "deployment": "demo/app", "release": "demo/app"})
    first = a_phase({**BUILDS, "trigger_pipeline_on_build": True}, DEPLOYS)
    second = a_phase({**DEPLOYS, "trigger_pipeline_on_deploy": True})
    for name, phase in (("first", first), ("second", second)):
        site.done("POST", ADD_PIPELINE, {"name": name, "phases": [phase]})
    return site


def test_a_pipeline_that_starts_itself_by_what_others_await_is_refused(chained: Site) -> None:
    body = {"phases": [a_phase({**DEPLOYS, "trigger_pipeline_on_deploy": True}, {"type": "noop"}, BUILDS)]}

    answered = chained.ask("PUT", f"{PIPELINES}/by-project/web/by-name/second/", body)

    said = "the pipeline starts itself for ever: second -> first -> second"
    assert answered.json["errors"] == [{"path": "phases[0].steps[2].build", "message": said}]
    kept = chained.get(f"{PIPELINES}/by-project/web/by-name/second/")
    assert [step["name"] for step in kept["phases"][0]["steps"]] == ["up"]


def test_every_step_by_which_a_pipeline_starts_itself_is_named(chained: Site) -> None:
    steps = ({"name": "go", "type": "pipeline-trigger", "pipeline": "second"}, BUILDS, DEPLOYS)
    chained.done("PUT", f"{PIPELINES}/by-project/web/by-name/second/", {"phases": [a_phase({"type": "noop"})]})
    chained.done(
        "POST",
        ADD_PIPELINE,
        {"name": "third", "phases": [a_phase({"type": "pipeline-trigger", "pipeline": "first"})]},
    )
    waits = a_phase({"type": "pipeline-trigger", "pipeline": "third"}, {**DEPLOYS, "trigger_pipeline_on_deploy": True})
    body = {"phases": [waits, a_phase(*steps)]}

    status, places = chained.refused("PUT", f"{PIPELINES}/by-project/web/by-name/second/", body)

    assert status == 400
    assert places == ["phases[0].steps[0].pipeline", "phases[1].steps[0].pipeline", "phases[1].steps[1].build"]


def test_pipelines_that_follow_one_another_are_taken(chained: Site) -> None:
    third = a_phase({**DEPLOYS, "trigger_pipeline_on_deploy": True}, {"type": "confirmation", "needs": ["up"]})

    assert chained.ask("POST", ADD_PIPELINE, {"name": "third", "phases": [third]}).status == 200


@pytest.mark.parametrize(
    ("target", "body", "places"),
    [
        (f"{WEB}/environments/", {"name": "Up"}, ["name"]),
        (f"{WEB}/environments/", {"name": "a/b"}, ["name"]),
        (f"{WEB}/environments/", {"nom": "qa"}, ["name", "nom"]),
        (f"{WEB}/environments/", {"name": 5}, ["name"]),
        (f"{WEB}/change-environment-order", {"order": ["staging", "mars"]}, ["order[1]", "order"]),
        (f"{WEB}/repositories/add-repository", {"name": "x/y"}, ["name", "url"]),
        (f"{WEB}/add-namespace", {"name": "UP", "project": "other"}, ["project", "name"]),
        (f"{STAGING}/builds/", {"name": "a/b", "steps": [{"ignore_file_changes": ["[z-a]"]}]}, None),
        (f"{STAGING}/builds/", {"name": "app", "repo": "nowhere", "steps": [{"plan_location": "/x"}]}, BUILD_PLACES),
        (ADD_JOB, {"environment": "staging", "deployment": "no no", "release": "x"}, ["deployment", "release"]),
        (ADD_JOB, {"deployment": "app", "release": "demo/app"}, ["environment"]),
        (ADD_PIPELINE, {"name": "pp", "phases": [{"steps": [{"type": "dance"}]}]}, ["phases[0].steps[0].type"]),
        (ADD_PIPELINE, {"name": "pp", "phases": []}, ["phases"]),
    ],
)
def test_bad_input_is_told_by_its_place(site: Site, target: str, body: object, places: list[str] | None) -> None:
    status, found = site.refused("POST", target, body)
    expected = places or ["name", "repo", "steps[0].ignore_file_changes[0]"]
    assert (status, found) == (400, expected)


def test_malformed_json_is_told_by_line_and_column(site: Site) -> None:
    answered = site.ask("POST", f"{WEB}/environments/", b'{"name": ')
    assert (answered.status, answered.json["message"]) == (400, "malformed JSON at line 1, column 10: expecting value")


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("GET", "/api/v1/state/nope/", 404),
        ("GET", f"{WEB}/environments/nope/", 404),
        ("GET", f"{WEB}/environments/nope/builds/", 404),
        ("GET", f"{BUILD}/executions/nope/", 404),
        ("POST", f"{BUILD}/trigger-build", 404),
        ("POST", f"{PIPELINE}/executions/nope/cancel", 404),
        ("GET", f"{STAGING}/deployments/", 400),
        ("GET", f"{STAGING}/deployments/?deployment=nope", 404),
        ("GET", f"{STAGING}/?at=yesterday", 400),
        ("GET", f"{STAGING}/?at=2026-01-01T00:00:00", 400),
        ("GET", f"{BUILD}/executions/?page_size=0", 400),
    ],
)
def test_what_is_not_there_or_makes_no_sense_is_refused(site: Site, method: str, target: str, status: int) -> None:
    assert site.refused(method, target, by="root")[0] == status


def test_what_may_not_be_read_and_what_is_not_there_answer_alike(site: Site) -> None:
    hidden = site.ask("GET", f"{WEB}/", by="sam")
    missing = site.ask("GET", "/api/v1/state/nope/", by="sam")
    assert (hidden.status, hidden.text.replace("web", "nope")) == (missing.status, missing.text)


def test_readers_change_nothing_and_strangers_see_nothing(site: Site) -> None:
    assert site.refused("POST", f"{WEB}/environments/", {"name": "qa"}, by="bob")[0] == 403
    assert site.refused("POST", f"{WEB}/environments/", {"name": "qa"}, by="")[0] == 401
    assert site.get("/api/v1/state/", by="sam") == {}
    assert site.get("/api/v1/builds/", by="sam") == {}


def test_what_exists_is_not_made_again(site: Site) -> None:
    assert site.refused("POST", f"{WEB}/environments/", {"name": "staging"})[0] == 409
    build = {"name": "app", "repo": "https://x/y.git"}
    site.done("POST", f"{STAGING}/builds/", build)
    assert site.refused("POST", f"{STAGING}/builds/", build)[0] == 409
    named = f"{STAGING}/deployments/?deployment=demo%2Fhand"
    site.done("POST", named, {"path": "demo/hand", "state": STATE})
    assert site.refused("POST", named, {"path": "demo/hand", "state": STATE})[0] == 409


def test_what_is_disabled_does_not_run(site: Site) -> None:
    site.done("POST", f"{STAGING}/builds/", {"name": "app", "repo": "https://x/y.git", "disabled": True})
    answered = site.ask("POST", f"{BUILD}/trigger-build")
    assert (answered.status, answered.json["message"]) == (409, "build app in web/staging is disabled")


def test_only_what_is_deployed_can_be_tested(site: Site) -> None:
    site.done("POST", ADD_JOB, {"environment": "staging", "deployment": "app", "release": "demo/app"})
    target = f"{JOBS}/by-project/web/by-environment/staging/by-name/app/trigger"
    assert site.refused("POST", f"{target}/smoke")[0] == 409
    assert site.refused("POST", f"{target}/errand", {})[1] == ["errand_name"]
    assert site.refused("POST", target, {"version": "9.9"})[0] == 404


def test_remote_state_keeps_more_than_it_knows(site: Site) -> None:
    named = f"{STAGING}/deployments/?deployment=demo%2Fhand"
    state = {**STATE, "unknown": {"deep": [1]}}
    site.done("PUT", named, {"path": "demo/hand", "root_stage": "", "state": state, "more": True})
    assert site.get(named) == state


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"path": "other", "state": {}}, "path"),
        ({"path": "demo/hand:child", "state": {}}, "root_stage"),
        ({"path": "demo/hand:child", "root_stage": "test", "state": {}}, "root_stage"),
        ({"path": "demo/hand::x", "root_stage": "deploy", "state": {}}, "path"),
        ({"path": "demo/hand", "state": {"stages": {"deploy": {"status": {"status": "fine"}}}}}, None),
    ],
)
def test_a_path_that_leads_nowhere_is_refused(site: Site, body: object, place: str | None) -> None:
    status, places = site.refused("PUT", f"{STAGING}/deployments/?deployment=demo%2Fhand", body)
    assert (status, places) == (400, [place or "state.stages.deploy.status.status"])


def test_secrets_are_taken_and_never_shown(site: Site) -> None:
    body = {"name": "app", "repo": "https://x/y.git", "private_key": "KEY-1", "escape_auth_token": "TOKEN-1"}
    made = site.ask("POST", f"{STAGING}/builds/", body)
    shown = site.ask("GET", f"{BUILD}/")
    assert not any(secret in answered.text for secret in ("KEY-1", "TOKEN-1") for answered in (made, shown))
    assert sorted(site.house.ports.secrets.kept.values()) == ["KEY-1", "TOKEN-1"]  # type: ignore[attr-defined]  # a fake


def test_a_private_key_changes_only_when_that_is_said(site: Site) -> None:
    site.done("POST", f"{STAGING}/builds/", {"name": "app", "repo": "https://x/y.git", "private_key": "old"})
    kept: dict[str, str] = site.house.ports.secrets.kept  # type: ignore[attr-defined]  # a fake
    site.done("PUT", f"{BUILD}/", {"repo": "https://x/y.git", "private_key": "ignored"})
    assert list(kept.values()) == ["old"]
    site.done("PUT", f"{BUILD}/", {"repo": "https://x/y.git", "private_key": "new", "update_private_key": True})
    assert list(kept.values()) == ["new"]


def test_a_repeated_ask_under_one_key_begins_one_run(site: Site) -> None:
    site.done("POST", f"{STAGING}/builds/", {"name": "app", "repo": "https://x/y.git"})
    first, second = (site.ask("POST", f"{BUILD}/trigger-build", Idempotency_Key="k1") for _ in range(2))
    assert first.json == second.json
    assert len(site.get(f"{BUILD}/executions/")) == 1
