"""Runs that 0.1 began go on to their end, and those that it ended can be retried and replayed."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.upgrade.place import Place

RUNS = "/api/v1/runs"
PIPELINES = "/api/v1/pipelines/by-project/web/by-name"
MOST_ROUNDS = 8


def decide(place: Place, run: str, decision: str, *, by: str = "olga", node: str = "") -> None:
    place.done("POST", f"{RUNS}/{run}/decisions", {"decision": decision, "node": node}, by=by)
    place.deliver()


def act(place: Place, run: str, what: str, **more: object) -> None:
    place.done("POST", f"{RUNS}/{run}/acts", {"act": what, **more}, by="olga")
    place.deliver()


def finish(place: Place, lease: Mapping[str, Any], outcome: str = "succeeded", **more: object) -> None:
    """The runner that holds a job ends it. lease: with the job's id, its token and its number."""
    held = {"token": lease["token"], "number": lease["number"]}
    body = {**held, "nonce": f"nonce-of-a-later-end-of-{lease['job']}", "outcome": outcome, **more}
    place.done("POST", f"/api/v1/jobs/{lease['job']}/finish", body, by="runner")
    place.deliver()


def lease(place: Place, pool: str = "default") -> dict[str, dict[str, Any]]:
    """What waits in a pool, in a runner's hands: leases by run."""
    asked = {"pool": pool, "runner": "r1", "slots": 20, "nonce": f"nonce-{place.world.identifier()}"}
    leases = place.done("POST", "/api/v1/jobs/lease", asked, by="root")["leases"]
    return {one["job"]["run"]: {**one, "job": one["job"]["id"], "of": one["job"]} for one in leases}


def test_the_code_of_a_waiting_gate_opens_it(awake: Place, held: Mapping[str, Any]) -> None:
    run = held["waiting"]["person"]
    seen = awake.done("GET", f"{PIPELINES}/gated/executions/{run}/", by="walt")
    code = seen["pipeline"]["phases"][0]["gates"][0]["confirmation_code"]

    awake.done("POST", f"{PIPELINES}/gated/executions/{run}/confirmation/{code}/approve", by="walt")

    assert awake.phase(run) == "succeeded"


def test_a_scheduled_gate_opens_when_its_time_has_come(awake: Place, held: Mapping[str, Any]) -> None:
    run = held["waiting"]["time"]
    awake.pass_time(240)
    before = awake.phase(run)
    awake.pass_time(60)

    assert (before, awake.phase(run)) == ("running", "succeeded")


def test_a_run_that_waits_to_be_promoted_is_promoted(awake: Place, held: Mapping[str, Any]) -> None:
    run = held["waiting"]["promotion"]
    act(awake, run, "promote", stage="two")

    assert awake.phase(run) == "succeeded"


@pytest.mark.parametrize(("name", "hours"), [("promotion at an instant", 2), ("told promoted", 1)])
def test_a_promotion_takes_effect_at_its_instant(awake: Place, held: Mapping[str, Any], name: str, hours: int) -> None:
    run = held["waiting"][name]
    awake.pass_time(hours * 3600 - 60)
    before = awake.phase(run)
    awake.pass_time(61)

    assert (before, awake.phase(run)) == ("running", "succeeded")


@pytest.mark.parametrize("name", ["build", "deploy"])
def test_a_leased_job_is_ended_by_who_holds_it(awake: Place, held: Mapping[str, Any], name: str) -> None:
    finish(awake, held["leases"][name])

    assert awake.phase(held["waiting"][name]) == "succeeded"


def test_a_deploy_changes_the_deployment_and_its_history(awake: Place, held: Mapping[str, Any]) -> None:
    finish(awake, held["leases"]["deploy"], outputs={"url": "https://new.example.org"})

    named = "/api/v1/state/web/environments/staging/deployments/"
    state = awake.done("GET", f"{named}?deployment=demo%2Fapp", by="rita")
    history = awake.done("GET", f"{named}history?deployment=demo%2Fapp", by="rita")
    assert state["stages"]["deploy"]["version"] == "1.1"
    assert held["waiting"]["deploy"] in str(history[0])
    assert held["ended"]["deploy"] in str(history)


def test_a_lock_goes_to_its_waiter(awake: Place, held: Mapping[str, Any]) -> None:
    waiter = held["waiting"]["awaiting the lock"]
    before = waiter in lease(awake)
    finish(awake, held["leases"]["holder"])

    leases = lease(awake)
    finish(awake, leases[waiter])

    assert not before
    assert awake.phase(waiter) == "succeeded"


def test_a_parent_hears_of_its_childs_end(awake: Place, held: Mapping[str, Any]) -> None:
    finish(awake, held["leases"]["child"])

    assert awake.phase(held["waiting"]["child"]) == "succeeded"
    assert awake.phase(held["waiting"]["parent"]) == "succeeded"


