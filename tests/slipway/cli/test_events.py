"""`slipway events`: what occurred, page after page, and as it comes."""

import json
from typing import Any

from tests.slipway.cli.recorded_api import Answer, RecordedApi, Shell

EVENTS = "/api/v1/events"
RUN = {"run": "R1", "phase": "succeeded", "number": 7, "name": "delivery", "started_by": "ada"}
GATE = {"run": "R1", "phase": "succeeded", "name": "delivery", "stage": "production", "gate": "go", "by": "bob"}
PLACE = {"environment": "live", "deployment": "app", "version": "1.0", "phase": "ok", "by": "ada"}


def event(number: int, kind: str, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": f"{number}.0",
        "type": f"slipway.{kind}",
        "time": "2030-05-01T12:00:00Z",
        "project": "shop",
        "subject": "demo/app-v1.0",
        "data": data,
    }


def page(after: int, *events: dict[str, Any]) -> dict[str, Any]:
    return {"items": list(events), "next": str(after)}


def test_events_are_listed_from_page_to_page(api: RecordedApi, slipway: Shell) -> None:
    first, rest = event(3, "run.ended", RUN), (event(4, "gate.ended", GATE), event(5, "deployment.changed", PLACE))
    api.on(f"GET {EVENTS}", page(3, first), page(5, *rest), page(5))

    told = json.loads(slipway("events", "--json", "-p", "shop", "--kind", "run", "--kind", "gate.ended").stdout)

    assert ([one["id"] for one in told["items"]], told["next"]) == (["3.0", "4.0", "5.0"], "5")
    same = {"project": "shop", "kind": "run,gate.ended"}
    assert [dict(one.query) for one in api.asked] == [
        {**same, "limit": "20"},
        {**same, "limit": "19", "after": "3"},
        {**same, "limit": "17", "after": "5"},
    ]


def test_a_list_shows_what_it_happened_to(api: RecordedApi, slipway: Shell) -> None:
    release = event(6, "release.yanked", {"release": "demo/app-v1.0", "by": "ada"})
    api.on(
        f"GET {EVENTS}",
        page(
            6, event(3, "run.ended", RUN), event(4, "gate.ended", GATE), event(5, "deployment.changed", PLACE), release
        ),
        page(6),
    )

    lines = [" ".join(line.split()) for line in slipway("events").stdout.splitlines()]

    for said in ("delivery#7 succeeded ada", "production/go succeeded bob", "live/app 1.0 ok ada", "demo/app-v1.0 ada"):
        assert any(said in line for line in lines), (said, lines)


def test_no_more_are_read_than_are_wanted(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {EVENTS}", page(3, event(3, "run.ended", RUN)))
    assert json.loads(slipway("events", "--json", "--after", "2", "--limit", "1").stdout)["next"] == "3"
    assert [dict(one.query) for one in api.asked] == [{"limit": "1", "after": "2"}]


def test_who_follows_hears_of_each_as_it_comes(api: RecordedApi, slipway: Shell) -> None:
    gone = Answer(body={"message": "no more", "errors": []}, status=403)
    answers = (page(2), page(3, event(3, "run.ended", RUN)), page(5, event(5, "deployment.changed", PLACE)), gone)

    api.on(f"GET {EVENTS}", *answers)
    lines = [json.loads(line) for line in slipway("events", "-f", "--json", "--after", "end").stdout.splitlines()[:2]]
    assert [one["id"] for one in lines] == ["3.0", "5.0"]
    assert [dict(one.query) for one in api.asked[:3]] == [
        {"wait": "20", "after": "end"},
        {"wait": "20", "after": "2"},
        {"wait": "20", "after": "3"},
    ]

    api.on(f"GET {EVENTS}", *answers[1:])
    first = slipway("events", "-f").stdout.splitlines()[0]
    assert first == "2030-05-01T12:00:00Z  shop  run.ended  delivery#7  succeeded  ada"
