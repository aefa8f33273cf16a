"""People, groups, machines and namespaces: let in, changed, and out again."""

import json
from pathlib import Path

from tests.dialects.matrix.callers import OWNER, READER
from tests.dialects.matrix.world import PASSWORD
from tests.slipway.cli.real.conftest import Slipway, told
from tests.slipway.cli.real_api import RealApi
from tests.slipway.cli.recorded_api import Shell


def test_people_are_shown_changed_and_removed(shop: Slipway) -> None:
    shop("user", "add", "ann", "--email", "ann@example.org", "--role", "project:web:global:read")
    changed = told(shop("user", "edit", "ann", "--group", "ops", "--disable", "--json"))

    assert (changed["email"], changed["groups"], changed["disabled"]) == ("ann@example.org", ["ops"], True)
    assert changed["roles"] == ["project:web:global:read"]
    assert told(shop("user", "edit", "ann", "--role", "", "--json"))["roles"] == []
    shop("user", "edit", "ann", "--password-stdin", "--enable", stdin="correct horse battery\n")
    assert "password and tokens" in shop("user", "show", "ann").stdout
    shop("user", "remove", "ann", "--yes")
    assert "no user ann" in shop("user", "show", "ann", code=3).stderr


def test_groups_give_roles(shop: Slipway) -> None:
    assert shop("group", "set", "devs", "--role", "project:web:global:write").stdout == (
        "group devs gives project:web:global:write\n"
    )
    assert told(shop("group", "list", "--json"))[0]["name"] == "devs"
    refused = shop("group", "set", "devs", "--role", "project:wbe:global:write", code=1).stderr
    assert "no project wbe: create it first" in refused
    assert "king" in shop("group", "set", "devs", "--role", "king", code=1).stderr


def test_a_machine_is_let_in_and_out(shop: Slipway, api: RealApi) -> None:
    made = shop("service-account", "add", "web", "ci", "--role", "read", by=OWNER)
    secret = made.stdout.strip()

    answered = api.world.ask(
        "POST", "/api/v1/auth/service-account/login", {"username": "ci", "secret_token": secret}, by=""
    )
    assert answered.status == 200
    assert "slipway login URL --user ci" in made.stderr
    assert shop("service-account", "list", "web").stdout.splitlines()[1].split()[:2] == ["ci", "read"]
    assert shop("service-account", "remove", "web", "ci", "-y").stdout == "removed service account ci of web\n"
    assert told(shop("service-account", "list", "web", "--json")) == {}


def test_a_machine_of_which_nothing_is_said_may_read(shop: Slipway, api: RealApi) -> None:
    shop("service-account", "add", "web", "ci")
    api.world.done("POST", "/api/v1/state/web/service-accounts/probe/", {})

    accounts = told(shop("service-account", "list", "web", "--json"))
    assert {name: one["role"] for name, one in accounts.items()} == {"ci": "read", "probe": "read"}


def test_a_person_logs_in_by_mail_and_out_again(api: RealApi, tmp_path: Path) -> None:
    shell = Shell(home=tmp_path, environment={})

    came = shell("login", api.address, "--user", "owner@example.org", "--token-stdin", stdin=f"{PASSWORD}\n")
    assert came.exit_code == 0, came.output
    assert json.loads(shell("whoami", "--json").stdout)["roles"] == ["project:web:global:owner"]
    assert shell("logout").exit_code == 0
    assert shell("whoami").exit_code == 4
    wrong = shell("login", api.address, "--user", "owner@example.org", "--token-stdin", stdin="wrong\n")
    assert (wrong.exit_code, "slipway login" in wrong.stderr) == (4, True)


def test_namespaces_are_added_changed_and_removed(shop: Slipway) -> None:
    shop("namespace", "add", "web", "demo", "--description", "demos")
    shop("namespace", "edit", "demo", "--url", "https://x.example.org", "--public")

    shown = told(shop("namespace", "list", "web", "--json"))
    assert (shown["demo"]["description"], shown["demo"]["org_url"]) == ("demos", "https://x.example.org")
    assert list(told(shop("namespace", "list", "--json"))) == ["demo"]
    assert shop("namespace", "remove", "demo", "--yes").stdout == "removed namespace demo: it was empty\n"
    shop("namespace", "remove", "demo", "--yes", code=3)


def test_why_a_person_may_do_something_is_told_to_owners(shop: Slipway) -> None:
    shop("group", "set", "devs", "--role", "project:web:global:write", "--role", "project:other:global:owner")
    shop(
        "user",
        "add",
        "ann",
        "--email",
        "ann@example.org",
        "--role",
        "project:web:global:read",
        "--group",
        "devs",
        "--group",
        "ops",
    )
    shop("user", "add", "bo", "--email", "bo@example.org")

    told_why = shop("why-may", "ann", "web", by=OWNER).stdout

    assert told_why.splitlines() == [
        "ann in web: may read, run and change",
        "  project:web:global:read, a role of their own",
        "  project:web:global:write, through group devs",
        "  teams for gates: devs",
    ]
    assert "teams for gates: devs, ops" in shop("why-may", "ann", "web").stdout
    assert "may do nothing" in shop("why-may", "bo", "web", by=OWNER).stdout
    assert "owner" in shop("why-may", "ann", "web", by=READER, code=4).stderr
    shop("user", "edit", "ann", "--disable")
    assert "is disabled" in shop("why-may", "ann", "web", by=OWNER).stdout
