"""Calls of webhooks that hosts and services once sent, and what each begins; from tests/data/cases/webhooks."""

import hashlib
import hmac
import json
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
    phase = {"name": "p", "steps": [{"name": "go", "type": "noop"}]}
    body = {"name": "release", "triggers": [{"type": "webhook"}], "phases": [phase]}
    site.done("POST", f"{PIPELINES}/by-project/web/add", body)
    (trigger,) = site.get(f"{PIPELINES}/by-project/web/by-name/release/")["triggers"]
    place = f"{PIPELINES}/by-project/web/pipelines/webhook/{trigger['webhooktoken']}"
    answered = site.done("POST", place, case("bitbucket-cloud-two-branches")["body"], by="")
    runs = [site.house.runs.plan(run).inputs for run in answered["ids"]]
    assert runs == [{"branch": "main", "commit": SHA}, {"branch": "develop", "commit": "c" * 40}]
    assert "skipped" in site.done("POST", place, case("sns-confirmation")["body"], by="")
