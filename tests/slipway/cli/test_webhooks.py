"""`slipway webhook …`: who is called for events, and what became of it."""

from typing import Any

from tests.slipway.cli.recorded_api import RecordedApi, Shell

WEBHOOKS = "/api/v1/webhooks"
ONE = {
    "id": "w1",
    "project": "shop",
    "url": "https://hooks.example.org/in?token=***",
    "kinds": ["run", "gate"],
    "by": "ada",
    "at": "2030-05-01T12:00:00+00:00",
    "failing_since": None,
    "paused": "",
}


def delivery(event: str, status: str, *said: str) -> dict[str, Any]:
    return {
        "id": event,
        "type": "slipway.run.ended",
        "status": status,
        "at": "2030-05-01T12:00:00+00:00",
        "next_at": None,
        "attempts": [{"at": "2030-05-01T12:00:00+00:00", "status": 500, "said": one} for one in said],
        "event": {},
    }


def test_a_new_webhook_shows_its_secret_once(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"POST {WEBHOOKS}", {**ONE, "secret": "whsec_abc"})
    shown = slipway("webhook", "add", "https://hooks.example.org/in?token=x", "-p", "shop", "--kind", "run").stdout
    assert "whsec_abc" in shown
    asked = api.last("POST")
    assert asked.body == {"url": "https://hooks.example.org/in?token=x", "kinds": ["run"], "secret": ""}
    assert dict(asked.query) == {"project": "shop"}


def test_a_list_says_which_go_well(api: RecordedApi, slipway: Shell) -> None:
    failing = {**ONE, "id": "w2", "failing_since": "2030-05-01T11:00:00+00:00"}
    paused = {**ONE, "id": "w3", "paused": "its address answered 410: it wants no more"}
    api.on(f"GET {WEBHOOKS}", {"items": [ONE, failing, paused]})
    lines = [" ".join(line.split()) for line in slipway("webhook", "list").stdout.splitlines()]
    for said in ("run, gate ok", "failing since 2030-05-01", "paused: its address answered 410"):
        assert any(said in line for line in lines), (said, lines)
    assert dict(api.last("GET").query) == {}


def test_deliveries_show_the_last_answer_and_how_many_there_were(api: RecordedApi, slipway: Shell) -> None:
    found = [delivery("9.0", "failed", "answered 500", "answered 503"), delivery("8.0", "pending")]
    api.on(f"GET {WEBHOOKS}/w1/deliveries", {"items": found, "next": None})
    shown = " ".join(slipway("webhook", "deliveries", "w1", "-p", "shop").stdout.split())
    assert "9.0 slipway.run.ended failed" in shown
    assert "answered 503 (2)" in shown
    assert dict(api.last("GET").query) == {"project": "shop", "page_size": "20"}


def test_an_event_is_sent_again_and_a_webhook_resumed_or_removed(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"POST {WEBHOOKS}/w1/deliveries/9.0/redeliver", delivery("9.0", "pending", "answered 500"))
    api.on(f"POST {WEBHOOKS}/w1/resume", ONE)
    api.on(f"DELETE {WEBHOOKS}/w1", {})
    assert "pending" in slipway("webhook", "redeliver", "w1", "9.0", "-p", "shop").stdout
    assert "ok" in slipway("webhook", "resume", "w1", "-p", "shop").stdout
    assert slipway("webhook", "remove", "w1", "--yes").exit_code == 0
    assert dict(api.last("DELETE").query) == {}
