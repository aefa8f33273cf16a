"""Approval gates by HTTP: who may decide, how many it takes, until when, with what notes, and by which code."""

from dataclasses import dataclass

import pytest

from tests.walks.api import Answer, Ask, Json, node, told
from tests.walks.site import Site

PROJECT = "gates"
HTML = "text/html,application/xhtml+xml,*/*;q=0.8"
WRITER = f"project:{PROJECT}:global:write"
READER = f"project:{PROJECT}:global:read"


@dataclass(frozen=True, kw_only=True)
class People:
    """Their tokens."""

    site: Site
    ann: str
    bob: str
    rita: str


@pytest.fixture(scope="module")
def people(site: Site) -> People:
    """Two who may write in the project, and one who may read."""
    site.project(PROJECT)
    ann, bob, rita = site.user("ann", WRITER), site.user("bob", WRITER), site.user("rita", READER)
    return People(site=site, ann=ann, bob=bob, rita=rita)


def at_gate(people: People, name: str, **gate: object) -> str:
    """A new run, started by ann, that waits at an approval of this kind."""
    steps = [{"name": "behind", "type": "noop"}]
    phase = {"name": "only", "gates": [{"name": "go", "type": "approval", **gate}], "steps": steps}
    people.site.pipeline(PROJECT, name, [phase])
    run_id = people.site.trigger(PROJECT, name, token=people.ann)
    people.site.until(run_id, lambda run: node(run, "go")["phase"] == "waiting-person")
    return run_id


def execution(name: str, run_id: str) -> str:
    return f"/api/v1/pipelines/by-project/{PROJECT}/by-name/{name}/executions/{run_id}"


def code_of(people: People, name: str, run_id: str, token: str | None = None) -> str | None:
    seen = people.site.get(f"{execution(name, run_id)}/", token)
    code: str | None = seen["pipeline"]["phases"][0]["gates"][0].get("confirmation_code")
    return code


def acts_of(people: People, run_id: str) -> list[Json]:
    entries: list[Json] = people.site.get(f"/api/v1/audit?project={PROJECT}")["items"]
    return [one for one in entries if one["details"].get("run") == run_id]


def test_whoever_started_a_run_may_not_approve_it_where_that_is_asked(people: People) -> None:
    run_id = at_gate(people, "foreign", no_self_approval=True)

    own = people.site.decide(run_id, "approve", people.ann)
    other = people.site.decide(run_id, "approve", people.bob)

    assert (own.status, other.status) == (403, 200)
    assert "ann began this run and may not approve go" in own.said
    assert people.site.ended(run_id)["phase"] == "succeeded"


def test_whoever_started_a_run_may_reject_it_all_the_same(people: People) -> None:
    run_id = at_gate(people, "own-no", no_self_approval=True)

    assert people.site.decide(run_id, "reject", people.ann, notes="not today").status == 200

    run = people.site.ended(run_id)
    assert (run["phase"], run["reason"]) == ("rejected", "gate go: rejected by ann: not today")
    assert node(run, "behind")["phase"] == "new"


def test_a_quorum_of_two_takes_two_persons(people: People) -> None:
    run_id = at_gate(people, "two", quorum=2)

    first = people.site.decide(run_id, "approve", people.ann)
    again = people.site.decide(run_id, "approve", people.ann)
    reader = people.site.decide(run_id, "approve", people.rita)
    assert (first.status, again.status, reader.status) == (200, 409, 403)
    assert node(people.site.run(run_id), "go")["phase"] == "waiting-person"

    assert people.site.decide(run_id, "approve", people.bob).status == 200
    run = people.site.ended(run_id)
    assert (run["phase"], node(run, "go")["reason"]) == ("succeeded", "approved by ann, bob")


def test_a_gate_for_one_user_is_for_nobody_else(people: People) -> None:
    run_id = at_gate(people, "for-bob", user="bob")

    refused = people.site.decide(run_id, "approve", people.ann)

    assert (refused.status, refused.json["message"]) == (403, "go is for user bob to decide")
    assert people.site.decide(run_id, "approve", people.bob).status == 200
    assert people.site.ended(run_id)["phase"] == "succeeded"


