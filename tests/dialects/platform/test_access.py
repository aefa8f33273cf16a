"""Logging in, tokens, people and the audit log as clients see them."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from chalice.app import Chalice

from chalicelib.dialects.platform.access import routes as routes_access
from chalicelib.dialects.platform.audit import routes as routes_audit
from chalicelib.http.app_context import context_of
from chalicelib.http.site.match import table_of
from chalicelib.http.site.mount import mount, routes_of
from chalicelib.kernel.access.role import Level, role_in
from chalicelib.use_cases.audit.entries import AuditAction, write_audit
from chalicelib.use_cases.audit.seal import seal_audit
from chalicelib.use_cases.credentials.ensure_admin import EnsureAdmin, ensure_admin
from chalicelib.use_cases.credentials.service_accounts import CreateServiceAccount, create_service_account
from chalicelib.use_cases.ports.bundle import Ports, Settings
from tests.http.gateway import Gateway
from tests.http.house import Answered, ask_app
from tests.use_cases.access.access_ports import NOON, access_ports, after, an_origin
from tests.use_cases.house import CHEAPEST

ROWS = (*routes_access.OPERATIONS, *routes_audit.OPERATIONS)
PASSWORD = "correct horse battery"
GATEWAY = Gateway(routes_of(ROWS, table_of(ROWS)))


@dataclass
class Office:
    """The rows on an app, and the admin's token."""

    ports: Ports
    app: Chalice
    admin: str

    def ask(self, method: str, target: str, body: object = None, *, token: str = "", **headers: str) -> Answered:
        content = b"" if body is None else json.dumps(body).encode()
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent |= {"X-Escape-Token": token} if token else {}
        place = GATEWAY.place(method, target.partition("?")[0])
        return ask_app(self.app, method, target, content, headers=sent, place=place)

    def by_admin(self, method: str, target: str, body: object = None) -> Answered:
        return self.ask(method, target, body, token=self.admin)

    def makes(self, name: str, **said: Any) -> None:  # noqa: ANN401 - a body
        answered = self.by_admin("POST", "/api/v1/users", {"name": name, "password": PASSWORD, **said})
        assert answered.status == 200, answered.text

    def logs_in(self, mail: str) -> str:
        answered = self.ask("POST", "/api/v1/auth/email/login", {"email": mail, "password": PASSWORD})
        assert answered.status == 200, answered.text
        return answered.headers["X-Escape-Token"]


@pytest.fixture
def office() -> Office:
    ports = access_ports(settings=Settings(public_url="https://slipway.example.org", hash_cost=CHEAPEST))
    admin = ensure_admin(ports, EnsureAdmin(now=NOON))
    assert admin is not None
    app = Chalice("test", configure_logs=False, env={})
    mount(app, ROWS, context_of(lambda: ports))
    return Office(ports=ports, app=app, admin=admin)


def test_the_ways_to_log_in_are_told_to_everybody(office: Office) -> None:
    answered = office.ask("GET", "/api/v1/auth/login-methods")

    url = "https://slipway.example.org/api/v1/auth/service-account/login"
    assert (answered.status, answered.json) == (200, {"service-account": {"type": "secret-token", "url": url}})


def test_a_service_account_logs_in_as_escapes_cli_does(office: Office) -> None:
    ask = CreateServiceAccount(origin=an_origin(), project="web", name="ci", role=Level.WRITE)
    _, secret = create_service_account(office.ports, ask)

    answered = office.ask(
        "POST", "/api/v1/auth/service-account/login", {"username": "ci", "secret_token": secret.text, "extra": 1}
    )

    token = answered.headers["X-Escape-Token"]
    assert (answered.status, answered.headers["Cache-Control"]) == (200, "no-store")
    assert token not in answered.text
    who = office.ask("GET", "/api/v1/auth/whoami", token=token).json
    assert (who["name"], who["kind"], who["roles"]) == ("web/ci", "service-account", ["project:web:global:write"])