def test_a_run_that_stops_ends_with_its_job(awake: Place, held: Mapping[str, Any]) -> None:
    job = held["leases"]["stopping"]
    told = awake.done(
        "POST", f"/api/v1/jobs/{job['job']}/heartbeat", {name: job[name] for name in ("token", "number")}, by="runner"
    )
    finish(awake, job, "cancelled")

    assert told["cancel"]
    assert awake.phase(held["waiting"]["stopping"]) == "cancelled"


def test_a_job_whose_runner_is_lost_is_broken(awake: Place, held: Mapping[str, Any]) -> None:
    awake.pass_time(60)

    assert awake.phase(held["waiting"]["build"]) == "broken"


@pytest.mark.parametrize("name", ["handed back", "nobody's"])
def test_a_job_that_waits_is_leased(awake: Place, held: Mapping[str, Any], name: str) -> None:
    run = held["waiting"][name]
    found = lease(awake)[run]
    finish(awake, found)

    about = {"kind": "script", "project": "web", "environment": "staging", "name": "script", "started_by": "walt"}
    assert about.items() <= found["of"].items()
    assert found["of"]["ask"]["script"] == "echo hello"
    assert awake.phase(run) == "succeeded"


def test_a_step_is_tried_again_after_its_pause(awake: Place, held: Mapping[str, Any]) -> None:
    run = held["waiting"]["retrying"]
    before = run in lease(awake)
    awake.pass_time(601)

    finish(awake, lease(awake)[run])

    assert not before
    assert awake.phase(run) == "succeeded"


def test_what_waits_for_a_hand_is_done_by_it(awake: Place, held: Mapping[str, Any]) -> None:
    run = held["waiting"]["manual"]
    decide(awake, run, "approve")
    finish(awake, lease(awake, "tasks")[run])

    assert awake.phase(run) == "succeeded"


def test_a_run_of_a_train_passes_its_gates(awake: Place, held: Mapping[str, Any]) -> None:
    run = held["waiting"]["train of old"]
    decide(awake, run, "approve", by="root")

    assert awake.phase(run) == "succeeded"


def test_a_run_with_every_kind_of_step_goes_to_its_end(awake: Place, held: Mapping[str, Any]) -> None:
    run = held["waiting"]["everything"]
    decide(awake, run, "approve", by="wanda")
    decide(awake, run, "override", node="ticket")
    decide(awake, run, "override", node="when")
    decide(awake, run, "approve", node="sure")
    for _ in range(MOST_ROUNDS):
        awake.pass_time(60)
        for one in (*lease(awake).values(), *lease(awake, "gpu").values()):
            finish(awake, one, **({"release": "demo/app-v1.1"} if one["of"]["kind"] == "build" else {}))
    for passed, name in ((9, "unit"), (1, "more")):
        awake.done("POST", f"{RUNS}/{run}/tests", {"stage": "all steps", "name": name, "passed": passed, "failed": 0})
    act(awake, run, "promote", stage="tested")

    assert awake.phase(run) == "succeeded"


def test_a_failed_run_goes_on_by_retry(awake: Place, held: Mapping[str, Any]) -> None:
    run = held["ended"]["failed"]
    act(awake, run, "retry")
    finish(awake, lease(awake)[run])

    assert awake.phase(run) == "succeeded"


@pytest.mark.parametrize("name", ["failed", "rejected", "deploy"])
def test_an_ended_stage_is_replayed(awake: Place, held: Mapping[str, Any], name: str) -> None:
    run = held["ended"][name]
    before = awake.done("GET", f"{RUNS}/{run}")["stages"]
    act(awake, run, "replay")

    after = awake.done("GET", f"{RUNS}/{run}")["stages"]

    assert [stage["number"] for stage in after] == [*(stage["number"] for stage in before), len(before) + 1]
    assert after[: len(before)] == before
    assert after[-1]["attempt"] == len(before) + 1


@pytest.mark.parametrize("name", ["approved", "long"])
def test_a_run_that_went_well_stays_as_it_ended(awake: Place, held: Mapping[str, Any], name: str) -> None:
    place = f"{RUNS}/{held['ended'][name]}"
    before = awake.done("GET", place)

    assert awake.ask("POST", f"{place}/acts", {"act": "replay"}, by="olga").status == 409
    assert awake.done("GET", place) == before


def test_numbers_of_runs_go_on(awake: Place) -> None:
    latest = awake.done("GET", f"{PIPELINES}/noop/executions/", by="rita")[0]["run_nr"]
    run = awake.done("POST", f"{PIPELINES}/noop/trigger", by="walt")["id"]

    assert awake.done("GET", f"{RUNS}/{run}")["run_nr"] == latest + 1


@pytest.mark.parametrize("hook", ["build hook", "pipeline hook"])
def test_webhooks_begin_runs(awake: Place, held: Mapping[str, Any], hook: str) -> None:
    heard = awake.ask("POST", held[hook], {"branch": "trunk", "commit": "abc1234"})

    assert heard.status == 200, heard.text
    assert awake.phase(heard.json["id"]) in ("running", "succeeded")
