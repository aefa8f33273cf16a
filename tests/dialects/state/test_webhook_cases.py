"""Calls of webhooks that hosts and services once sent, and what each begins; from tests/data/cases/webhooks."""

import hashlib
import hmac
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.dialects.state.site import Site
from tests.dialects.state.walk import BUILD, PIPELINES, STAGING
from tests.http.house import Answered

CASES = Path(__file__).parents[2] / "data" / "cases" / "webhooks"
SHA = "a" * 40
FORM = "application/x-www-form-urlencoded"


def a_site(**settings: object) -> Site:
    """With a build of main, and settings of its own."""
    made = Site()
    body = {"name": "app", "repo": "https://x/y.git", "branch": "main", "steps": [{}], **settings}
    made.done("POST", f"{STAGING}/builds/", body)
    return made


def code_of(site: Site) -> str:
    return str(site.get(f"{BUILD}/")["webhook_token"])


def hook(site: Site) -> str:
    return f"{STAGING}/builds/webhook/{code_of(site)}"


def case(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CASES / f"{name}.json").read_text())
    return found


def sent(site: Site, name: str) -> Answered:
    """What is answered to a case, sent to the build as it stands."""
    found = case(name)
    headers = {key.replace("-", "_"): value for key, value in found["headers"].items()}
    return site.ask("POST", hook(site), found["body"], by="", **headers)


def sent_as(site: Site, name: str, **headers: str) -> Answered:
    """What is answered to the body of a case under other headers."""
    return site.ask("POST", hook(site), case(name)["body"], by="", **headers)


def built(site: Site) -> list[tuple[str, str]]:
    """Branch and commit of each execution, the oldest first."""
    found = site.get(f"{BUILD}/executions/")
    return [(one["commit"]["branch"], one["commit"]["revision"]) for one in reversed(found)]


FILTERS = [{}, {"ignore_file_changes": ["*.md"]}, {"build_on_file_changes": ["src/**"]}]


@pytest.mark.parametrize("step", FILTERS)
@pytest.mark.parametrize("name", ["github-empty-commit", "gitlab-empty-commit"])
def test_a_push_that_names_no_file_is_built(name: str, step: dict[str, object]) -> None:
    site = a_site(steps=[step])
    assert "id" in sent(site, name).json
    assert built(site) == [("main", SHA)]


@pytest.mark.parametrize(
    "name",
    [
        "bitbucket-cloud-two-branches",
        "bitbucket-server-two-branches",
        "gitea-without-secret",
        "gitlab-system-hook",
    ],
)
def test_what_is_understood_begins_the_build_of_its_branch(name: str) -> None:
    site = a_site()
    answered = sent(site, name).json
    assert answered["ids"] == [answered["id"]]
    assert built(site) == [("main", SHA)]


@pytest.mark.parametrize("name", ["bitbucket-cloud-two-branches", "bitbucket-server-two-branches"])
def test_the_order_of_branches_changes_nothing(name: str) -> None:
    site, found = a_site(), case(name)
    changes = found["body"].get("push", found["body"])["changes"]
    changes.reverse()
    assert "id" in site.done("POST", hook(site), found["body"], by="")
    assert built(site) == [("main", SHA)]


def test_a_build_of_every_branch_is_begun_for_each_that_was_pushed() -> None:
    site = a_site(branch="")
    answered = sent(site, "bitbucket-cloud-two-branches").json
    assert len(set(answered["ids"])) == 2
    assert answered["id"] == answered["ids"][0]
    assert built(site) == [("main", SHA), ("develop", "c" * 40)]


@pytest.mark.parametrize(
    "name", ["azure-push-of-another-branch", "azure-deletion", "azure-pull-request", "sns-confirmation"]
)
def test_what_is_no_push_of_the_branch_is_skipped_with_a_word(name: str) -> None:
    site = a_site()
    answered = sent(site, name)
    assert (answered.status, bool(answered.json["skipped"])) == (200, True)
    assert built(site) == []


