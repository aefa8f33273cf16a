"""The page of a run: what whom it offers, and that nothing that others wrote becomes markup."""

import re
from urllib.parse import urljoin

import pytest

from tests.dialects.console.given import HOSTILE, a_delivery, a_failure, a_project, a_run
from tests.dialects.matrix.callers import ADMIN, OWNER, READER, WRITER
from tests.dialects.matrix.world import World, people
from tests.http.house import ask_app

VIEWS = ("graph", "gantt", "list")


@pytest.fixture
def world() -> World:
    world = World()
    people(world)
    a_project(world)
    return world


def page(world: World, run: str, by: str = OWNER, query: str = "") -> str:
    answered = world.ask("GET", f"/runs/{run}{query}", by=by)
    assert answered.status == 200
    return answered.text


def test_buttons_are_for_whom_they_work(world: World) -> None:
    run = a_delivery(world)
    offered = {
        by: set(re.findall(r'value="(\w+)" class', page(world, run, by))) for by in (READER, WRITER, OWNER, ADMIN)
    }

    decisions = {"approve", "reject", "cancel"}
    assert offered == {
        READER: set(),
        WRITER: decisions,
        OWNER: decisions | {"override"},
        ADMIN: decisions | {"override"},
    }


def test_an_approval_goes_on_to_the_end(world: World) -> None:
    run = a_delivery(world)
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    sent = world.ask(
        "POST", f"/runs/{run}/decisions", b"decision=approve&node=g1&execution=3&notes=fine", by=OWNER, **form
    )
    world.house.work_off()

    assert (sent.status, sent.headers["Location"]) == (303, f"../{run}")
    assert "succeeded" in page(world, run).partition("</h1>")[2][:200]


def test_what_a_freeze_holds_says_until_when(world: World) -> None:
    freeze = {"environment": "production", "ends": "2100-01-01T00:00:00Z", "reason": "winter"}
    world.done("POST", "/api/v1/freezes?project=web", freeze, by=OWNER)
    run = a_delivery(world)
    world.done("POST", f"/api/v1/runs/{run}/decisions", {"decision": "approve", "node": "g1"})
    world.work_off()

    shown = page(world, run)

    assert "frozen by owner: winter" in shown
    assert "2100-01-01 00:00:00 UTC" in shown


def test_a_reader_who_knows_it_gets_nothing_until_something_changes(world: World) -> None:
    run = a_delivery(world)
    known = page(world, run).split('data-known="')[1].split('"')[0]

    unchanged = world.ask("GET", f"/runs/{run}?known={known}", by=OWNER)
    world.done("POST", f"/api/v1/runs/{run}/acts", {"act": "cancel"})
    changed = world.ask("GET", f"/runs/{run}?known={known}", by=OWNER)

    assert (unchanged.status, unchanged.content, changed.status) == (204, b"", 200)


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_that_others_wrote_becomes_markup(world: World, view: str) -> None:
    named = a_run(world, "hostile", [{"name": HOSTILE[:60], "steps": [{"name": HOSTILE[:60], "type": "noop"}]}])
    failed = a_failure(world, lines=3)

    for shown in (page(world, named, query=f"?view={view}"), page(world, failed, query=f"?view={view}")):
        assert "&lt;script&gt;document" in shown
        assert "<script>document" not in shown
        assert "<img src=x" not in shown


def test_colours_of_a_log_are_left_out_where_no_script_shows_them(world: World) -> None:
    shown = page(world, a_failure(world, lines=3))

    assert "ok test 1 passed" in shown
    assert "\x1b" not in shown


def test_a_log_is_plain_text(world: World) -> None:
    job = page(world, a_failure(world, lines=3)).split('data-log="../logs/')[1].split('"')[0]
    answered = world.ask("GET", f"/logs/{job}", by=READER)

    assert answered.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answered.headers["X-Content-Type-Options"] == "nosniff"
    assert HOSTILE in answered.text


