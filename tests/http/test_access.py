"""Who gets in, by which credential, and what those see who do not."""

import base64
import sys
from collections.abc import Mapping
from dataclasses import replace

import pytest

from chalicelib.http.credential import AuthScheme, Identity, Password, Session, Token
from chalicelib.http.operation import OUR_SCHEMES, Flag, Group, Handling, Operation
from chalicelib.http.permission import (
    ADMIN,
    AUTHENTICATED,
    NAMESPACE_READ,
    NAMESPACE_WRITE,
    PROJECT_READ,
    PROJECT_WRITE,
    PUBLIC,
    RUNNER,
    InProject,
    Permission,
    describe,
)
from chalicelib.http.raw_request import RawRequest
from chalicelib.http.reply import json_reply, text_reply
from chalicelib.http.request import Request
from chalicelib.http.shape import LARGEST_JSON
from chalicelib.http.site.match import table_of
from chalicelib.http.site.serve import Site as HttpSite
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.access.session_jwt import session_jwt
from chalicelib.kernel.access.token import text_of
from chalicelib.kernel.faults import NotFound
from tests.builders import NOON
from tests.http.house import INVENTORY, STATE, House, Site, context_of

KEYED = replace(STATE, name="keyed", schemes=frozenset(AuthScheme))


def read_path(request: Request) -> str:
    return request.path


def read_asker(request: Request) -> str:
    return request.principal.name if request.principal else "nobody"


def say(_: House, ask: str) -> str:
    return ask


def row(route: str, permission: Permission, flags: frozenset[Flag] = frozenset()) -> Operation:
    dialect = INVENTORY if "inventory" in route else KEYED if "keyed" in route else STATE
    things = Group(dialect, "Things")
    return things.operation(route, "Do a thing.", permission, Handling(read_asker, say, text_reply), flags=flags)


def basic(pair: str) -> str:
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


@pytest.mark.parametrize(
    ("permission", "token", "status"),
    [
        (PUBLIC, "", 200),
        (PUBLIC, "wrong", 200),
        (AUTHENTICATED, "", 401),
        (AUTHENTICATED, "wrong", 401),
        (AUTHENTICATED, "t-reader", 200),
        (ADMIN, "t-writer", 403),
        (ADMIN, "t-admin", 200),
        (RUNNER, "t-writer", 403),
        (RUNNER, "t-runner", 200),
        (RUNNER, "t-admin", 200),
        (PROJECT_READ, "", 401),
        (PROJECT_READ, "t-reader", 200),
        (PROJECT_READ, "t-writer", 200),
        (PROJECT_READ, "t-runner", 404),
        (PROJECT_WRITE, "t-reader", 403),
        (PROJECT_WRITE, "t-writer", 200),
        (PROJECT_WRITE, "t-runner", 404),
        (PROJECT_WRITE, "t-admin", 200),
    ],
)
def test_a_row_lets_in_whom_its_permission_names(permission: Permission, token: str, status: int) -> None:
    site = Site([row("POST /api/v1/state/{project}/", permission)])

    assert site.ask("POST", "/api/v1/state/web/", token=token).status == status


@pytest.mark.parametrize("token", ["t-reader", "t-runner"])
def test_what_may_not_be_read_and_what_does_not_exist_answer_identically(token: str) -> None:
    house = House(namespaces={"theirs": "other"})
    routes = ("GET /api/v1/inventory/{namespace}/", "DELETE /api/v1/inventory/{namespace}/")
    site = Site([row(routes[0], NAMESPACE_READ), row(routes[1], NAMESPACE_WRITE)], house)

    for method in ("GET", "DELETE"):
        there = site.ask(method, "/api/v1/inventory/theirs/", token=token)
        not_there = site.ask(method, "/api/v1/inventory/nobodys/", token=token)

        assert there == not_there
        assert (there.status, there.text) == (404, "")


def test_the_project_that_owns_a_namespace_decides_about_it() -> None:
    site = Site([row("PUT /api/v1/inventory/{namespace}/", NAMESPACE_WRITE)], House(namespaces={"ns": "web"}))

    assert site.ask("PUT", "/api/v1/inventory/ns/", token="t-writer").status == 200
    assert site.ask("PUT", "/api/v1/inventory/ns/", token="t-reader").status == 403


