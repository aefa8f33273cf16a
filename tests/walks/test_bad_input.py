"""Bad input by HTTP: each a clear answer that names the place, all defects at once, and nothing is stored."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.walks.api import Ask, Json, script
from tests.walks.site import Site

PROJECT = "bad"
ADD = f"/api/v1/pipelines/by-project/{PROJECT}/add"
NOOP = {"name": "do", "type": "noop"}
OVERSIZE = 6 * 1024 * 1024 + 1


@pytest.fixture(scope="module")
def place(site: Site) -> Site:
    """The site, with a project that has one environment."""
    site.project(PROJECT, "staging")
    return site


@dataclass(frozen=True, kw_only=True)
class Bad:
    """What is sent, and the places and words of its refusal."""

    body: object = None
    raw: bytes | None = None
    paths: Sequence[str]
    words: Sequence[str] = ()
    status: int = 400


def pipeline(*steps: object, **phase: object) -> Json:
    return {"name": "wrong", "phases": [{"name": "only", "steps": list(steps) or [NOOP], **phase}]}


def gated(**gate: object) -> Json:
    return pipeline(gates=[gate])


def chained(*needs: tuple[str, str]) -> Json:
    return pipeline(*({"name": name, "type": "noop", "needs": [need]} for name, need in needs))


def deploying(**step: object) -> Json:
    return pipeline({"name": "up", "type": "deploy", **step})


PIPELINES = {
    "malformed": Bad(
        raw=b'{"name": "wrong",\n  "phases": [}', paths=[""], words=["malformed JSON at line 2, column 14"]
    ),
    "not utf-8": Bad(raw=b'{"name": "\xff"}', paths=[""], words=["byte 10 is not UTF-8"]),
    "a key twice": Bad(raw=b'{"name": "wrong", "name": "other"}', paths=[""], words=["name stands more than once"]),
    "no object": Bad(body=[], paths=[""]),
    "nothing": Bad(raw=b"", paths=[""]),
    "no number": Bad(raw=b'{"name": "wrong", "disabled": NaN}', paths=[""], words=["NaN is no JSON"]),
    "unknown fields": Bad(
        body={**pipeline({**NOOP, "sleep": 1}), "phase": []},
        paths=["phases[0].steps[0].sleep", "phase"],
        words=["is not a known field"],
    ),
    "wrong types": Bad(
        body={"name": 7, "disabled": "no", "phases": [{"steps": [{"type": "noop", "attempts": "2"}], "exclusive": 1}]},
        paths=["name", "disabled", "phases[0].steps[0].attempts", "phases[0].exclusive"],
    ),
    "unknown words": Bad(
        body={**pipeline({"name": "a", "type": "dance"}, promotion="sometimes"), "concurrency": "often"},
        paths=["phases[0].steps[0].type", "phases[0].promotion", "concurrency"],
    ),
    "a cycle": Bad(
        body=chained(("a", "c"), ("b", "a"), ("c", "b")),
        paths=["phases[0].steps[0].needs"],
        words=["steps wait for one another: a -> c -> b -> a"],
    ),
    "a need of itself": Bad(
        body=chained(("a", "a")), paths=["phases[0].steps[0].needs"], words=["steps wait for one another: a"]
    ),
    "an unknown need": Bad(
        body=chained(("a", "b")), paths=["phases[0].steps[0].needs[0]"], words=["no step 'b' in this phase"]
    ),
    "an unknown build": Bad(
        body=pipeline({"name": "a", "type": "build", "build": "none", "environment": "staging"}),
        paths=["phases[0].steps[0].build"],
        words=["none"],
    ),
    "an unknown deployment": Bad(
        body=deploying(deployment="none", environment="staging"),
        paths=["phases[0].steps[0].deployment"],
        words=["none"],
    ),
    "an unknown pipeline": Bad(
        body=pipeline({"name": "a", "type": "pipeline-trigger", "pipeline": "none"}),
        paths=["phases[0].steps[0].pipeline"],
        words=["none"],
    ),
    "an unknown environment": Bad(
        body=pipeline(environment="moon"), paths=["phases[0].environment"], words=["no environment moon in project bad"]
    ),
    "a pipeline that starts itself": Bad(
        body=pipeline({"name": "a", "type": "pipeline-trigger", "pipeline": "wrong"}),
        paths=["phases[0].steps[0].pipeline"],
        words=["starts itself for ever: wrong -> wrong"],
    ),
    "over 1000 nodes": Bad(
        body=pipeline(*({"name": f"s{number}", "type": "noop"} for number in range(1001))),
        paths=[""],
        words=["the plan has 1001 gates and steps, more than 1000"],
    ),
    "more than a run's item holds": Bad(
        body=pipeline(*(script(f"s{number}", "x" * 90_000) for number in range(4))),
        paths=[""],
        words=["bytes, more than 300000"],
    ),
    "a slash in its name": Bad(body={**pipeline(), "name": "a/b"}, paths=["name"], words=["invalid pipeline name"]),
    "a bad cron": Bad(body=gated(type="schedule", cron="0 0 25 * * ?"), paths=["phases[0].gates[0].cron"]),
    "a cron that never fires": Bad(
        body=gated(type="schedule", cron="0 0 0 31 2 ?"), paths=["phases[0].gates[0].cron"], words=["never fires"]
    ),
    "a bad precondition": Bad(
        body=pipeline({**NOOP, "precondition": "branch == "}), paths=["phases[0].steps[0].precondition"]
    ),
    "a precondition that calls": Bad(
        body=pipeline({**NOOP, "precondition": "__import__('os')"}), paths=["phases[0].steps[0].precondition"]
    ),
    "exclusive of nothing": Bad(
        body=pipeline(exclusive=True), paths=["phases[0].exclusive"], words=["needs an environment"]
    ),
    "a bad time zone": Bad(body={**pipeline(), "timezone": "Moon/Crater"}, paths=["timezone"]),
    "everything at once": Bad(
        body={
            "name": "a/b",
            "timezone": "Moon/Crater",
            "phases": [
                {
                    "name": "one",
                    "environment": "moon",
                    "gates": [{"type": "schedule", "cron": "never"}, {"type": "approval", "quorum": 0}],
                    "steps": [
                        {"name": "a", "type": "noop", "needs": ["z"], "attempts": 0},
                        {"name": "b", "type": "wait"},
                        {"name": "c", "type": "deploy", "deployment": "none", "environment": "staging"},
                    ],
                },
                {"name": "two", "exclusive": True, "steps": []},
            ],
        },
        paths=[
            "name",
            "timezone",
            "phases[0].environment",
            "phases[0].gates[0].cron",
            "phases[0].gates[1].quorum",
            "phases[0].steps[0].needs[0]",
            "phases[0].steps[0].attempts",
            "phases[0].steps[1].seconds",
            "phases[0].steps[2].deployment",
            "phases[1].steps",
            "phases[1].exclusive",
        ],
    ),
}


@pytest.mark.parametrize("bad", PIPELINES.values(), ids=PIPELINES)
def test_a_bad_pipeline_is_refused_with_its_place_and_not_stored(place: Site, bad: Bad) -> None:
    answer = place.asks(Ask(method="POST", path=ADD, body=bad.body, raw=bad.raw))

    assert answer.status == bad.status, answer
    assert set(bad.paths) == set(answer.paths), answer
    assert [word for word in bad.words if word not in answer.said] == [], answer
    assert place.get(f"/api/v1/pipelines/by-project/{PROJECT}/") == {}
    gone = place.asks(Ask(method="GET", path=f"/api/v1/pipelines/by-project/{PROJECT}/by-name/wrong/"))
    assert gone.status == 404


def test_an_oversize_body_is_refused(place: Site) -> None:
    answer = place.asks(Ask(method="POST", path=ADD, raw=b'"' + b"x" * OVERSIZE + b'"'))

    assert answer.status == 413
    assert place.get(f"/api/v1/pipelines/by-project/{PROJECT}/") == {}


@dataclass(frozen=True, kw_only=True)
class Named:
    """Something made with a slash in its name, and where it would be seen. lists: what is empty without it."""

    method: str = "POST"
    path: str
    body: object
    seen: str
    lists: str | None = None


STATE = f"/api/v1/state/{PROJECT}/environments"
SLASHES = {
    "project": Named(path="/api/v1/state/a%2Fb/add-project", body={}, seen="/api/v1/state/a%2Fb/"),
    "environment": Named(path=f"{STATE}/", body={"name": "a/b"}, seen=f"{STATE}/a%2Fb/"),
    "build": Named(
        path=f"{STATE}/staging/builds/",
        body={"name": "a/b", "repo": "origin", "steps": [{"plan_location": "escape.yml"}]},
        seen=f"{STATE}/staging/builds/by-name/a%2Fb/",
        lists=f"{STATE}/staging/builds/",
    ),
    "saved build": Named(
        method="PUT",
        path=f"{STATE}/staging/builds/by-name/a%2Fb/",
        body={"repo": "origin", "steps": [{"plan_location": "escape.yml"}]},
        seen=f"{STATE}/staging/builds/by-name/a%2Fb/",
        lists=f"{STATE}/staging/builds/",
    ),
    "saved pipeline": Named(
        method="PUT",
        path=f"/api/v1/pipelines/by-project/{PROJECT}/by-name/a%2Fb/",
        body={"phases": [{"steps": [NOOP]}]},
        seen=f"/api/v1/pipelines/by-project/{PROJECT}/by-name/a%2Fb/",
        lists=f"/api/v1/pipelines/by-project/{PROJECT}/",
    ),
}


@pytest.mark.parametrize("named", SLASHES.values(), ids=SLASHES)
def test_a_name_with_a_slash_is_refused_and_nothing_is_stored(place: Site, named: Named) -> None:
    answer = place.asks(Ask(method=named.method, path=named.path, body=named.body))

    # Saving what is not there is refused either way: by its name, or because nothing has it.
    assert answer.status in ({400} if named.method == "POST" else {400, 404}), answer
    assert named.method == "PUT" or "a/b" in answer.said
    assert place.asks(Ask(method="GET", path=named.seen)).status == 404
    assert named.lists is None or place.get(named.lists) == {}


def test_a_deployment_may_have_a_slash_in_its_name(place: Site) -> None:
    job = {"environment": "staging", "deployment": "a/b", "release": "demo/app", "version": "latest"}
    place.post(f"/api/v1/deployment-jobs/by-project/{PROJECT}/add", job)

    path = f"/api/v1/deployment-jobs/by-project/{PROJECT}/by-environment/staging"
    assert place.get(f"{path}/by-name/a%2Fb/")["deployment"] == "a/b"
    assert set(place.get(f"{path}/")) == {"a/b"}
    assert place.asks(Ask(method="GET", path=f"{path}/by-name/a/b/")).status == 404


def test_a_state_of_a_deployment_with_a_slash_is_found_by_its_name(place: Site) -> None:
    body = {"path": "a/b", "state": {"name": "a/b", "release": "demo/app", "stages": {}}}
    made = place.asks(Ask(method="POST", path=f"{STATE}/staging/deployments/?deployment=a%2Fb", body=body))

    seen = place.get(f"{STATE}/staging/deployments/?deployment=a%2Fb")
    assert (made.status, seen["name"]) == (200, "a/b")


def test_a_trigger_with_bad_inputs_starts_nothing(place: Site) -> None:
    place.project("inputs")
    place.pipeline("inputs", "good", [{"name": "only", "steps": [NOOP]}])
    path = "/api/v1/pipelines/by-project/inputs/by-name"

    wrong = place.asks(Ask(method="POST", path=f"{path}/good/trigger", body={"inputs": [1], "input": {}}))
    unknown = place.asks(Ask(method="POST", path=f"{path}/none/trigger", body={}))

    assert (wrong.status, set(wrong.paths)) == (400, {"inputs", "input"})
    assert unknown.status == 404
    assert place.get(f"{path}/good/executions/") == []


def test_a_precondition_that_breaks_when_it_is_asked_makes_its_step_broken(place: Site) -> None:
    place.project("broken")
    steps = [{**NOOP, "precondition": "size > 3"}]
    place.pipeline("broken", "sized", [{"name": "only", "steps": steps}])

    run = place.ended(place.trigger("broken", "sized"))

    assert run["phase"] == "broken"
    assert "its precondition is broken" in run["reason"]


@pytest.fixture(scope="module")
def hooked(place: Site, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """The address of a build's webhook without its token, and the token."""
    repository: Path = tmp_path_factory.mktemp("empty")
    place.project("hooks", "staging")
    place.post("/api/v1/state/hooks/repositories/add-repository", {"name": "origin", "url": str(repository)})
    build = {"name": "app", "repo": "origin", "branch": "main", "steps": [{"plan_location": "escape.yml"}]}
    made = place.post("/api/v1/state/hooks/environments/staging/builds/", build)
    return "/api/v1/state/hooks/environments/staging/builds/webhook", made["webhook_token"]


