"""Logging in keeps a session that holds; logging out forgets it; tokens are shown once."""

import json
import stat
from pathlib import Path

from slipway.session import saved_session
from tests.slipway.cli.recorded_api import TOKEN, Answer, RecordedApi, Shell

WHO = {
    "name": "ann",
    "kind": "user",
    "is_admin": False,
    "roles": ["project:shop:global:write"],
    "groups": [],
    "scopes": [],
}
WHOAMI = "GET /api/v1/auth/whoami"


def kept(shell: Shell) -> tuple[str, str, str] | None:
    found = saved_session({"HOME": str(shell.home)})
    return (found.api, found.token, found.name) if found is not None else None


def test_a_token_is_verified_before_it_is_kept(api: RecordedApi, stranger: Shell) -> None:
    api.on(WHOAMI, WHO)

    result = stranger("login", api.address, "--token-stdin", stdin="slp_1\n")

    assert result.exit_code == 0
    assert f"logged in to {api.address} as ann" in result.stdout
    assert api.asked[-1].headers["authorization"] == "Bearer slp_1"
    assert kept(stranger) == (api.address, "slp_1", "ann")
    path = stranger.home / ".config/slipway/session.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_wrong_token_is_not_kept(api: RecordedApi, stranger: Shell) -> None:
    api.refuse(WHOAMI, 401, "credentials are missing, wrong or expired")

    result = stranger("login", api.address, stdin="slp_wrong\n")

    assert result.exit_code == 4
    assert "slipway login" in result.stderr
    assert kept(stranger) is None


def test_a_service_account_trades_its_secret_for_a_session(api: RecordedApi, stranger: Shell) -> None:
    api.on("POST /api/v1/auth/service-account/login", Answer(headers={"X-Escape-Token": "slp_session"}))
    api.on(WHOAMI, WHO)

    result = stranger("login", api.address, "--user", "ci", "--token-stdin", stdin="secret\n")

    assert result.exit_code == 0
    assert api.last("POST").body == {"username": "ci", "secret_token": "secret"}
    assert kept(stranger) == (api.address, "slp_session", "ann")


def test_the_token_of_a_platform_on_this_machine_is_found(api: RecordedApi, stranger: Shell, tmp_path: Path) -> None:
    api.on(WHOAMI, WHO)
    ready = tmp_path / "ready.json"
    ready.write_text(json.dumps({"api": api.address, "admin_token": "slp_admin"}))
    ready.chmod(0o600)

    result = stranger("login", SLIPWAY_HOME=str(tmp_path))

    assert result.exit_code == 0
    assert kept(stranger) == (api.address, "slp_admin", "ann")


def test_an_address_that_is_none_is_wrong_usage(stranger: Shell) -> None:
    for address in ("ftp://x", "http://", "http://me:secret@host"):
        assert stranger("login", address, "--token-stdin", stdin="t\n").exit_code == 64


def test_what_is_no_platform_is_named(api: RecordedApi, stranger: Shell) -> None:
    api.on(WHOAMI, ["hello"])

    assert "does not say who asks" in stranger("login", api.address, "--token-stdin", stdin="t\n").stderr


def test_logging_out_ends_the_session_and_forgets_it(api: RecordedApi, stranger: Shell) -> None:
    api.on(WHOAMI, WHO)
    api.on("POST /api/v1/auth/logout", {})
    stranger("login", api.address, "--token-stdin", stdin="slp_1\n")

    first, second = stranger("logout"), stranger("logout")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert api.last("POST").headers["authorization"] == "Bearer slp_1"
    assert kept(stranger) is None


def test_whoever_is_not_logged_in_is_told_what_to_do(stranger: Shell) -> None:
    result = stranger("whoami")

    assert result.exit_code == 4
    assert "slipway login" in result.stderr
    assert "make up" in result.stderr


def test_all_sessions_are_ended_at_once(api: RecordedApi, stranger: Shell) -> None:
    api.on(WHOAMI, WHO)
    api.on("POST /api/v1/auth/end-sessions", {})
    stranger("login", api.address, "--token-stdin", stdin="slp_1\n")

    assert stranger("logout", "--everywhere").exit_code == 0
    assert api.last("POST").path == "/api/v1/auth/end-sessions"


