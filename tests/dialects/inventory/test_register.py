"""Registering a release on the wire: Escape's words for what is wrong, its defaults, and who may."""

import json
from typing import Any

import pytest

from tests.dialects.inventory.site import INVENTORY, UNIT, Site

REGISTER = f"{INVENTORY}/demo/register"
UNREAD = "Couldn't unmarshal JSON release metadata: "
TYPE = f"{UNREAD}json: cannot unmarshal "
A_PROJECT = "invalid project name 'a/b': two or more letters, digits, _ and -, first a letter or digit"
DEFAULTS = {
    "api_version": 15,
    "built_with_core_version": "0.15.6",
    "built_with_escape_version": "",
    "description": "",
    "files": {},
    "license": "",
    "logo": "",
    "name": "app",
    "repository": "",
    "branch": "",
    "git_revision": "",
    "gt_revision": "",
    "revision_message": "",
    "revision_author": "",
    "metadata": {},
    "version": "1.0",
    "generates": [],
    "consumes": [],
    "downloads": None,
    "depends": [],
    "errands": {},
    "extends": [],
    "inputs": [],
    "outputs": [],
    "project": "_",
    "provides": [],
    "stages": {},
    "templates": [],
    "variable_context": {},
}


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", f"{UNREAD}unexpected end of JSON input"),
        (b'{"name":', f"{UNREAD}unexpected end of JSON input"),
        (b'{"name":"app', f"{UNREAD}unexpected end of JSON input"),
        (b"{} trailing", f"{UNREAD}invalid character 't' after top-level value"),
        (b"nope", f"{UNREAD}invalid character 'n' looking for beginning of value"),
        (b"{name}", f"{UNREAD}invalid character 'n' looking for beginning of object key string"),
        (b'{"name": NaN}', f"{UNREAD}invalid character 'N' looking for beginning of value"),
        (b"[]", f"{TYPE}array into Go value of type core.ReleaseMetadata"),
        (b'"app"', f"{TYPE}string into Go value of type core.ReleaseMetadata"),
        (b"null", "Missing release metadata"),
        (b"{}", "Missing name field in release metadata"),
        (b'{"api_version":"1"}', f"{TYPE}string into Go struct field ReleaseMetadata.api_version of type int"),
        (b'{"api_version":1.5}', f"{TYPE}number 1.5 into Go struct field ReleaseMetadata.api_version of type int"),
        (b'{"name":1}', f"{TYPE}number into Go struct field ReleaseMetadata.name of type string"),
        (b'{"metadata":[]}', f"{TYPE}array into Go struct field ReleaseMetadata.metadata of type map[string]string"),
        (b'{"generates":[null]}', f"{TYPE}null into Go struct field ReleaseMetadata.generates of type string"),
        (b'{"inputs":[null]}', f"{TYPE}null into Go struct field ReleaseMetadata.inputs of type variables.Variable"),
        (
            b'{"stages":{"build":null}}',
            f"{TYPE}null into Go struct field ReleaseMetadata.stages of type core.ExecStage",
        ),
        (b'{"inputs":[{"visible":"x"}]}', f"{TYPE}string into Go struct field Variable.inputs.visible of type bool"),
        (b'{"name":"\\ud800"}', f"{UNREAD}half of a surrogate pair stands alone"),
        (b"[" * 5000 + b"]" * 5000, f"{UNREAD}exceeded max depth"),
        (b'{"name":"App","version":"1"}', "Invalid name 'App'"),
        (b'{"name":"app","version":"1.@"}', "Can't add release with unresolved version"),
    ],
)
def test_what_is_wrong_is_told_in_escapes_words(site: Site, body: bytes, message: str) -> None:
    assert site.said_to("POST", REGISTER, body) == (400, message)
    assert site.inventory.kept == {}


def test_what_is_left_out_has_escapes_defaults(site: Site) -> None:
    site.said_to("POST", REGISTER, {"name": "app", "version": "1.0"})

    shown = site.ask("GET", f"{UNIT}/versions/1.0/")

    assert shown.headers["Content-Type"] == "application/json"
    assert list(shown.json.items()) == list(DEFAULTS.items())


def test_every_field_comes_back_as_it_was_given(site: Site) -> None:
    scopes = ["build", "deploy"]
    variable = {
        "id": "port",
        "type": "integer",
        "default": 3,
        "description": "d",
        "friendly": "f",
        "visible": True,
        "options": {"a": [1.5]},
        "sensitive": True,
        "items": ["a", {"b": None}],
        "eval_before_dependencies": True,
        "scopes": ["deploy"],
    }
    stage = {"cmd": "make", "args": ["x"]}
    body: dict[str, Any] = DEFAULTS | {
        "files": {"a": "md5"},
        "git_revision": "abc",
        "gt_revision": "abc",
        "metadata": {"b": "2", "a": "1"},
        "generates": ["*.o"],
        "consumes": [
            {"name": "db", "scopes": ["build"], "variable": "d", "skip_activate": True, "skip_deactivate": False}
        ],
        "downloads": [
            {
                "url": "http://x",
                "dest": "y",
                "overwrite": True,
                "if_not_exists": ["z"],
                "unpack": False,
                "platform": "linux",
                "arch": "",
                "scopes": scopes,
            }
        ],
        "depends": [
            {
                "release_id": "demo/x-v1",
                "mapping": {"a": 1},
                "build_mapping": {},
                "deploy_mapping": {"b": ["c"]},
                "consumes": {"db": "$db"},
                "deployment_name": "x",
                "variable": "x",
                "scopes": scopes,
            }
        ],
        "errands": {
            "e": {"name": "e", "description": "d", "script": "", "exec_stage": {"script": "e.sh"}, "inputs": [variable]}
        },
        "extends": [{"release_id": "demo/y-v2"}],
        "inputs": [variable],
        "outputs": [variable],
        "provides": [{"name": "web"}],
        "stages": {"build": stage, "test": {"inline": "true"}},
        "templates": [{"file": "f", "target": "t", "scopes": None, "mapping": {"a": "b"}}],
        "variable_context": {"x": "y"},
    }

    assert site.said_to("POST", REGISTER, body) == (200, "")

    assert site.get(f"{UNIT}/versions/1.0/") == body


