"""What lay in the queues of 0.1, and what a process of 0.1 committed and died of, is done by today's functions."""

import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from tests.upgrade.conftest import Listener
from tests.upgrade.place import Place

LONGEST_DELAY = 900
TOLD = {
    "told approved": "succeeded",
    "told rejected": "rejected",
    "told overridden": "succeeded",
    "told cancelled": "cancelled",
    "told aborted": "cancelled",
    "told promoted": "running",
    "told replayed": "succeeded",
    "told retried": "running",
    "told of its ticket": "succeeded",
    "calling": "succeeded",
    "person": "running",
}
ACTS = {
    "told approved": "approved",
    "told rejected": "rejected",
    "told overridden": "overrode",
    "told cancelled": "cancelled",
    "told aborted": "aborted",
    "told promoted": "promoted",
    "told retried": "retried",
    "told of its ticket": "approved",
    "told another plan": "replaced-plan",
}


def test_every_message_is_worked_off(place: Place) -> None:
    written = {letter.id for letter in place.mail.letters}
    place.deliver()
    place.pass_time(LONGEST_DELAY)

    failed = [letter.body for letter in place.mail.letters if letter.id in written]
    assert len(written) > 30
    assert failed == []


def test_what_was_told_to_runs_is_heard(awake: Place, held: Mapping[str, Any]) -> None:
    runs = held["waiting"]
    assert {name: awake.phase(runs[name]) for name in TOLD} == TOLD
    assert {name: awake.done("GET", f"/api/v1/runs/{runs[name]}")["acts"][-1]["act"] for name in ACTS} == ACTS


def test_a_run_goes_on_by_the_plan_that_it_was_told(awake: Place, held: Mapping[str, Any]) -> None:
    run = held["waiting"]["told another plan"]
    awake.done("POST", f"/api/v1/runs/{run}/decisions", {"decision": "approve"}, by="olga")

    seen = awake.done("GET", f"/api/v1/runs/{run}")

    assert seen["phase"] == "succeeded"
    assert [stage["name"] for stage in seen["stages"]] == ["go", "added"]


def test_a_run_that_was_made_and_not_begun_begins(place: Place) -> None:
    executions = "/api/v1/pipelines/by-project/web/by-name/after-build/executions/"
    before = place.done("GET", executions, by="rita")[0]
    place.deliver()

    after = place.done("GET", executions, by="rita")[0]

    assert (before["status"], after["status"]) == ("new", "ok")
    assert before["id"] == after["id"]


def test_hooks_are_called_and_signed(place: Place, held: Mapping[str, Any], listener: Listener) -> None:
    place.deliver()
    place.pass_time(40)

    calls = {(one.path, json.loads(one.body).get("version")): one for one in listener.heard}
    assert {path for path, _ in calls} >= {"/step", "/events", "/build", "/slack"}
    assert ("/events", "v2.2") in calls
    assert ("/events", "v1.1") in calls
    for path, secret in held["hook secrets"].items():
        call = calls[path, "v2.2"]
        content = f"{call.headers['webhook-id']}.{call.headers['webhook-timestamp']}.".encode() + call.body
        digest = b64encode(hmac.new(b64decode(secret), content, sha256).digest()).decode()
        assert call.headers["webhook-signature"] == f"v1,{digest}"


def test_a_viewer_is_shown_what_its_log_has(place: Place) -> None:
    place.live.open.add("connection-1")
    place.deliver()

    assert "under way" in "".join(place.live.heard["connection-1"])


def test_what_was_committed_and_not_performed_is_performed(place: Place, held: Mapping[str, Any]) -> None:
    runs = held["waiting"]
    before = place.phase(runs["passing"]), place.phase(runs["awaiting its turn"])
    place.pass_time(0)
    place.pass_time(60)
    place.pass_time(60)

    after = {name: place.phase(runs[name]) for name in ("passing", "train", "owes an act", "awaiting its turn")}

    assert before == ("running", "waiting-lock")
    assert after == {
        "passing": "succeeded",
        "train": "superseded",
        "owes an act": "succeeded",
        "awaiting its turn": "running",
    }
    entries = place.done("GET", "/api/v1/audit?project=web&page_size=200", by="olga")["items"]
    assert ("approved", runs["owes an act"]) in {(one["act"], one["details"].get("run")) for one in entries}
