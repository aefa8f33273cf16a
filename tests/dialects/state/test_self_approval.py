"""Nobody approves what they began: by a webhook, by an account of theirs, or by a job of their run."""

import hmac
import json
from typing import Any

import pytest

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import Level, role_in
from chalicelib.use_cases.ports.access import ServiceAccount, User
from tests.builders import NOON, an_entry
from tests.dialects.state import site as site_module
from tests.dialects.state.site import Site
from tests.dialects.state.walk import PIPELINE, PIPELINES
from tests.teams import add_team
from tests.use_cases.catalog_ports import READER, WHOLE, WRITER

GATE = {"name": "cab", "type": "approval", "no_self_approval": True}
GATED = {
    "name": "release",
    "triggers": [{"type": "webhook"}],
    "phases": [{"name": "p", "gates": [GATE], "steps": [{"name": "s", "type": "noop"}]}],
}
EVE = Principal(name="eve", roles=WRITER.roles, scopes=WHOLE)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setitem(site_module.PRINCIPALS, "eve", EVE)
    made = Site()
    made.done("POST", f"{PIPELINES}/by-project/web/add", GATED)
    for name in ("ada", "eve"):
        user = User(name=name, mail=f"{name}@example.org", roles=tuple(WRITER.roles), created_at=NOON)
        made.house.ports.access.create_user(user, an_entry())
    return made


def trigger_of(site: Site) -> dict[str, str]:
    found: dict[str, str] = site.get(f"{PIPELINE}/")["triggers"][0]
    return found


def secret_at(site: Site) -> str:
    return f"{PIPELINE}/triggers/{trigger_of(site)['id']}/webhook-secret"


def pushed(site: Site, key: str | None, **payload: object) -> str:
    """The run that a push begins. key: what signs it, nothing when it is not signed."""
    body = json.dumps({"ref": "refs/heads/main", "after": "a" * 40, **payload}).encode()
    signed = (
        {} if key is None else {"X_Hub_Signature_256": f"sha256={hmac.new(key.encode(), body, 'sha256').hexdigest()}"}
    )
    target = f"{PIPELINES}/by-project/web/pipelines/webhook/{trigger_of(site)['webhooktoken']}"
    answered = site.ask("POST", target, body, by="", X_GitHub_Event="push", **signed)
    assert answered.status == 200, answered.text
    return str(answered.json["id"])


def approve(site: Site, run: str, by: str) -> int:
    """The status of somebody's approval."""
    found: dict[str, Any] = site.get(f"{PIPELINE}/executions/{run}/", by="root")["pipeline"]["phases"][0]["gates"][0]
    target = f"{PIPELINE}/executions/{run}/confirmation/{found['confirmation_code']}/approve"
    return site.ask("POST", target, by=by).status


@pytest.mark.parametrize("is_signed", [False, True])
def test_who_can_see_the_code_of_a_webhook_approves_nothing_that_it_began(site: Site, is_signed: bool) -> None:
    run = pushed(site, trigger_of(site)["webhooktoken"] if is_signed else None, sender={"login": "nobody-here"})

    assert [approve(site, run, by) for by in ("ada", "eve", "olga")] == [403, 403, 403]
    assert approve(site, run, "root") == 200