def test_a_password_is_changed_and_what_stays_is_told(api: RecordedApi, slipway: Shell) -> None:
    api.on("POST /api/v1/auth/password", {"items": [{"owner": "r1"}], "next": None})

    result = slipway("password", "--stdin", stdin="old\nnew\n")

    assert api.last("POST").body == {"current_password": "old", "new_password": "new"}
    assert "Tokens that stay: r1" in result.stdout
    assert slipway("password", stdin="old\nnew\nother\n").exit_code == 64


def test_tokens_that_somebody_made_for_machines_are_listed(api: RecordedApi, slipway: Shell) -> None:
    api.on("GET /api/v1/tokens", {"items": [], "next": None})

    slipway("token", "list", "--minted")

    assert api.last("GET").query["minted"] == "true"


def test_whoami_says_who_asks_where(api: RecordedApi, slipway: Shell) -> None:
    api.on(WHOAMI, WHO)

    text, data = slipway("whoami"), slipway("whoami", "--json")

    assert text.stdout.splitlines()[0] == "name      ann"
    assert json.loads(data.stdout) == {"api": api.address, **WHO}
    assert api.asked[0].headers["authorization"] == f"Bearer {TOKEN}"


def a_token(**more: object) -> dict[str, object]:
    return {
        "id": "T1",
        "kind": "user",
        "owner": "user:ann",
        "label": "ci",
        "scopes": ["all"],
        "is_session": False,
        "created_at": "2030-05-01T12:00:00+00:00",
        "created_by": "ann",
        "expires_at": None,
        **more,
    }


def test_a_new_token_stands_alone_on_stdout(api: RecordedApi, slipway: Shell) -> None:
    api.on("POST /api/v1/tokens", a_token(token="slp_new"))

    result = slipway("token", "issue", "--label", "ci", "--expires-in", "12h", "--runner", "r1", "--pool", "linux")

    assert result.stdout == "slp_new\n"
    assert "shown this once" in result.stderr
    assert api.last("POST").body == {"label": "ci", "expires_in": 43_200, "runner": "r1", "pools": ["linux"]}


def test_tokens_are_listed_page_by_page_and_revoked(api: RecordedApi, slipway: Shell) -> None:
    api.on(
        "GET /api/v1/tokens", {"items": [a_token()] * 200, "next": "p2"}, {"items": [a_token(id="T9")], "next": "T9"}
    )
    api.on("DELETE /api/v1/tokens/T%2F1", {})

    listed, revoked = slipway("token", "list", "--json"), slipway("token", "revoke", "T/1")

    assert len(json.loads(listed.stdout)) == 201
    assert api.asked[1].query["page_from"] == "p2"
    assert revoked.exit_code == 0


def test_a_length_of_time_that_is_none_is_wrong_usage(slipway: Shell) -> None:
    result = slipway("token", "issue", "--expires-in", "soon")

    assert result.exit_code == 64
    assert "90d" in result.stderr


def test_people_are_added_with_a_password_that_is_not_typed(api: RecordedApi, slipway: Shell) -> None:
    api.on("POST /api/v1/users", {"name": "bob"})
    api.on("GET /api/v1/users", {"items": [{"name": "bob", "roles": ["admin"]}], "next": "bob"})

    added = slipway("user", "add", "bob", "--role", "admin", "--password-stdin", stdin="secret\n")

    assert added.exit_code == 0
    assert api.last("POST").body["password"] == "secret"
    assert "bob" in slipway("user", "list").stdout


ENTRY = {"id": "1", "at": "2030-05-01T12:00:00+00:00", "by": "ann", "act": "added-project", "subject": "shop"}


