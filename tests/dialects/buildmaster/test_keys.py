"""Where a key may stand, what it opens, and how BuildMaster refuses: with one text, whatever is wrong with the key."""

import base64
import json
from collections.abc import Mapping

import pytest
from chalice.app import Chalice

from chalicelib.dialects.buildmaster.dialect import BUILDMASTER, NO_PERMISSION, RELEASE_API
from chalicelib.dialects.platform.access.routes import OPERATIONS as ACCESS
from chalicelib.http.app_context import context_of
from chalicelib.http.operation import Group, Handling
from chalicelib.http.permission import AUTHENTICATED, PROJECT_READ, KeyFor
from chalicelib.http.reply import text_reply
from chalicelib.http.request import FORM, Request
from chalicelib.http.site.mount import mount
from chalicelib.kernel.access.grant import Grant
from chalicelib.kernel.access.role import ADMIN as ADMIN_ROLE
from chalicelib.kernel.faults import NotFound
from chalicelib.use_cases.access.users import CreateUser, UserSettings, create_user
from chalicelib.use_cases.credentials.ensure_admin import EnsureAdmin, ensure_admin
from chalicelib.use_cases.ports.bundle import Ports
from tests.dialects.matrix.world import AccessHouse
from tests.http.house import STATE, Answered, ask_app
from tests.use_cases.access.access_ports import an_origin

PASSWORD = "correct horse battery"


def _read(request: Request) -> str:
    return request.asker.name


def _say(_: Ports, name: str) -> str:
    return name


def _fail(_: Ports, _name: str) -> str:
    raise NotFound("no release 7")


HANDLING = Handling(_read, _say, text_reply)
ROWS = (
    *ACCESS,
    Group(RELEASE_API, "Releases").operation("GET|POST /api/releases", "List.", KeyFor(Grant.RELEASES), HANDLING),
    Group(RELEASE_API, "Releases").operation(
        "POST /api/releases/cancel", "Cancel.", KeyFor(Grant.RELEASES), Handling(_read, _fail, text_reply)
    ),
    Group(BUILDMASTER, "Variables").operation(
        "DELETE /api/variables/{name}", "Remove.", KeyFor(Grant.VARIABLES), Handling(_read, _fail, text_reply)
    ),
    Group(BUILDMASTER, "Variables").operation("GET /api/variables/{name}", "Get.", KeyFor(Grant.VARIABLES), HANDLING),
    Group(STATE, "Things").operation("GET /api/v1/things", "Get.", AUTHENTICATED, HANDLING),
    Group(STATE, "Things").operation("GET /api/v1/of/{project}", "Get.", PROJECT_READ, HANDLING),
)


class Site:
    def __init__(self) -> None:
        self.house = AccessHouse()
        self.app = Chalice("keys", configure_logs=False, env={})
        mount(self.app, ROWS, context_of(lambda: self.house.ports))
        self.admin = str(ensure_admin(self.house.ports, EnsureAdmin(now=self.house.world.now())))
        self.key = self.a_key(["release-and-build-deployment"])

    def ask(self, method: str, target: str, content: bytes = b"", headers: Mapping[str, str] | None = None) -> Answered:
        return ask_app(self.app, method, target, content, headers=headers or {})

    def a_key(self, grants: list[str], **more: object) -> str:
        body = json.dumps({"grants": grants, "label": "ci", **more}).encode()
        made = self.ask("POST", "/api/v1/tokens", body, {"X-Escape-Token": self.admin})
        assert made.status == 200, made.text
        assert made.json["grants"] == grants
        return str(made.json["token"])


@pytest.fixture(scope="module")
def site() -> Site:
    return Site()


def basic(user: str, password: str) -> str:
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