def find_project(house: House, request: Request) -> str | None:
    if request.parameters["id"] == "unknown":
        raise NotFound("no release unknown")
    return house.namespaces.get(request.parameters["id"])


def test_a_function_may_find_the_project_that_is_asked_about() -> None:
    house = House(namespaces={"r1": "web", "r2": "other"})
    site = Site([row("GET /api/v1/releases/{id}", InProject(Level.READ, find_project))], house)

    answers = {name: site.ask("GET", f"/api/v1/releases/{name}", token="t-reader") for name in ("r1", "r2", "r3")}
    unknown = site.ask("GET", "/api/v1/releases/unknown", token="t-reader")

    assert answers["r1"].status == 200
    assert answers["r2"] == answers["r3"] == unknown
    assert unknown.status == 404


def test_a_permission_about_a_parameter_that_the_path_has_not_is_refused() -> None:
    with pytest.raises(ValueError, match="project"):
        row("GET /api/v1/state/", PROJECT_READ)


@pytest.mark.parametrize(
    ("headers", "shown"),
    [
        ({"X-Escape-Token": "t-admin"}, Token(text="t-admin", scheme=AuthScheme.ESCAPE_HEADER)),
        ({"x-escape-token": " t-admin "}, Token(text="t-admin", scheme=AuthScheme.ESCAPE_HEADER)),
        ({"Authorization": "Bearer t-admin"}, Token(text="t-admin", scheme=AuthScheme.BEARER)),
        ({"Authorization": "bearer t-admin"}, Token(text="t-admin", scheme=AuthScheme.BEARER)),
        ({"Authorization": basic("ann:t-admin")}, Password(user="ann", password="t-admin")),
        ({"Cookie": "a=b; X-Escape-Token=t-admin"}, Token(text="t-admin", scheme=AuthScheme.ESCAPE_COOKIE)),
        ({"Cookie": "authtoken=t-admin; a=b"}, Session(text="t-admin")),
        ({"X-Escape-Token": "", "Authorization": "Bearer t-admin"}, Token(text="t-admin", scheme=AuthScheme.BEARER)),
    ],
)
def test_a_credential_is_found_where_clients_put_it(headers: Mapping[str, str], shown: object) -> None:
    site = Site([row("GET /api/v1/me", ADMIN)])

    assert site.ask("GET", "/api/v1/me", headers=headers).text == "root"
    assert site.house.shown == [shown]


@pytest.mark.parametrize(
    ("target", "headers", "body"),
    [
        ("/api/v1/keyed", {"X-ApiKey": "t-admin"}, None),
        ("/api/v1/keyed?Key=t-admin", {}, None),
        ("/api/v1/keyed?API_Key=t-admin", {}, None),
        ("/api/v1/keyed", {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}, b"a=1&key=t-admin"),
        ("/api/v1/keyed", {}, {"API_Key": "t-admin"}),
    ],
)
def test_a_key_is_found_where_the_dialect_takes_it(target: str, headers: Mapping[str, str], body: object) -> None:
    rows = [row("POST /api/v1/keyed", ADMIN), row("POST /api/v1/state", ADMIN)]

    assert Site(rows).ask("POST", target, body, headers=headers).text == "root"
    assert Site(rows).ask("POST", target.replace("keyed", "state"), body, headers=headers).status == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Basic t-admin"},
        {"Authorization": "Basic !!!"},
        {"Authorization": "Digest t-admin"},
        {"Authorization": "Bearer"},
        {"Cookie": 'authtoken="'},
        {"Cookie": "=;;;[]"},
        {"Identity": "root@example.org"},
    ],
)
def test_what_is_no_credential_is_none(headers: Mapping[str, str]) -> None:
    answer = Site([row("GET /api/v1/keyed", AUTHENTICATED)]).ask("GET", "/api/v1/keyed", headers=headers)

    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="slipway"')


