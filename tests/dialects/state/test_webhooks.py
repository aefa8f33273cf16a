"""What pushes begin, and who may say that there was one."""

import hashlib
import hmac
import json
from urllib.parse import urlencode

import pytest

from chalicelib.use_cases.ports.runs import Page
from tests.dialects.state.site import Site
from tests.dialects.state.walk import BUILD, PIPELINES, STAGING

SHA = "a" * 40
COMMIT = {"id": SHA, "message": "fix it", "author": {"name": "ada"}, "added": ["a.py"], "modified": [], "removed": []}
GITHUB = {"ref": "refs/heads/main", "after": SHA, "deleted": False, "head_commit": COMMIT, "commits": [COMMIT]}
PLAIN = {"branch": "main", "commit": SHA, "author": "ada", "message": "fix it", "changed_files": ["a.py"]}


@pytest.fixture
def site() -> Site:
    made = Site()
    step = {"ignore_file_changes": ["*.md"]}
    build = {"name": "app", "repo": "https://x/y.git", "branch": "main", "steps": [step]}
    made.done("POST", f"{STAGING}/builds/", build)
    return made


def token_of(site: Site) -> str:
    return str(site.get(f"{BUILD}/")["webhook_token"])


def hook(site: Site) -> str:
    return f"{STAGING}/builds/webhook/{token_of(site)}"


def signed(site: Site, body: bytes, algorithm: str = "sha256") -> str:
    return hmac.new(token_of(site).encode(), body, algorithm).hexdigest()


def test_a_push_begins_the_build_at_its_commit(site: Site) -> None:
    body = json.dumps(GITHUB).encode()
    answered = site.ask("POST", hook(site), body, by="", X_GitHub_Event="push")
    run = site.get(f"{BUILD}/executions/{answered.json['id']}/")
    assert run["commit"] == {"revision": SHA, "branch": "main", "author": "ada", "message": "fix it"}
    (leased,) = site.house.lease()
    assert (leased.job.ask["commit"], leased.job.ask["changed_files"]) == (SHA, ["a.py"])


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"branch": "feature"}, "branch feature is not main, which the build is of"),
        ({"changed_files": ["README.md"]}, "no changed file concerns a step of the build"),
    ],
)
def test_branch_and_files_may_say_no(site: Site, more: dict[str, object], why: str) -> None:
    assert site.done("POST", hook(site), {**PLAIN, **more}, by="") == {"skipped": why}
    assert site.get(f"{BUILD}/executions/") == []


def test_forms_are_understood(site: Site) -> None:
    form = "application/x-www-form-urlencoded"
    plain = site.ask("POST", hook(site), urlencode({"branch": "feature"}).encode(), by="", Content_Type=form)
    held = urlencode({"payload": json.dumps({**GITHUB, "ref": "refs/heads/x"})}).encode()
    github = site.ask("POST", hook(site), held, by="", Content_Type=form, X_GitHub_Event="push")
    assert ["skipped" in answered.json for answered in (plain, github)] == [True, True]


@pytest.mark.parametrize(
    ("header", "prefix", "algorithm"),
    [
        ("X_Hub_Signature_256", "sha256=", "sha256"),
        ("X_Hub_Signature", "sha1=", "sha1"),
        ("X_Hub_Signature", "sha256=", "sha256"),
        ("X_Gitea_Signature", "", "sha256"),
    ],
)
def test_a_signature_must_be_right_where_there_is_one(site: Site, header: str, prefix: str, algorithm: str) -> None:
    body = json.dumps({**PLAIN, "branch": "x"}).encode()
    right = site.ask("POST", hook(site), body, by="", **{header: prefix + signed(site, body, algorithm)})
    wrong = site.ask("POST", hook(site), body + b" ", by="", **{header: prefix + signed(site, body, algorithm)})
    assert (right.status, wrong.status) == (200, 404)


def test_gitlabs_token_is_the_webhooks_own(site: Site) -> None:
    statuses = [
        site.ask("POST", hook(site), {"branch": "x"}, by="", X_Gitlab_Token=token).status
        for token in (token_of(site), "wrong")
    ]
    assert statuses == [200, 404]


def test_a_signature_of_an_unknown_kind_is_wrong(site: Site) -> None:
    assert site.ask("POST", hook(site), PLAIN, by="", X_Hub_Signature="md5=00").status == 404


def test_what_is_refused_is_audited_without_the_code(site: Site) -> None:
    assert site.refused("POST", f"{STAGING}/builds/webhook/guess", PLAIN, by="")[0] == 404
    (entry,) = [one for one in site.house.audits.unsealed(100) if one.act == "refused-webhook"]
    assert (entry.subject, entry.notes, entry.by) == ("web/staging", "a wrong code", "webhook")
    assert entry.details["code"] == hashlib.sha256(b"guess").hexdigest()[:12]


def test_a_code_counts_only_where_its_build_is(site: Site) -> None:
    token = token_of(site)
    for elsewhere in ("web/environments/production", "other/environments/staging"):
        assert site.refused("POST", f"/api/v1/state/{elsewhere}/builds/webhook/{token}", PLAIN, by="")[0] == 404
    assert site.refused("POST", f"{PIPELINES}/by-project/web/pipelines/webhook/{token}", PLAIN, by="")[0] == 404


def test_a_build_that_a_push_began_begins_the_pipeline_that_waits_for_it(site: Site) -> None:
    step = {"name": "build", "type": "build", "build": "app", "trigger_pipeline_on_build": True}
    phase = {"environment": "staging", "steps": [step, {"type": "confirmation", "needs": ["build"]}]}
    site.done("POST", f"{PIPELINES}/by-project/web/add", {"name": "release", "phases": [phase]})
    site.done("POST", hook(site), PLAIN, by="")
    site.house.finish(site.house.lease()[0], release="demo/app-v2.0")
    (execution,) = site.get(f"{PIPELINES}/by-project/web/by-name/release/executions/")
    steps = execution["pipeline"]["phases"][0]["steps"]
    assert [one["status"] for one in steps] == ["ok", "pending"]
    assert site.house.runs.of_project("web", site.house.runs.plan(execution["id"]).definition.kind, Page())[0].releases