def test_azures_push_of_the_branch_is_built() -> None:
    site, found = a_site(), case("azure-push-of-another-branch")["body"]
    updates = found["resource"]["refUpdates"]
    updates.append({"name": "refs/heads/main", "oldObjectId": "b" * 40, "newObjectId": "d" * 40})
    site.done("POST", hook(site), found, by="")
    assert built(site) == [("main", "d" * 40)]


def form_of(payload: object) -> tuple[str, bytes]:
    """The JSON, and the form that holds it."""
    text = json.dumps(payload)
    return text, urlencode({"payload": text}).encode()


@pytest.mark.parametrize("signs_the_form", [True, False])
def test_a_form_is_proven_as_its_host_signs_it(signs_the_form: bool) -> None:
    site = a_site()
    text, body = form_of(case("gitea-form")["form"]["payload"])
    digest = hmac.new(code_of(site).encode(), body if signs_the_form else text.encode(), hashlib.sha256).hexdigest()
    headers = {"X_Gitea_Event": "push", "X_Gitea_Signature": digest, "X_Hub_Signature_256": f"sha256={digest}"}
    assert "id" in site.ask("POST", hook(site), body, by="", Content_Type=FORM, **headers).json
    _, other = form_of({"ref": "refs/heads/main", "after": "e" * 40})
    assert site.ask("POST", hook(site), other, by="", Content_Type=FORM, **headers).status == 404
    assert built(site) == [("main", SHA)]


@pytest.mark.parametrize(
    ("header", "text", "status"),
    [
        ("X_Hub_Signature", "sha1=", 200),
        ("X_Hub_Signature_256", " ", 200),
        ("X_Gogs_Signature", "", 200),
        ("X_Gitlab_Token", "", 200),
        ("X_Hub_Signature", "sha1", 404),
        ("X_Hub_Signature_256", "sha256=0", 404),
        ("X_Hub_Signature_256", "0", 404),
    ],
)
def test_an_empty_digest_is_no_proof_and_what_is_none_is_wrong(header: str, text: str, status: int) -> None:
    site = a_site()
    assert site.ask("POST", hook(site), {}, by="", **{header: text}).status == status


def test_a_pipeline_is_begun_for_each_branch_and_for_nothing_else() -> None:
    site = a_site()
    place = a_pipelines_hook(site)
    answered = site.done("POST", place, case("bitbucket-cloud-two-branches")["body"], by="")
    runs = [site.house.runs.plan(run).inputs for run in answered["ids"]]
    assert runs == [{"branch": "main", "commit": SHA}, {"branch": "develop", "commit": "c" * 40}]
    assert "skipped" in site.done("POST", place, case("sns-confirmation")["body"], by="")


@pytest.mark.parametrize("name", ["github-branch-dash", "github-delivery"])
def test_a_host_is_never_refused_for_how_the_build_stands(name: str) -> None:
    site = a_site(branch="", disabled=name == "github-delivery")
    answered = sent(site, name)
    assert (answered.status, bool(answered.json["skipped"])) == (200, True)
    assert built(site) == []


def test_a_host_is_not_refused_where_the_repository_is_gone() -> None:
    site = a_site()
    place = "/api/v1/state/web/repositories/"
    site.done("POST", f"{place}add-repository", {"name": "code", "url": "https://x/y.git"})
    site.done("PUT", f"{BUILD}/", {"name": "app", "repo": "code", "branch": "main", "steps": [{}]})
    site.done("DELETE", f"{place}code/")
    assert "skipped" in sent(site, "github-delivery").json


def test_a_disabled_build_and_pipeline_skip_what_is_said_by_hand_too() -> None:
    site = a_site(disabled=True)
    place = a_pipelines_hook(site, disabled=True)
    for one in (hook(site), place):
        assert "is disabled" in site.done("POST", one, {}, by="")["skipped"]


def a_pipelines_hook(site: Site, **settings: object) -> str:
    """The address of the webhook of a pipeline of one step."""
    phase = {"name": "p", "steps": [{"name": "go", "type": "noop"}]}
    body = {"name": "release", "triggers": [{"type": "webhook"}], "phases": [phase], **settings}
    site.done("POST", f"{PIPELINES}/by-project/web/add", body)
    (trigger,) = site.get(f"{PIPELINES}/by-project/web/by-name/release/")["triggers"]
    return f"{PIPELINES}/by-project/web/pipelines/webhook/{trigger['webhooktoken']}"