def test_an_identity_counts_only_where_it_is_trusted() -> None:
    site = Site([row("GET /api/v1/keyed", AUTHENTICATED)], House(trusted=("a@b.org",)))

    assert site.ask("GET", "/api/v1/keyed", headers={"Identity": "a@b.org"}).text == "a@b.org"
    assert site.house.shown == [Identity(mail="a@b.org")]


def test_a_wrong_credential_is_not_forgiven_for_a_second_one() -> None:
    headers = {"Authorization": "Bearer wrong", "Cookie": "authtoken=t-admin"}

    assert Site([row("GET /api/v1/me", AUTHENTICATED)]).ask("GET", "/api/v1/me", headers=headers).status == 401


@pytest.mark.parametrize(
    ("route", "flags", "site_said", "status"),
    [
        ("GET", frozenset(), "cross-site", 200),
        ("GET", frozenset({Flag.CHANGES}), "cross-site", 401),
        ("GET", frozenset({Flag.CHANGES}), "same-origin", 200),
        ("POST", frozenset(), "cross-site", 401),
        ("POST", frozenset(), "same-site", 401),
        ("POST", frozenset(), "none", 200),
    ],
)
def test_a_cookie_counts_for_no_change_that_another_site_caused(
    route: str, flags: frozenset[Flag], site_said: str, status: int
) -> None:
    site = Site([row(f"{route} /api/v1/me", AUTHENTICATED, flags)])
    headers = {"Cookie": "authtoken=t-admin", "Sec-Fetch-Site": site_said}

    assert site.ask(route, "/api/v1/me", headers=headers).status == status


BROWSER = "Mozilla/5.0 (X11; Linux x86_64)"
OURS, THEIRS = "https://slipway.example", "https://evil.example"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"User-Agent": "curl/8.5.0"}, 200),
        ({"User-Agent": BROWSER}, 401),
        ({"Referer": f"{THEIRS}/page"}, 401),
        ({"Referer": f"{OURS}/page"}, 401),
        ({"Origin": THEIRS}, 401),
        ({"Origin": "null"}, 401),
        ({"Origin": "https://slipway.example.evil.example"}, 401),
        ({"Origin": "http://["}, 401),
        ({"Origin": OURS, "User-Agent": BROWSER}, 200),
        ({"Origin": "http://slipway.example"}, 401),
        ({"Origin": "http://127.0.0.1:8000", "Host": "127.0.0.1:8000"}, 200),
        ({"Origin": "http://127.0.0.1:9000", "Host": "127.0.0.1:8000"}, 401),
        ({"Origin": THEIRS, "Sec-Fetch-Site": "same-origin"}, 401),
        ({"Origin": OURS, "Sec-Fetch-Site": "cross-site"}, 401),
        ({"Sec-Fetch-Site": "same-origin", "User-Agent": BROWSER}, 200),
        ({"Sec-Fetch-Site": "none", "User-Agent": BROWSER}, 200),
        ({"Sec-Fetch-Site": "something-new"}, 401),
    ],
)
@pytest.mark.parametrize(
    "shown", [{"Cookie": "authtoken=t-admin"}, {"Cookie": "X-Escape-Token=t-admin"}, {"Identity": "root"}]
)
def test_what_a_browser_adds_by_itself_is_no_proof_of_a_change_unless_our_own_page_asked(
    shown: dict[str, str], headers: dict[str, str], status: int
) -> None:
    rows = [row("POST /api/v1/keyed", AUTHENTICATED), row("GET /api/v1/keyed", AUTHENTICATED)]
    site = Site(rows, House(trusted=("root",), public_url=OURS))

    assert site.ask("POST", "/api/v1/keyed", headers={**shown, **headers}).status == status
    assert site.ask("GET", "/api/v1/keyed", headers={**shown, **headers}).status == 200
    assert site.ask("POST", "/api/v1/keyed", token="t-admin", headers={**shown, **headers}).status == 200


