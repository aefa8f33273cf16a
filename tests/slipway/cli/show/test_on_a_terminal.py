"""Whole commands on a terminal of some width: what they list can be copied, and `--wide` cuts nothing."""

from datetime import UTC, datetime, timedelta

from slipway.cli.show.plain_text import uncoloured
from tests.slipway.cli.recorded_api import RecordedApi
from tests.slipway.cli.terminal import a_terminal, in_terminal

REASON = "smoke failed: the site answers 503 since the last change of the proxy"
ID = "R" * 26


def a_summary(**more: object) -> dict[str, object]:
    began = (datetime.now(UTC) - timedelta(minutes=3, seconds=5)).isoformat()
    run = {"id": ID, "project": "web", "kind": "pipeline", "environment": "", "name": "delivery", "run_nr": 7}
    return {**run, "phase": "failed", "created_at": began, "started_by": "ann", "reason": REASON, **more}


def test_run_list_fits_a_terminal_of_80_columns(api: RecordedApi) -> None:
    api.on("GET /api/v1/runs", {"items": [a_summary()], "next": None})

    code, sent = in_terminal(["run", "list"], a_terminal(api, COLUMNS="80", NO_COLOR="1"))
    lines = [uncoloured(line).rstrip() for line in sent.splitlines()]

    assert code == 0
    assert max(map(len, lines)) <= 80
    assert lines[1].startswith("web/delivery#7  failed  3 min ago ")
    assert "smoke failed: the site …" in lines[1]
    assert lines[2] == "not shown for want of room: id (--wide)"


def test_wide_shows_all_however_narrow_the_terminal(api: RecordedApi) -> None:
    api.on("GET /api/v1/runs", {"items": [a_summary()], "next": None})

    for words in (["run", "list", "--wide"], ["--wide", "run", "list"]):
        _, sent = in_terminal(words, a_terminal(api, COLUMNS="40", NO_COLOR="1"))

        assert REASON in sent
        assert ID in sent


def test_an_address_is_whole_in_a_tree_and_in_an_error(api: RecordedApi) -> None:
    address = f"{api.address}/api/v1/pipelines/by-project/web/pipelines/webhook/{'f' * 32}"
    pipeline = {"name": "delivery", "triggers": [{"webhooktoken": "f" * 32}]}
    api.on("GET /api/v1/pipelines/by-project/web/by-name/delivery/", pipeline)
    api.refuse("GET /api/v1/auth/whoami", 400, f"what answers at {address} is no platform")

    for words in (["pipeline", "show", "web", "delivery"], ["whoami"]):
        _, sent = in_terminal(words, a_terminal(api, COLUMNS="40", NO_COLOR="1"))

        assert address in sent