def test_the_consoles_cookie_opens_the_console_and_no_api(world: World) -> None:
    a_delivery(world)
    asked = {"Cookie": f"__Host-slipway={world.tokens[OWNER]}"}
    ours = {"Cookie": f"X-Escape-Token={world.tokens[OWNER]}"}

    def status(path: str, headers: dict[str, str]) -> int:
        return ask_app(world.app, "GET", path, headers=headers).status

    assert (status("/home", asked), status("/api/v1/auth/whoami", asked)) == (200, 401)
    assert status("/home", ours) == 401


def test_a_form_of_another_site_is_not_heeded(world: World) -> None:
    run = a_delivery(world)
    foreign = {
        "Cookie": f"__Host-slipway={world.tokens[OWNER]}",
        "Sec-Fetch-Site": "cross-site",
        "Content-Type": "application/x-www-form-urlencoded",
    }

    answered = ask_app(world.app, "POST", f"/runs/{run}/acts", b"act=cancel", headers=foreign)

    assert answered.status == 401


@pytest.mark.parametrize(
    ("target", "body", "status"),
    [
        ("/runs/$run/decisions", b"once=1&decision=approve&node=g1&execution=9", 409),
        ("/runs/$run/acts", b"act=dance", 400),
        ("/runs/nothing/acts", b"act=cancel", 404),
        ("/runs/a/b/c", b"", 404),
    ],
)
def test_a_refusal_has_the_readers_colours_and_its_links_lead_somewhere(
    world: World, target: str, body: bytes, status: int
) -> None:
    path = target.replace("$run", a_delivery(world))
    form = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": "slipway-theme=dark; slipway-times=utc"}

    refused = world.ask("POST", path, body, by=OWNER, **form)

    assert refused.status == status
    assert 'data-theme="dark" data-times="utc"' in refused.text
    (styles,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', refused.text)
    assert urljoin(f"https://slipway.example/stage{path}", styles).startswith("https://slipway.example/stage/static/")


def test_a_decision_is_bound_to_what_the_page_shows_that_it_lets_in(world: World) -> None:
    run = a_delivery(world)
    shown = page(world, run)
    (digest,) = re.findall(r'name="changes" value="(\w{64})"', shown)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    body = "decision=approve&node=g1&execution=3&changes="

    stale = world.ask("POST", f"/runs/{run}/decisions", f"{body}{'0' * 64}".encode(), by=OWNER, **form)
    done = world.ask("POST", f"/runs/{run}/decisions", f"{body}{digest}".encode(), by=OWNER, **form)

    assert (stale.status, "has changed" in stale.text, done.status) == (409, True, 303)
    assert 'name="changes"' not in page(world, run, READER)


def test_the_page_of_a_child_run_leads_to_the_step_that_started_it(world: World) -> None:
    trigger = {"name": "go", "type": "pipeline-trigger", "pipeline": "below", "wait_for_pipeline": True}
    pipelines = "/api/v1/pipelines/by-project/web"
    for name, step in (("below", {"name": "say", "type": "noop"}), ("above", trigger)):
        world.done("POST", f"{pipelines}/add", {"name": name, "phases": [{"name": "p", "steps": [step]}]})
    run = world.done("POST", f"{pipelines}/by-name/above/trigger", by=WRITER)["id"]
    world.house.work_off()
    (node,) = world.done("GET", f"/api/v1/runs/{run}")["stages"][0]["nodes"]
    assert f'/runs/{run}?step=1/{node["key"]}"' in page(world, node["child"])


def test_two_forms_of_one_view_that_hold_the_same_are_two(world: World) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    frozen = [
        {"environment": name, "ends": "2100-01-01T00:00:00Z", "reason": name} for name in ("staging", "production")
    ]
    freezes = [world.done("POST", "/api/v1/freezes?project=web", one)["id"] for one in frozen]

    lifted = [
        world.ask("POST", f"/calendar/freezes/{freeze}/lift", b"once=view-1&project=web", by=OWNER, **form).status
        for freeze in freezes
    ]

    assert lifted == [303, 303]
    assert world.done("GET", "/api/v1/freezes?project=web")["items"] == []