@pytest.mark.parametrize(
    "cookies",
    [
        "weird[1]=x; {}",
        'a={{"b":1,"c":2}}; {}',
        "foo; {}",
        "path=/x; {}",
        "comment=1; {}",
        "a b=c; {}",
        "a=ü; {}",
        'a="x; {}',
        ";; {}",
        "{}; a=b=c; ,;",
        "a=1,b; {} ; expires=never",
        "$Version=1; {}",
    ],
)
@pytest.mark.parametrize("own", ["X-Escape-Token=t-admin", "authtoken=t-admin", 'authtoken="t-admin"'])
def test_other_programs_cookies_are_passed_over(cookies: str, own: str) -> None:
    site = Site([row("GET /api/v1/me", ADMIN)])

    assert site.ask("GET", "/api/v1/me", headers={"Cookie": cookies.format(own)}).status == 200


OWN_TOKEN = text_of("a secret of the test")
OWN_JWT = session_jwt(OWN_TOKEN, subject="ann", groups=frozenset(), issued_at=NOON, until=NOON)


@pytest.mark.parametrize(
    "cookies",
    [
        f"X-Escape-Token=another; X-Escape-Token={OWN_TOKEN}",
        f"x-escape-token=another; X-Escape-Token={OWN_TOKEN}",
        f"authtoken=another; authtoken={OWN_JWT}",
        f"authtoken=a.b.c; authtoken={OWN_TOKEN}",
        f"X-Escape-Token=another; authtoken={OWN_JWT}",
        f'X-Escape-Token=; authtoken="{OWN_JWT}"',
    ],
)
def test_a_cookie_of_another_program_that_is_called_as_ours_is_passed_over(cookies: str) -> None:
    site = Site([row("GET /api/v1/me", AUTHENTICATED)])

    site.ask("GET", "/api/v1/me", headers={"Cookie": cookies})

    (shown,) = site.house.shown
    assert isinstance(shown, Token | Session)
    assert shown.text in (OWN_TOKEN, OWN_JWT)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"User-Agent": BROWSER}, 200),
        ({"Origin": OURS, "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": THEIRS}, 401),
        ({"Origin": "null"}, 401),
        ({"Sec-Fetch-Site": "cross-site"}, 401),
        ({"Sec-Fetch-Site": "same-site", "Origin": OURS}, 401),
    ],
)
def test_a_password_that_a_browser_remembers_is_no_proof_where_it_says_that_another_page_asked(
    headers: dict[str, str], status: int
) -> None:
    site = Site([row("POST /api/v1/me", AUTHENTICATED)], House(public_url=OURS))

    assert site.ask("POST", "/api/v1/me", headers={"Authorization": basic("ann:t-admin"), **headers}).status == status


@pytest.mark.parametrize(("headers", "is_ambient"), [({}, False), ({"Sec-Fetch-Site": "cross-site"}, True)])
def test_a_get_that_asks_for_a_click_takes_a_remembered_password_for_what_a_cookie_is(
    headers: dict[str, str], is_ambient: bool
) -> None:
    seen: list[bool] = []
    flags = frozenset({Flag.CHANGES, Flag.CLICKED})
    clicked = row("GET /api/v1/me", AUTHENTICATED, flags)

    def read(request: Request) -> str:
        seen.append(request.is_ambient)
        return ""

    site = Site([replace(clicked, handling=replace(clicked.handling, read=read))])
    site.ask("GET", "/api/v1/me", headers={"Authorization": basic("ann:t-admin"), **headers})

    assert seen == [is_ambient]


def test_a_get_that_asks_for_a_click_shows_its_page_to_a_cookie_from_anywhere() -> None:
    flags = frozenset({Flag.CHANGES, Flag.CLICKED})
    site = Site([row("GET|POST /api/v1/me", AUTHENTICATED, flags)])
    headers = {"Cookie": "authtoken=t-admin", "Sec-Fetch-Site": "cross-site"}

    assert site.ask("GET", "/api/v1/me", headers=headers).status == 200
    assert site.ask("POST", "/api/v1/me", headers=headers).status == 401


def test_the_inventory_refuses_strangers_without_a_word() -> None:
    answer = Site([row("GET /api/v1/inventory/", AUTHENTICATED)]).ask("GET", "/api/v1/inventory/")

    assert (answer.status, answer.text) == (401, "")
    assert "Content-Type" not in answer.headers


