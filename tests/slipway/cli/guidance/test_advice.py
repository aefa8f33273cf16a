"""Hints fit what happened: whose token it was, which role is missing, what is not there."""

import json
from pathlib import Path

import pytest

from slipway.cli.guidance.advice import hint_for
from slipway.client_error import refused, unanswered
from slipway.session import Session
from tests.slipway.cli.recorded_api import RecordedApi, Shell

FAR = "https://slipway.example.com"
SAVED = Session(api=FAR, token="slp_1", source="/home/ann/.config/slipway/session.json")
BY_VARIABLE = Session(api=FAR, token="slp_1", source="SLIPWAY_TOKEN")


def hint_of(call: str, status: int, message: str, session: Session = SAVED) -> str:
    return hint_for(refused(call, status, json.dumps({"message": message, "errors": []})), session)


@pytest.mark.parametrize(
    ("session", "hint"),
    [
        (SAVED, f"the session of {SAVED.source} has ended: log in with `slipway login {FAR}`"),
        (BY_VARIABLE, f"set SLIPWAY_TOKEN to a token that {FAR} has issued and that holds still"),
        (Session(api=FAR), f"log in with `slipway login {FAR}`, or set SLIPWAY_TOKEN"),
    ],
)
def test_who_is_not_known_is_told_by_where_the_token_came_from(session: Session, hint: str) -> None:
    assert hint_of("GET /api/v1/runs", 401, "no such token", session) == hint


def test_a_wrong_secret_is_no_lost_session() -> None:
    assert "secret" in hint_of("POST /api/v1/auth/service-account/login", 401, "wrong")


@pytest.mark.parametrize(
    ("call", "message", "hint"),
    [
        ("PUT /api/v1/state/web/", "ann has no owner in project web", "ask an owner of project web for the role owner"),
        ("GET /api/v1/users", "ann is no admin", "ask an admin of this platform to do it"),
        ("POST /api/v1/runs/R1/approve", "go is for bob to decide", "see who may act: `slipway why R1`"),
        (
            "POST /api/v1/tokens",
            "a token gives out no further scopes",
            "see who you are here: `slipway whoami`",
        ),
    ],
)
def test_who_may_not_is_told_whom_to_ask(call: str, message: str, hint: str) -> None:
    assert hint_of(call, 403, message) == hint


@pytest.mark.parametrize(
    ("call", "message", "hint"),
    [
        ("POST /api/v1/state/web/add-project", "project web exists already", "take another name, or change the one"),
        ("POST /api/v1/runs/R1/cancel", "run R1 has ended", "see how it is by now: `slipway run show R1`"),
        ("DELETE /api/v1/state/web/", "stopping", ""),
    ],
)
def test_what_contradicts_is_told_by_what_it_is(call: str, message: str, hint: str) -> None:
    assert hint_of(call, 409, message).startswith(hint)
    assert bool(hint) == bool(hint_of(call, 409, message))


def test_a_platform_that_does_not_answer_is_started_here_and_looked_for_elsewhere() -> None:
    error = unanswered(f"nobody answers at {FAR}")

    assert "make up" in hint_for(error, Session(api="http://127.0.0.1:8000"))
    assert SAVED.source in hint_for(error, SAVED)
    assert "make up" not in hint_for(error, SAVED)


def test_a_call_that_the_platform_does_not_know_is_one_of_another_version(api: RecordedApi, slipway: Shell) -> None:
    assert f"the platform at {api.address} is of another version" in slipway("inbox").stderr


def test_a_platform_that_was_stopped_is_69_and_says_how_it_starts(tmp_path: Path) -> None:
    (tmp_path / ".slipway").mkdir()
    (tmp_path / ".slipway" / "lock").touch()
    stopped = Shell(home=tmp_path, environment={"SLIPWAY_HOME": str(tmp_path / ".slipway")})

    result = stopped("run", "list", "--json")

    assert result.exit_code == 69
    assert json.loads(result.stdout)["error"]["exit_code"] == 69
    assert "make up" in result.stderr


def test_who_never_logged_in_and_has_no_platform_is_told_to_log_in(stranger: Shell) -> None:
    result = stranger("run", "list")

    assert result.exit_code == 4
    assert "slipway login" in result.stderr


@pytest.mark.parametrize(("written", "address"), [("{host}", "http://{host}"), ("{host}/", "http://{host}")])
def test_an_address_without_scheme_is_understood(api: RecordedApi, slipway: Shell, written: str, address: str) -> None:
    api.on("GET /api/v1/auth/whoami", {"name": "ann"})
    host = api.address.removeprefix("http://")

    result = slipway("whoami", "--json", SLIPWAY_API=written.format(host=host))

    assert json.loads(result.stdout)["api"] == address.format(host=host)
