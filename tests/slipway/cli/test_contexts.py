"""Logins under names: which one is in use, and files for their owner alone."""

import json
import stat
from pathlib import Path

import pytest

from slipway.contexts import HERE, contexts, contexts_file, use_context
from slipway.session import Session, save_session, saved_session, session_file
from tests.slipway.cli.recorded_api import RecordedApi, Shell


def log_in(shell: Shell, api: RecordedApi, *words: str, as_: str = "ann", by: str = "slp_1") -> None:
    api.on("GET /api/v1/auth/whoami", {"name": as_})
    result = shell("login", api.address, "--token-stdin", *words, stdin=f"{by}\n")
    assert result.exit_code == 0, result.output


def used(shell: Shell, api: RecordedApi) -> str:
    """The token by which a command asks."""
    assert shell("whoami").exit_code == 0
    return api.asked[-1].headers["authorization"].removeprefix("Bearer ")


def test_what_is_used_is_asked(api: RecordedApi, stranger: Shell) -> None:
    log_in(stranger, api, "--context", "test")
    log_in(stranger, api, "--context", "production", as_="bob", by="slp_2")

    assert used(stranger, api) == "slp_2"
    assert stranger("context", "use", "test").stdout == f"test is in use: {api.address} as ann\n"
    assert used(stranger, api) == "slp_1"
    lines = [line.split() for line in stranger("context", "list").stdout.splitlines()]
    assert lines[1:] == [["production", api.address, "bob"], ["*", "test", api.address, "ann"]]


def test_one_command_may_ask_another_platform(api: RecordedApi, stranger: Shell) -> None:
    log_in(stranger, api, "--context", "test")
    log_in(stranger, api, "--context", "production", by="slp_2")

    assert stranger("whoami", SLIPWAY_CONTEXT="test").exit_code == 0
    assert api.asked[-1].headers["authorization"] == "Bearer slp_1"
    unknown = stranger("whoami", SLIPWAY_CONTEXT="tset")
    assert (unknown.exit_code, unknown.stderr.splitlines()[-1]) == (64, "next:  did you mean test?")
    assert used(stranger, api) == "slp_2"


def test_logins_are_kept_for_their_owners_eyes_alone(api: RecordedApi, stranger: Shell) -> None:
    log_in(stranger, api)
    environment = {"HOME": str(stranger.home)}

    for file in (contexts_file(environment), session_file(environment)):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    listed = stranger("context", "list", "--json")
    assert "slp_1" not in listed.output
    host = api.address.removeprefix("http://")
    assert json.loads(listed.stdout) == [{"name": host, "api": api.address, "user": "ann", "in_use": True}]


def test_who_logs_out_is_forgotten_there_alone(api: RecordedApi, stranger: Shell) -> None:
    log_in(stranger, api, "--context", "test")
    log_in(stranger, api, "--context", "production", by="slp_2")
    api.on("POST /api/v1/auth/logout", {})

    assert stranger("logout").exit_code == 0

    assert "slp_2" not in contexts_file({"HOME": str(stranger.home)}).read_text()
    assert stranger("context", "use", "test").exit_code == 0
    assert used(stranger, api) == "slp_1"


def test_a_login_of_before_there_were_contexts_is_one(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path), "SLIPWAY_HOME": str(tmp_path / "none")}
    save_session(home, Session(api="https://slipway.example.com", token="slp_1", name="ann"))

    use_context(home, "slipway.example.com")

    assert list(contexts(home)) == ["slipway.example.com"]
    saved = saved_session(home)
    assert saved is not None
    assert saved.token == "slp_1"


def test_here_is_the_platform_of_this_machine_and_kept_nowhere(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path), "SLIPWAY_HOME": str(tmp_path)}
    ready = tmp_path / "ready.json"
    ready.write_text(json.dumps({"api": "http://127.0.0.1:8000", "admin_token": "slp_admin"}))
    ready.chmod(0o600)
    save_session(home, Session(api="https://there", token="slp_1", context="there"))

    assert use_context(home, HERE).token == "slp_admin"

    assert saved_session(home) is None
    assert list(contexts(home)) == [HERE, "there"]
    assert "slp_admin" not in contexts_file(home).read_text()


@pytest.mark.parametrize("words", [("context", "use", "tset"), ("context", "use", "zzz")])
def test_a_context_that_is_not_there_is_not_used(api: RecordedApi, stranger: Shell, words: tuple[str, ...]) -> None:
    log_in(stranger, api, "--context", "test")

    result = stranger(*words)

    assert result.exit_code == 3
    assert "test" in result.stderr.splitlines()[-1]
    assert used(stranger, api) == "slp_1"


def test_here_is_no_name_to_log_in_under(api: RecordedApi, stranger: Shell) -> None:
    assert stranger("login", api.address, "--context", HERE, "--token-stdin", stdin="slp_1\n").exit_code == 64