def test_a_gate_that_nobody_decides_about_expires(people: People) -> None:
    run_id = at_gate(people, "short", expires_after=1)

    run = people.site.ended(run_id)

    assert run["phase"] == "failed", told(run)
    assert node(run, "go")["reason"] == "no decision within 0:00:01"
    assert people.site.decide(run_id, "approve", people.bob).status == 409


def test_a_decision_stands_in_the_audit_log_with_its_notes(people: People) -> None:
    run_id = at_gate(people, "noted")

    people.site.decide(run_id, "approve", people.bob, notes="looked at staging")

    assert people.site.ended(run_id)["phase"] == "succeeded"
    entry, begun = acts_of(people, run_id)
    assert (entry["by"], entry["act"], entry["notes"]) == ("bob", "approved", "looked at staging")
    assert (begun["by"], begun["act"], begun["details"]["trigger"]) == ("ann", "began-run", "request")
    assert people.site.get("/api/v1/audit/verify")["broken"] is None


def test_a_get_of_the_code_approves_and_a_second_one_does_not(people: People) -> None:
    run_id = at_gate(people, "coded")
    code = code_of(people, "coded", run_id)
    path = f"{execution('coded', run_id)}/confirmation/{code}/approve?notes=by%20mail"

    done = people.site.asks(Ask(method="GET", path=path, token=people.bob))
    again = people.site.asks(Ask(method="GET", path=path, token=people.bob))

    assert (done.status, done.json, again.status) == (200, {}, 409)
    assert people.site.ended(run_id)["phase"] == "succeeded"
    assert acts_of(people, run_id)[0]["notes"] == "by mail"


def test_a_get_of_the_code_disapproves(people: People) -> None:
    run_id = at_gate(people, "refused")
    code = code_of(people, "refused", run_id)
    path = f"{execution('refused', run_id)}/confirmation/{code}/disapprove"

    assert people.site.asks(Ask(method="GET", path=path, token=people.bob)).status == 200

    assert people.site.ended(run_id)["phase"] == "rejected"


def test_a_code_is_shown_to_those_alone_who_may_decide_and_others_cannot_use_it(people: People) -> None:
    run_id = at_gate(people, "hidden")
    code = code_of(people, "hidden", run_id, people.bob)

    def tried(held: str | None, token: str) -> int:
        path = f"{execution('hidden', run_id)}/confirmation/{held}/approve"
        return people.site.asks(Ask(method="GET", path=path, token=token)).status

    assert code_of(people, "hidden", run_id, people.rita) is None
    assert (tried(code, people.rita), tried(code, ""), tried("0" * 32, people.bob)) == (403, 401, 404)
    assert node(people.site.run(run_id), "go")["phase"] == "waiting-person"


def browsed(people: People, method: str, path: str) -> Answer:
    return people.site.asks(Ask(method=method, path=path, token=people.bob, headers={"Accept": HTML}))


@pytest.mark.parametrize(("verb", "phase"), [("approve", "succeeded"), ("disapprove", "rejected")])
def test_a_browser_gets_a_page_and_decides_nothing_before_a_click(people: People, verb: str, phase: str) -> None:
    name = f"browser-{verb}"
    run_id = at_gate(people, name)
    path = f"{execution(name, run_id)}/confirmation/{code_of(people, name, run_id)}/{verb}"

    page = browsed(people, "GET", path)
    before = node(people.site.run(run_id), "go")["phase"]
    click = browsed(people, "POST", path)

    assert (page.status, before) == (200, "waiting-person")
    assert page.headers["content-type"].startswith("text/html")
    assert '<form method="post">' in page.text
    assert (click.status, people.site.ended(run_id)["phase"]) == (200, phase)
    assert [one["by"] for one in acts_of(people, run_id)] == ["bob", "ann"]


def test_every_run_comes_out_as_it_did_when_it_is_folded_again(people: People) -> None:
    run_id = at_gate(people, "folded")
    people.site.decide(run_id, "approve", people.bob)
    people.site.ended(run_id)

    runs = people.site.get(f"/api/v1/runs?project={PROJECT}&page_size=100")["items"]
    refolded = [people.site.get(f"/api/v1/runs/{one['id']}/refold") for one in runs]

    assert [one for one in refolded if not one["same"]] == []
    assert run_id in {one["run"] for one in refolded if one["folds"] > 1}