def test_a_person_logs_in_with_header_and_cookie_and_out_again(office: Office) -> None:
    office.makes("ann", email="ann@example.org")
    answered = office.ask("POST", "/api/v1/auth/email/login", {"email": "Ann@example.org", "password": PASSWORD})
    token, cookies = answered.headers["X-Escape-Token"], answered.several["Set-Cookie"]

    assert (answered.status, answered.text) == (200, "")
    assert cookies[0] == f"X-Escape-Token={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200; Secure"
    assert cookies[1].partition("=")[0] == "authtoken"
    assert cookies[1].endswith("; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200; Secure")
    held = [cookie.partition(";")[0] for cookie in cookies]
    assert [office.ask("GET", "/api/v1/auth/whoami", Cookie=one).json["name"] for one in held] == ["ann", "ann"]

    out = office.ask("GET", "/api/v1/auth/logout", token=token)
    assert all("Max-Age=0" in cookie for cookie in out.several["Set-Cookie"])
    for one in held:
        assert office.ask("GET", "/api/v1/auth/whoami", Cookie=one).status == 401


def test_wrong_pairs_are_refused_alike_and_malformed_ones_as_malformed(office: Office) -> None:
    office.makes("ann", email="ann@example.org")
    target = "/api/v1/auth/email/login"
    wrong = office.ask("POST", target, {"email": "ann@example.org", "password": "x"})
    unknown = office.ask("POST", target, {"email": "bob@example.org", "password": PASSWORD})

    assert wrong.status == unknown.status == 401
    assert wrong.json["message"] == unknown.json["message"]
    assert office.ask("POST", target, {"email": "ann@example.org"}).status == 400
    assert office.ask("POST", "/api/v1/auth/service-account/login", {"username": 1}).status == 400


def test_a_token_is_made_listed_used_and_revoked(office: Office) -> None:
    office.makes("ann", email="ann@example.org", roles=[role_in("web", Level.OWNER)])
    session = office.logs_in("ann@example.org")

    made = office.ask("POST", "/api/v1/tokens", {"label": "laptop", "scopes": ["read"]}, token=session).json
    listed = office.ask("GET", "/api/v1/tokens?page_size=9", token=session).json["items"]
    who = office.ask("GET", "/api/v1/auth/whoami", Authorization=f"Bearer {made['token']}").json

    assert {each["label"] for each in listed} == {"laptop", "login"}
    assert all("token" not in each for each in listed)
    assert (who["roles"], who["scopes"]) == (["project:web:global:read"], ["read"])
    assert office.ask("DELETE", f"/api/v1/tokens/{made['id']}", token=session).status == 200
    assert office.ask("GET", "/api/v1/auth/whoami", token=made["token"]).status == 401
    assert office.ask("DELETE", f"/api/v1/tokens/{made['id']}", token=session).status == 404


def test_a_retried_making_of_a_token_makes_no_second_one(office: Office) -> None:
    asks = [office.ask("POST", "/api/v1/tokens", {}, token=office.admin, Idempotency_Key="k1") for _ in range(2)]

    assert [answered.status for answered in asks] == [200, 409]
    assert len(office.by_admin("GET", "/api/v1/tokens").json["items"]) == 2


def test_admins_make_tokens_for_runners_and_nobody_else_does(office: Office) -> None:
    office.makes("ann", email="ann@example.org")
    body = {"runner": "r1", "pools": ["gpu"]}

    made = office.by_admin("POST", "/api/v1/tokens", body)

    assert (made.json["kind"], made.json["owner"], made.json["scopes"]) == ("runner", "r1", ["runner:gpu"])
    assert len(office.by_admin("GET", "/api/v1/tokens?owner=runner:r1").json["items"]) == 1
    session = office.logs_in("ann@example.org")
    assert office.ask("POST", "/api/v1/tokens", body, token=session).status == 403
    assert office.ask("GET", "/api/v1/tokens?owner=runner:r1", token=session).status == 403
    assert office.by_admin("POST", "/api/v1/tokens", {"pools": ["gpu"]}).status == 400


def test_users_are_made_changed_shown_and_removed_by_admins(office: Office) -> None:
    office.makes("ann", email="ann@example.org")
    office.makes("bob")

    listed = office.by_admin("GET", "/api/v1/users?page_size=1").json
    office.by_admin("PUT", "/api/v1/groups/web", {"roles": []})
    changed = office.by_admin("PUT", "/api/v1/users/ann", {"groups": ["web"], "disabled": True}).json

    assert [user["name"] for user in listed["items"]] == ["ann"]
    following = office.by_admin("GET", f"/api/v1/users?page_from={listed['next']}").json
    assert [user["name"] for user in following["items"]] == ["bob"]
    assert (changed["email"], changed["groups"], changed["disabled"], changed["has_password"]) == (
        "",
        ["web"],
        True,
        True,
    )
    assert "scrypt" not in json.dumps(changed)
    assert office.by_admin("DELETE", "/api/v1/users/ann").status == 200
    assert office.by_admin("GET", "/api/v1/users/ann").status == 404
    assert office.by_admin("POST", "/api/v1/users", {"name": "bob"}).status == 409