def test_a_key_may_stand_in_header_query_form_json_and_basic(site: Site) -> None:
    key = site.key
    answers = [
        site.ask("GET", "/api/releases", headers={"X-ApiKey": key}),
        site.ask("GET", f"/api/releases?key={key}"),
        site.ask("GET", f"/api/releases?API_Key={key}"),
        site.ask("POST", "/api/releases", f"key={key}".encode(), {"Content-Type": FORM}),
        site.ask("POST", "/api/releases", f'{{"API_Key": "{key}"}}'.encode(), {"Content-Type": "application/json"}),
        site.ask("POST", "/api/releases", f'{{"API_Key": "{key}"}}'.encode(), {"Content-Type": FORM}),
        site.ask("POST", "/api/releases", f"key={key}".encode(), {"Content-Type": "text/plain"}),
        site.ask("GET", "/api/releases", headers={"Authorization": basic("api", key)}),
        site.ask("GET", "/api/releases", headers={"X-Escape-Token": key}),
    ]

    assert [(one.status, one.text) for one in answers] == [(200, "SYSTEM")] * len(answers)


@pytest.mark.parametrize("headers", [{}, {"X-ApiKey": "wrong"}, {"Authorization": basic("ann", PASSWORD)}])
def test_without_a_key_that_counts_the_text_is_the_documented_one(site: Site, headers: Mapping[str, str]) -> None:
    create_user_once(site)
    answered = site.ask("GET", "/api/releases", headers=headers)

    assert (answered.status, answered.text) == (403, NO_PERMISSION)
    assert answered.headers["Content-Type"].startswith("text/plain")


def create_user_once(site: Site) -> None:
    if site.house.ports.access.find_user("ann") is None:
        standing = UserSettings(password=PASSWORD, roles=(ADMIN_ROLE,))
        create_user(site.house.ports, CreateUser(origin=an_origin(), name="ann", standing=standing))


def test_a_key_opens_nothing_that_it_is_not_granted(site: Site) -> None:
    headers = {"X-ApiKey": site.key}
    answered = site.ask("GET", "/api/variables/x", headers=headers)

    assert (answered.status, answered.text) == (403, NO_PERMISSION)
    assert site.ask("GET", "/api/variables/x", headers={"X-ApiKey": site.a_key(["variables"])}).text == "SYSTEM"


@pytest.mark.parametrize("target", ["/api/v1/things", "/api/v1/of/web", "/api/v1/tokens", "/api/v1/auth/whoami"])
def test_a_key_opens_no_other_api(site: Site, target: str) -> None:
    every = site.a_key([str(grant) for grant in Grant])
    answered = site.ask("GET", target, headers={"X-Escape-Token": every})

    assert (answered.status, answered.json["message"]) == (
        403,
        "key SYSTEM may call no API but those that it is granted",
    )


def test_every_token_of_the_platform_is_a_key(site: Site) -> None:
    assert site.ask("GET", "/api/releases", headers={"X-ApiKey": site.admin}).status == 200
    assert site.ask("GET", f"/api/variables/x?key={site.admin}").status == 200


def test_a_key_of_a_user_acts_as_them(site: Site) -> None:
    create_user_once(site)
    key = site.a_key(["release-and-build-deployment"], user="ann")

    assert site.ask("GET", "/api/releases", headers={"X-ApiKey": key}).text == "ann"


def test_an_action_on_what_is_not_there_is_400_and_elsewhere_404(site: Site) -> None:
    key = site.a_key(["release-and-build-deployment", "variables"])
    answered = site.ask("POST", "/api/releases/cancel", headers={"X-ApiKey": key})

    assert (answered.status, answered.text) == (400, "no release 7")
    assert site.ask("DELETE", "/api/variables/x", headers={"X-ApiKey": key}).status == 404


def test_a_wrong_method_says_which_are_right(site: Site) -> None:
    answered = site.ask("DELETE", "/api/releases", headers={"X-ApiKey": site.key})

    assert (answered.status, answered.headers["Allow"]) == (405, "GET, POST")


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"user": "ann", "runner": "r1", "pools": ["gpu"]}, "user"),
        ({"grants": ["native"], "runner": "r1"}, "runner"),
        ({"grants": ["king"]}, "grants[0]"),
        ({"grants": []}, "grants"),
    ],
)
def test_what_does_not_fit_a_key_is_refused(site: Site, body: dict[str, object], path: str) -> None:
    answered = site.ask("POST", "/api/v1/tokens", json.dumps(body).encode(), {"X-Escape-Token": site.admin})

    assert (answered.status, [one["path"] for one in answered.json["errors"]]) == (400, [path])
