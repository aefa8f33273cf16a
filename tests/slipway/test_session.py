"""The session is kept for its owner alone, and a token goes only to the address that it is of."""

import json
import stat
from pathlib import Path

import pytest

from slipway.session import Session, find_session, forget_session, ready_session, save_session, session_file

HERE = "http://127.0.0.1:8000"


def a_home(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path), "SLIPWAY_HOME": str(tmp_path / "data")}


def a_ready_file(tmp_path: Path, api: str = HERE, mode: int = 0o600) -> None:
    path = tmp_path / "data" / "ready.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"api": api, "admin_token": "slp_admin", "aws_endpoint": "x"}))
    path.chmod(mode)


def test_a_kept_session_is_for_its_owners_eyes_alone(tmp_path: Path) -> None:
    path = save_session(a_home(tmp_path), Session(api=HERE, token="slp_1", name="ann"))

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [one.name for one in path.parent.iterdir()] == ["session.json"]


def test_a_file_that_others_could_read_is_replaced_by_one_that_they_cannot(tmp_path: Path) -> None:
    path = session_file(a_home(tmp_path))
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    path.chmod(0o644)

    save_session(a_home(tmp_path), Session(api=HERE, token="slp_1"))

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_session_lies_where_xdg_says(tmp_path: Path) -> None:
    assert session_file({"XDG_CONFIG_HOME": str(tmp_path)}) == tmp_path / "slipway" / "session.json"
    assert session_file({"XDG_CONFIG_HOME": "not/absolute", "HOME": "/h"}) == Path("/h/.config/slipway/session.json")


def test_the_environment_is_heard_first_then_the_session_then_the_platform_here(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    a_ready_file(tmp_path)
    last = find_session(home)
    save_session(home, Session(api="https://there", token="slp_2", name="ann"))
    kept = find_session(home)
    told = find_session({**home, "SLIPWAY_API": "https://else/", "SLIPWAY_TOKEN": "slp_3"})

    assert last is not None
    assert (last.api, last.token) == (HERE, "slp_admin")
    assert kept is not None
    assert (kept.api, kept.token, kept.name) == ("https://there", "slp_2", "ann")
    assert told is not None
    assert (told.api, told.token) == ("https://else", "slp_3")


def test_a_token_does_not_go_to_another_address(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    a_ready_file(tmp_path)
    save_session(home, Session(api="https://there", token="slp_2"))

    other = find_session({**home, "SLIPWAY_API": "https://evil"})
    same = find_session({**home, "SLIPWAY_API": HERE})

    assert other == Session(api="https://evil", source="SLIPWAY_API")
    assert same is not None
    assert same.token == "slp_admin"


@pytest.mark.parametrize(("api", "mode"), [("https://evil.example", 0o600), (HERE, 0o644), ("", 0o600)])
def test_a_ready_file_of_another_machine_or_for_others_does_not_count(tmp_path: Path, api: str, mode: int) -> None:
    a_ready_file(tmp_path, api, mode)

    assert ready_session(a_home(tmp_path)) is None


@pytest.mark.parametrize("text", ["", "[]", "{", '{"api": 1}'])
def test_a_spoilt_session_file_is_no_session(tmp_path: Path, text: str) -> None:
    home = a_home(tmp_path)
    save_session(home, Session(api=HERE, token="slp_1")).write_text(text)

    assert find_session(home) is None


def test_a_forgotten_session_is_gone(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    save_session(home, Session(api=HERE, token="slp_1"))

    forget_session(home)
    forget_session(home)

    assert find_session(home) is None