def test_a_narrow_token_of_a_writer_approves_it_no_more_than_a_whole_one(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_team(site.house.ports, "cab")
    ops_gate = {**GATE, "team": "cab"}
    site.done("PUT", f"{PIPELINE}/", {**GATED, "phases": [{**GATED["phases"][0], "gates": [ops_gate]}]})  # type: ignore[dict-item] # JSON
    cab = frozenset({"cab"})
    read = READER.roles
    narrow = Principal(name="n", roles=read, owner_roles=WRITER.roles, groups=cab, scopes=frozenset({"write"}))
    monkeypatch.setitem(site_module.PRINCIPALS, "narrow", narrow)
    monkeypatch.setitem(site_module.PRINCIPALS, "outside", Principal(name="o", roles=read, groups=cab, scopes=WHOLE))
    run = pushed(site, None)

    assert approve(site, run, "narrow") == 403
    assert approve(site, run, "outside") == 200


def test_what_is_signed_with_the_secret_was_begun_by_the_sender_and_those_who_know_it(site: Site) -> None:
    secret = site.done("POST", secret_at(site), by="olga")["webhook_secret"]
    by_name = pushed(site, secret, sender={"login": "ada"})
    by_mail = pushed(site, secret, user_email="Ada@example.org")
    by_nobody = pushed(site, secret, head_commit={"author": {"email": "eve@example.org"}})

    assert [approve(site, run, "ada") for run in (by_name, by_mail)] == [403, 403]
    assert [approve(site, run, "olga") for run in (by_name, by_mail, by_nobody)] == [403, 403, 403]
    assert [approve(site, run, "eve") for run in (by_name, by_mail, by_nobody)] == [200, 200, 200]


def test_the_secret_is_shown_to_owners_alone_and_each_look_is_audited(site: Site) -> None:
    assert site.ask("GET", secret_at(site), by="olga").status == 404
    secret = site.done("POST", secret_at(site), by="root")["webhook_secret"]

    assert [site.ask(method, secret_at(site), by="ada").status for method in ("GET", "POST")] == [403, 403]
    assert site.get(secret_at(site), by="olga") == site.get(secret_at(site), by="olga") == {"webhook_secret": secret}
    looks = [entry.by for entry in site.house.audits.kept.values() if entry.act == "read-webhook-secret"]
    assert looks == ["olga", "olga"]
    assert approve(site, pushed(site, secret), "olga") == 403


def test_a_new_secret_ends_the_one_before_and_the_address_stays(site: Site) -> None:
    first = site.done("POST", secret_at(site), by="root")["webhook_secret"]
    second = site.done("POST", secret_at(site), by="olga")["webhook_secret"]
    target = f"{PIPELINES}/by-project/web/pipelines/webhook/{trigger_of(site)['webhooktoken']}"

    old = hmac.new(first.encode(), b"{}", "sha256").hexdigest()
    assert site.ask("POST", target, b"{}", by="", X_Hub_Signature_256=f"sha256={old}").status == 404
    assert pushed(site, second)


def test_a_secret_outlives_a_change_of_its_pipeline_and_goes_with_its_trigger(site: Site) -> None:
    site.done("POST", secret_at(site), by="olga")
    shown = site.get(f"{PIPELINE}/")

    site.done("PUT", f"{PIPELINE}/", shown)
    assert site.get(secret_at(site), by="olga")
    site.done("PUT", f"{PIPELINE}/", {**shown, "triggers": []})
    assert not [name for name in site.house.ports.secrets.kept if "webhooks" in name]  # type: ignore[attr-defined] # the fake


def test_who_made_a_service_account_approves_nothing_that_it_began_nor_by_it_what_they_began(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = ServiceAccount(
        project="web", name="ci", role=Level.WRITE, token="t", created_at=NOON, created_by="user:ada"
    )
    site.house.ports.access.create_service_account(account, a_secret(), an_entry())
    robot = Principal(name="web/ci", kind=PrincipalKind.SERVICE_ACCOUNT, roles=WRITER.roles, scopes=WHOLE)
    monkeypatch.setitem(site_module.PRINCIPALS, "ci", robot)

    by_robot, by_ada = (site.done("POST", f"{PIPELINE}/trigger", by=by)["id"] for by in ("ci", "ada"))

    assert [approve(site, by_robot, by) for by in ("ada", "ci", "eve")] == [403, 403, 200]
    assert [approve(site, by_ada, by) for by in ("ada", "ci", "eve")] == [403, 403, 200]


def test_who_began_a_run_began_what_its_job_begins(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    outer = site.done("POST", f"{PIPELINE}/trigger", by="ada")["id"]
    roles = frozenset({role_in("web", Level.WRITE)})
    job = Principal(name=f"{outer}.1.s1.1", kind=PrincipalKind.JOB, roles=roles, scopes=WHOLE)
    monkeypatch.setitem(site_module.PRINCIPALS, "job", job)

    inner = site.done("POST", f"{PIPELINE}/trigger", by="job")["id"]

    assert [approve(site, inner, by) for by in ("ada", "eve")] == [403, 200]


def a_secret() -> Any:  # noqa: ANN401 - the token of an account, of which nothing is read
    from chalicelib.kernel.access.token import Token

    return Token(
        id="t",
        digest="",
        kind=PrincipalKind.SERVICE_ACCOUNT,
        owner="web/ci",
        scopes=("all",),
        created_at=NOON,
        created_by="ada",
    )