DELIVERED = [
    {"X_GitHub_Event": "push", "X_GitHub_Delivery": "d1"},
    {"X_Gitea_Event": "push", "X_Gitea_Delivery": "d1"},
    {"X_Gitlab_Event": "Push Hook", "X_Gitlab_Event_UUID": "d1"},
    {"X_Event_Key": "repo:push", "X_Request_UUID": "d1"},
]


@pytest.mark.parametrize("headers", DELIVERED)
def test_a_delivery_that_began_a_run_begins_no_other(headers: dict[str, str]) -> None:
    site = a_site(branch="")
    name = "bitbucket-cloud-two-branches" if "X_Event_Key" in headers else "github-delivery"
    first = sent_as(site, name, **headers).json
    site.done("PUT", f"{BUILD}/", {"name": "app", "repo": "https://x/y.git", "branch": "other", "disabled": True})
    assert sent_as(site, name, **headers).json == first
    assert len(built(site)) == len(first["ids"])


def test_azures_delivery_is_known_by_its_body() -> None:
    site, body = a_site(branch=""), {**case("azure-push-of-another-branch")["body"], "id": "d1"}
    first = site.done("POST", hook(site), body, by="")
    assert site.done("POST", hook(site), body, by="") == first
    assert site.done("POST", hook(site), {**body, "id": "d2"}, by="") != first


def test_a_delivery_that_began_nothing_may_come_again() -> None:
    site, settings = a_site(disabled=True), {"name": "app", "repo": "https://x/y.git", "steps": [{}]}
    assert "skipped" in sent(site, "github-delivery").json
    site.done("PUT", f"{BUILD}/", settings)
    assert "id" in sent(site, "github-delivery").json


def test_after_a_week_a_delivery_is_another() -> None:
    site = a_site()
    first = sent(site, "github-delivery").json
    site.house.world.at += timedelta(days=7, seconds=1)
    assert sent(site, "github-delivery").json != first


def test_a_delivery_of_another_push_under_one_id_is_another() -> None:
    site, body = a_site(), case("github-delivery")["body"]
    headers = {"X_Gitlab_Event": "Push Hook", "X_Gitlab_Event_UUID": "recursive"}
    first = site.ask("POST", hook(site), body, by="", **headers).json
    assert site.ask("POST", hook(site), {**body, "after": "e" * 40}, by="", **headers).json != first


def test_a_delivery_begins_each_definition_once() -> None:
    site = a_site()
    place = a_pipelines_hook(site)
    body, headers = case("github-delivery")["body"], {"X_GitHub_Event": "push", "X_GitHub_Delivery": "d1"}
    begun = [site.ask("POST", one, body, by="", **headers).json["id"] for one in (hook(site), place, hook(site), place)]
    assert begun[:2] == begun[2:]
    assert len(set(begun)) == 2


@pytest.mark.parametrize("said", ["docs [skip ci]", "docs\n\n[CI Skip]", f"{'long ' * 500}[ci skip]"])
def test_a_commit_may_ask_for_no_build(said: str) -> None:
    site, found = a_site(), case("github-skip-ci")["body"]
    found["head_commit"]["message"] = said
    assert "skipped" in site.ask("POST", hook(site), found, by="", X_GitHub_Event="push").json
    assert "skipped" in site.ask("POST", a_pipelines_hook(site), found, by="", X_GitHub_Event="push").json


def test_whoever_wants_builds_even_what_asks_for_none() -> None:
    site = a_site(skip_ci=False)
    assert site.get(f"{BUILD}/")["skip_ci"] is False
    assert "id" in sent(site, "github-skip-ci").json
    place = a_pipelines_hook(site, skip_ci=False)
    assert "id" in site.ask("POST", place, case("github-skip-ci")["body"], by="", X_GitHub_Event="push").json


def test_only_the_newest_commit_may_ask_for_no_build() -> None:
    site, found = a_site(), case("github-skip-ci")["body"]
    found["head_commit"]["message"] = "a merge of docs"
    assert "id" in site.ask("POST", hook(site), found, by="", X_GitHub_Event="push").json