def test_all_defects_of_a_user_are_told_with_their_places(office: Office) -> None:
    refused = office.by_admin("POST", "/api/v1/users", {"name": "", "email": "x", "roles": ["root"]})

    assert refused.status == 400
    assert [each["path"] for each in refused.json["errors"]] == ["name", "email", "roles[0]"]


def test_users_see_themselves_and_change_nobody(office: Office) -> None:
    office.makes("ann", email="ann@example.org")
    office.makes("bob")
    session = office.logs_in("ann@example.org")

    assert office.ask("GET", "/api/v1/users/ann", token=session).status == 200
    assert office.ask("GET", "/api/v1/users/bob", token=session).status == 404
    assert office.ask("GET", "/api/v1/users/eve", token=session).status == 404
    assert office.ask("GET", "/api/v1/users", token=session).status == 403
    assert office.ask("PUT", "/api/v1/users/ann", {"roles": ["admin"]}, token=session).status == 403
    assert office.ask("DELETE", "/api/v1/users/ann").status == 401


def test_groups_give_their_roles_to_those_in_them(office: Office) -> None:
    saved = office.by_admin("PUT", "/api/v1/groups/web", {"roles": [role_in("web", Level.READ)]})
    office.makes("ann", email="ann@example.org", groups=["web"])

    who = office.ask("GET", "/api/v1/auth/whoami", token=office.logs_in("ann@example.org")).json

    assert saved.status == 200
    assert (who["groups"], who["roles"]) == (["web"], ["project:web:global:read"])
    assert [group["name"] for group in office.by_admin("GET", "/api/v1/groups").json["items"]] == ["web"]
    assert office.by_admin("DELETE", "/api/v1/groups/web").status == 200
    assert office.by_admin("DELETE", "/api/v1/groups/web").status == 404


def test_the_audit_log_is_for_admins_and_owners_of_the_project(office: Office) -> None:
    for second in range(3):
        write_audit(
            office.ports, an_origin(at=after(second)), AuditAction(act="built", subject=f"r{second}", project="web")
        )
    office.makes("ann", email="ann@example.org", roles=[role_in("web", Level.OWNER)])
    office.makes("bob", email="bob@example.org", roles=[role_in("web", Level.WRITE)])
    ann, bob = office.logs_in("ann@example.org"), office.logs_in("bob@example.org")

    first = office.ask("GET", "/api/v1/audit?project=web&page_size=2", token=ann).json
    page = f"page_from={first['next'].replace('#', '%23')}"
    following = office.ask("GET", f"/api/v1/audit?project=web&{page}", token=ann).json

    assert [entry["subject"] for entry in (*first["items"], *following["items"])] == ["r2", "r1", "r0"]
    assert office.ask("GET", "/api/v1/audit?project=web", token=bob).status == 403
    assert office.ask("GET", "/api/v1/audit?project=api", token=bob).status == 404
    assert office.ask("GET", "/api/v1/audit", token=ann).status == 404
    assert {entry["act"] for entry in office.by_admin("GET", "/api/v1/audit").json["items"]} >= {"logged-in"}


def test_the_chain_is_verified_for_admins(office: Office) -> None:
    seal_audit(office.ports, NOON)

    whole = office.by_admin("GET", "/api/v1/audit/verify").json

    assert (whole["seals"], whole["entries"], whole["is_end"], whole["broken"]) == (1, 1, True, None)
    reached = f"number={whole['reached']['number']}&digest={whole['reached']['digest']}"
    assert office.by_admin("GET", f"/api/v1/audit/verify?{reached}").json["seals"] == 0
    forged = office.by_admin("GET", "/api/v1/audit/verify?number=1&digest=beef").json
    assert forged["broken"]["seal"] == 1