def test_the_seeds_spelling_of_the_revision_is_read_too(site: Site) -> None:
    site.register("1.0", gt_revision="abc")
    assert site.get(f"{UNIT}/versions/1.0/")["git_revision"] == "abc"


def test_keys_are_known_in_any_case_and_the_last_wins(site: Site) -> None:
    body = b'{"name":"other","version":"1","NAME":"app","unknown":{"a":[]},"metadata":{"k":"1","k":"2"}}'

    assert site.said_to("POST", REGISTER, body) == (200, "")

    assert site.get(f"{UNIT}/versions/1/")["metadata"] == {"k": "2"}


def test_the_address_says_where_and_the_body_only_says(site: Site) -> None:
    site.register("1.0", project="other")
    assert site.get(f"{UNIT}/versions/1.0/")["project"] == "other"


def test_markup_is_escaped_and_maps_are_sorted(site: Site) -> None:
    site.register("1.0", description="<a & b>\u2028ö", metadata={"z": "1", "a": "2"})

    text = site.ask("GET", f"{UNIT}/versions/1.0/").text

    assert '"description":"\\u003ca \\u0026 b\\u003e\\u2028ö"' in text
    assert '"metadata":{"a":"2","z":"1"}' in text
    assert text.endswith("}\n")


def test_a_version_is_registered_once(site: Site) -> None:
    site.register("1.0", description="first")
    assert site.register("1.0", description="second") == (400, "Release app-v1.0 already exists")
    assert site.get(f"{UNIT}/versions/1.0/")["description"] == "first"


def test_the_same_ask_again_is_answered_the_same(site: Site) -> None:
    body = json.dumps({"name": "app", "version": "1.0"}).encode()
    twice = [site.ask("POST", REGISTER, body, Idempotency_Key="k") for _ in range(2)]
    assert [(one.status, one.text) for one in twice] == [(200, "")] * 2


def test_a_wrong_namespace_is_refused_last(site: Site) -> None:
    target = f"{INVENTORY}/BAD/register"
    assert site.said_to("POST", target, {"name": "app"}, by="root")[1].startswith("Missing version")
    assert site.said_to("POST", target, {"name": "app", "version": "1"}, by="root") == (400, "Invalid name 'BAD'")


def test_an_application_is_described_by_its_last_release_and_numbered_by_its_highest(site: Site) -> None:
    site.register("10.0", description="ten", logo="TEN")
    site.register("9.0", description="nine", logo="NINE")

    unit = site.get(f"{UNIT}/")

    assert (unit["latest_version"], unit["description"], unit["logo"]) == ("10.0", "nine", "NINE")
    assert unit["versions"] == ["10.0", "9.0"]


@pytest.mark.parametrize(
    ("by", "header", "project"),
    [("ada", "", "web"), ("root", "", "demo"), ("root", "shop", "shop"), ("two", "shop", "shop")],
)
def test_a_new_namespace_belongs_to_whom_the_asker_means(site: Site, by: str, header: str, project: str) -> None:
    sent = {"X_Slipway_Project": header} if header else {}

    answered = site.ask("POST", REGISTER, {"name": "app", "version": "1"}, by=by, **sent)

    assert (answered.status, site.inventory.project_of("demo")) == (200, project)


@pytest.mark.parametrize(
    ("by", "header", "answer"),
    [
        ("", "", (401, "")),
        ("bob", "", (403, "bob has no write in project web")),
        ("sam", "web", (404, "")),
        ("two", "", (404, "")),
        ("root", "mars", (400, "project: no project mars")),
        ("root", "a/b", (400, f"project: {A_PROJECT}")),
    ],
)
def test_who_may_not_makes_no_namespace(site: Site, by: str, header: str, answer: tuple[int, str]) -> None:
    sent = {"X_Slipway_Project": header} if header else {}

    answered = site.ask("POST", REGISTER, {"name": "app", "version": "1"}, by=by, **sent)

    assert (answered.status, answered.text) == answer
    assert site.inventory.kept == {}


@pytest.mark.parametrize(("by", "status"), [("sam", 404), ("bob", 403), ("ada", 200), ("root", 200)])
def test_whoever_may_write_to_the_namespaces_project_registers(site: Site, by: str, status: int) -> None:
    site.register("1.0")
    assert site.register("1.1", by=by)[0] == status
