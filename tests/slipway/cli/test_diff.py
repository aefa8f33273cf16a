"""What differs between environments, or then and now; and all that was done in one."""

import json

import pytest

from tests.slipway.cli.change_sets import DEPLOYMENT
from tests.slipway.cli.recorded_api import RecordedApi, Shell

DIFF = "/api/v1/projects/shop/diff"
HISTORY = "/api/v1/projects/shop/environments/staging/history"
MONDAY, TUESDAY = "2030-05-06T08:00:00+00:00", "2030-05-07T08:00:00+00:00"


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (("staging", "live"), {"old": "staging", "new": "live"}),
        (("staging", "live", "--at", MONDAY), {"old": "staging", "new": "live", "old_at": MONDAY, "new_at": MONDAY}),
        (("staging", "--at", MONDAY), {"old": "staging", "new": "staging", "old_at": MONDAY}),
        (
            ("staging", "--at", MONDAY, "--at", TUESDAY),
            {"old": "staging", "new": "staging", "old_at": MONDAY, "new_at": TUESDAY},
        ),
    ],
)
def test_environments_are_compared_with_one_another_or_with_what_they_were(
    api: RecordedApi, slipway: Shell, words: tuple[str, ...], asked: dict[str, str]
) -> None:
    api.on(f"GET {DIFF}", {"deployments": [DEPLOYMENT], "same": ["till", "shelf"]})
    said = slipway("diff", "shop", *words)

    assert api.last("GET").query == asked
    for line in ("1 differs, 2 are the same", "app 0.9 → 1.0", "~ input port: 80 → 81", "+ till0.py"):
        assert line in said.stdout


def test_where_nothing_differs_it_says_so(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {DIFF}", {"deployments": [], "same": []})

    assert "staging → live: nothing differs" in slipway("diff", "shop", "staging", "live").stdout


@pytest.mark.parametrize("words", [(), ("--at", "1d", "--at", "2d", "--at", "3d"), ("live", "--at", "soon")])
def test_what_cannot_be_compared_is_wrong_usage(api: RecordedApi, slipway: Shell, words: tuple[str, ...]) -> None:
    assert slipway("diff", "shop", "staging", *words).exit_code == 64
    assert api.asked == []


def a_change(deployment: str, **more: object) -> dict[str, object]:
    known = {"at": MONDAY, "action": "deploy", "went_well": True, "release": "shop/web-v1", "version": "1", "by": "ann"}
    return {"deployment": deployment, "run": "R1", **known, **more}


def test_the_history_of_an_environment_is_of_all_that_is_in_it(api: RecordedApi, slipway: Shell) -> None:
    first = a_change("web", went_well=False)
    api.on(
        f"GET {HISTORY}",
        {"items": [first], "next": "7|web"},
        {"items": [a_change("db", action=None, release=None)], "next": None},
    )
    shown = json.loads(slipway("history", "shop", "staging", "--json").stdout)
    api.on(f"GET {HISTORY}", {"items": [first, a_change("db", action=None)], "next": None})
    said = slipway("history", "shop", "staging", "--limit", "2").stdout

    assert [one["deployment"] for one in shown] == ["web", "db"]
    assert [dict(one.query) for one in api.asked] == [
        {"page_size": "20"},
        {"page_size": "20", "page_from": "7|web"},
        {"page_size": "2"},
    ]
    for line in ("deploy, failed", "state written", "shop/web-v1", "ann"):
        assert line in said


def test_what_a_job_wrote_before_it_ended_is_part_of_its_deploy(api: RecordedApi, slipway: Shell) -> None:
    other = a_change("web", action=None, run="R2")
    items = [a_change("web"), a_change("web", action=None), a_change("db", action=None), other]
    api.on(f"GET {HISTORY}", {"items": items, "next": None})
    lines = slipway("history", "shop", "staging").stdout.splitlines()[1:]
    assert ["state written" in line for line in lines] == [False, True, True]
    api.on(f"GET {HISTORY}", {"items": items, "next": None})
    assert len(json.loads(slipway("history", "shop", "staging", "--json").stdout)) == 4