def test_answers_for_somebody_are_kept_from_caches() -> None:
    site = Site([row("GET /api/v1/me", AUTHENTICATED), row("GET /api/v1/all", PUBLIC)])

    assert site.ask("GET", "/api/v1/me", token="t-admin").headers["Cache-Control"] == "no-store"
    assert "Cache-Control" not in site.ask("GET", "/api/v1/all").headers


def test_a_credential_does_not_show_itself_in_logs() -> None:
    shown = (
        Token(text="s3cret", scheme=AuthScheme.BEARER),
        Password(user="ann", password="s3cret"),
        Session(text="s3cret"),
    )

    assert "s3cret" not in repr(shown)


@pytest.mark.parametrize(
    ("permission", "words"),
    [
        (PUBLIC, "nothing: open to everybody"),
        (AUTHENTICATED, "any known caller"),
        (PROJECT_WRITE, "write in the project {project}"),
        (InProject(Level.OWNER, find_project), "owner in the project it belongs to"),
        (NAMESPACE_READ, "read in the project that owns the namespace {namespace}"),
        (ADMIN, "admin"),
        (RUNNER, "runner"),
    ],
)
def test_a_permission_can_be_said_in_words(permission: Permission, words: str) -> None:
    assert describe(permission) == words


def test_our_own_dialects_take_no_keys_from_queries_and_bodies() -> None:
    assert not OUR_SCHEMES & {AuthScheme.KEY_QUERY, AuthScheme.KEY_BODY, AuthScheme.KEY_HEADER, AuthScheme.IDENTITY}


def test_a_public_row_needs_no_asker_and_knows_none() -> None:
    def read(request: Request) -> dict[str, str]:
        return {"asker": request.asker.name}

    def echo(_: House, ask: dict[str, str]) -> dict[str, str]:
        return ask

    public = Group(STATE, "Things").operation("GET /api/v1/who", "Do.", PUBLIC, Handling(read, echo, json_reply))

    assert Site([public]).ask("GET", "/api/v1/who", token="t-admin").status == 401


def test_a_change_comes_from_whoever_asks_at_the_time_and_with_the_seed_of_the_request() -> None:
    def read(request: Request) -> dict[str, bool]:
        origin = request.origin
        return {"same": (origin.by, origin.at, origin.seed) == (request.asker, request.now, request.seed)}

    def echo(_: House, ask: dict[str, bool]) -> dict[str, bool]:
        return ask

    things = Group(STATE, "Things")
    rows = [
        things.operation(f"GET /api/v1/{name}", "Ask.", permission, Handling(read, echo, json_reply))
        for name, permission in (("known", AUTHENTICATED), ("open", PUBLIC))
    ]

    assert Site(rows).ask("GET", "/api/v1/known", token="t-admin").json == {"same": True}
    assert Site(rows).ask("GET", "/api/v1/open").status == 401


@pytest.mark.parametrize(
    ("method", "path", "token", "most"),
    [
        ("POST", "/api/v1/login", "", LARGEST_JSON),
        ("POST", "/api/v1/state/web/", "t-writer", LARGEST_JSON),
        ("POST", "/api/v1/state/web/", "t-reader", 0),
        ("POST", "/api/v1/state/web/", "", 0),
        ("POST", "/api/v1/state/web/", "wrong", 0),
        ("POST", "/api/v1/file/web", "t-writer", sys.maxsize),
        ("POST", "/api/v1/file/web", "t-reader", 0),
        ("PUT", "/api/v1/file/web", "t-writer", 0),
        ("POST", "/api/v1/nowhere", "t-admin", 0),
    ],
)
def test_a_long_body_is_wanted_of_those_alone_whom_the_row_lets_in(
    method: str, path: str, token: str, most: int
) -> None:
    rows = (
        row("POST /api/v1/login", PUBLIC),
        row("POST /api/v1/state/{project}/", PROJECT_WRITE),
        row("POST /api/v1/file/{project}", PROJECT_WRITE, frozenset({Flag.LARGE_BODY})),
    )
    site = HttpSite(table_of(rows), context_of(House()))
    headers = {"x-escape-token": token} if token else {}

    asked = RawRequest(method=method, path=path, query={}, headers=headers, content=b"", id="")

    assert site.largest_body(asked) == most