def refused_webhooks(place: Site) -> list[Json]:
    found: list[Json] = place.get("/api/v1/audit?machines=true")["items"]
    return [one for one in found if one["act"] == "refused-webhook" and one["subject"] == "hooks/staging"]


@pytest.mark.parametrize("forged", ["token", "signature", "scheme"])
def test_a_forged_webhook_is_not_found_and_audited(place: Site, hooked: tuple[str, str], forged: str) -> None:
    address, token = hooked
    body = json.dumps({"ref": "refs/heads/main", "after": "0" * 39 + "1", "commits": []}).encode()
    wrong = hmac.new(b"not the token", body, hashlib.sha256).hexdigest()
    code, headers = {
        "token": ("x" * len(token), {}),
        "signature": (token, {"X-Hub-Signature-256": f"sha256={wrong}"}),
        "scheme": (token, {"X-Hub-Signature-256": f"md5={wrong}"}),
    }[forged]
    before = len(refused_webhooks(place))

    answer = place.asks(Ask(method="POST", path=f"{address}/{code}", raw=body, token="", headers=headers))

    entries = refused_webhooks(place)
    assert (answer.status, len(entries)) == (404, before + 1)
    assert entries[0]["notes"] == ("a wrong code" if forged == "token" else "a wrong signature")
    assert token not in json.dumps(entries)
    assert place.get("/api/v1/projects/hooks/runs?kind=build") == []