def test_a_person_is_invited_and_the_invitation_stands_alone_on_stdout(api: RecordedApi, slipway: Shell) -> None:
    made = {"user": "ann", "invitation": "ann.slp_x", "expires_at": "2030-05-03T12:00:00+00:00"}
    api.on("POST /api/v1/users/ann/invitation", made)

    result = slipway("user", "invite", "ann", "--valid-for", "2d")

    assert result.stdout == "ann.slp_x\n"
    assert "invitation of ann, until 2030-05-03" in result.stderr
    assert api.last("POST").body == {"expires_in": 172_800}


def test_who_is_invited_chooses_a_password_and_is_logged_in(api: RecordedApi, slipway: Shell) -> None:
    api.on("POST /api/v1/auth/invitation", {"name": "ann"})
    api.on("POST /api/v1/auth/service-account/login", Answer(body=None, headers={"X-Escape-Token": "slp_new"}))
    api.on("GET /api/v1/auth/whoami", {"name": "ann", "kind": "user"})

    result = slipway("login", api.address, "--invited", "--token-stdin", stdin="ann.slp_x\ncorrect horse\n")

    assert result.exit_code == 0, result.stderr
    accepted, login = [one.body for one in api.asked if one.method == "POST"]
    assert accepted == {"invitation": "ann.slp_x", "password": "correct horse"}
    assert login == {"username": "ann", "secret_token": "correct horse"}


def test_the_audit_log_is_shown_and_proved(api: RecordedApi, slipway: Shell) -> None:
    api.on("GET /api/v1/audit", {"items": [ENTRY], "next": "1"})
    half = {"seals": 5, "entries": 9, "reached": {"number": 5, "digest": "d"}, "is_end": False, "broken": None}
    api.on("GET /api/v1/audit/verify", half, {**half, "is_end": True})

    shown, whole = slipway("audit", "-p", "shop"), slipway("audit", "verify")

    assert "added-project" in shown.stdout
    assert api.asked[0].query == {"project": "shop", "page_size": "50"}
    assert (whole.exit_code, whole.stdout) == (0, "whole: 18 entries under 10 seals\n")
    assert api.asked[-1].query == {"number": "5", "digest": "d"}


def test_entries_are_looked_for_by_options(api: RecordedApi, slipway: Shell) -> None:
    api.on("GET /api/v1/audit", {"items": [], "next": "a"}, {"items": [ENTRY], "next": None})
    options = ("--by", "ann", "--act", "approved", "--subject", "run 7", "--machines")

    shown = slipway("audit", *options, "--since", "2030-05-01T12:00:00Z", "--until", "2030-05-02T00:00:00Z")

    assert "added-project" in shown.stdout
    assert api.asked[0].query == {
        "by": "ann",
        "act": "approved",
        "subject": "run 7",
        "machines": "true",
        "since": "2030-05-01T12:00:00+00:00",
        "until": "2030-05-02T00:00:00+00:00",
        "page_size": "50",
    }
    assert api.asked[1].query["page_from"] == "a"
    assert slipway("audit", "--since", "some day").exit_code == 64


def test_the_audit_log_is_written_as_csv_that_no_spreadsheet_computes(api: RecordedApi, slipway: Shell) -> None:
    entry = {**ENTRY, "project": "shop", "notes": '=HYPERLINK(1), "x"', "details": {"run": "R1"}}
    api.on("GET /api/v1/audit", {"items": [entry], "next": "a"}, {"items": [entry], "next": None})

    written = slipway("audit", "--csv").stdout

    line = '2030-05-01T12:00:00+00:00,ann,added-project,shop,shop,"\'=HYPERLINK(1), ""x""",run=R1'
    assert written.splitlines() == ["at,by,act,subject,project,notes,details", line, line]


def test_a_broken_audit_log_fails_and_names_the_place(api: RecordedApi, slipway: Shell) -> None:
    broken = {"seal": 3, "entry": "E7", "message": "was changed"}
    page = {"seals": 3, "entries": 7, "reached": {"number": 3, "digest": "d"}, "is_end": False, "broken": broken}
    api.on("GET /api/v1/audit/verify", page)

    result = slipway("audit", "verify")

    assert (result.exit_code, result.stdout) == (1, "broken at seal 3, entry E7: was changed\n")
