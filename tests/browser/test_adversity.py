"""What people meet besides: rivals, a server that is gone, ways back, hostile text, and what is not theirs to do."""

from collections.abc import Callable, Mapping

import pytest

from chalicelib.dialects.console.frame.refusal import page_of
from tests.browser.served import Served
from tests.browser.windows import Look
from tests.dialects.console.given import (
    HOSTILE,
    NOOP,
    a_delivery,
    a_failure,
    a_log,
    a_release,
    a_run,
    many_deployments,
    triggered,
)
from tests.dialects.matrix.callers import OWNER, READER, WRITER
from tests.dialects.matrix.world import World

Open = Callable[..., Look]
SOON = "button => setTimeout(() => button.click(), 50)"
SMUGGLED = """() => [document.title.includes('taken'), document.querySelectorAll('img[src=x], main script').length,
  document.querySelectorAll('[onerror]').length]"""
SENT = """([path, form]) => fetch(path, {method: "POST", body: new URLSearchParams(form), redirect: "manual"})
  .then(answer => answer.status)"""


def test_of_two_who_decide_at_once_one_counts_and_the_other_is_told_whose(look: Open, world: World) -> None:
    run = a_delivery(world)
    windows = {OWNER: look(), WRITER: look(by=WRITER)}
    for window in windows.values():
        window.go(f"/runs/{run}").locator("button:text-is('Approve')").evaluate(SOON)
    for window in windows.values():
        window.page.wait_for_selector("button:text-is('Approve')", state="detached")
    titles = {name: window.page.inner_text("h1") for name, window in windows.items()}

    approved = world.done("GET", f"/api/v1/runs/{run}")["acts"][-1]["by"]
    assert [name for name, title in titles.items() if title == "web/delivery#1"] == [approved]
    (late,) = (window for name, window in windows.items() if name != approved)
    assert f"{approved} approved it at" in late.page.inner_text("main")


def test_a_server_that_was_stopped_is_missed_and_found_again(look: Open, world: World, served: Served) -> None:
    run = a_log(world, ["begins"])
    page = look().go(f"/runs/{run}")
    page.click("#cancel summary")
    page.fill("#cancel-notes", "half a th")

    served.stop()
    page.wait_for_selector("#contact:has-text('Not connected')")
    assert "web/talk#1" in page.inner_text("h1")
    assert page.evaluate("document.body.classList.contains('lost')")
    world.done("POST", f"/api/v1/runs/{run}/acts", {"act": "cancel"})
    world.work_off()
    served.start()
    page.wait_for_selector("#contact", state="hidden")
    page.wait_for_selector("#why:has-text('stop')")

    assert page.evaluate("document.body.classList.contains('lost')") is False


def test_the_way_back_leads_to_where_one_was(look: Open, world: World) -> None:
    a_run(world, "often", [{"name": "build", "steps": [{"name": "compile", **NOOP}]}])
    for _ in range(40):
        triggered(world, "often")
    page = look().go("/runs?project=web")
    page.set_viewport_size({"width": 1280, "height": 400})

    page.mouse.wheel(0, 500)
    page.wait_for_function("scrollY > 400")
    before = page.evaluate("scrollY")
    with page.expect_navigation():
        page.locator("tbody a").nth(16).click()
    page.go_back()

    assert page.url.endswith("/runs?project=web")
    page.wait_for_function(f"Math.abs(scrollY - {before}) < 5")


def test_the_way_back_leads_to_the_cell_of_the_matrix_where_one_was(look: Open, world: World) -> None:
    many_deployments(world, applications=60, environments=20)
    page = look().go("/home")

    page.locator(".board tbody tr").nth(50).locator("td").nth(18).locator("a").first.click()
    page.go_back()
    page.wait_for_selector(".board")

    assert page.evaluate("document.querySelector('.board').scrollTop") > 300
    assert page.evaluate("document.querySelector('.board').scrollLeft") > 300


def test_nothing_that_others_wrote_becomes_markup_or_runs(look: Open, world: World) -> None:
    window = look()
    for path in hostile_pages(world):
        window.go(path)
        window.settle()

        assert window.page.evaluate(SMUGGLED) == [False, 0, 0], path
        assert "<script>" in window.page.inner_text("main"), path


def hostile_pages(world: World) -> list[str]:
    """Pages of a world in which people named, said and logged what would be markup; each shows some of it."""
    step = {"name": HOSTILE[:60], "type": "noop"}
    gate = {"name": "sign-off", "type": "approval", "description": HOSTILE}
    phase = {"name": HOSTILE[:60], "environment": "production", "gates": [gate], "steps": [step]}
    named = a_run(world, "hostile", [phase])
    failed = a_failure(world, lines=3)
    world.done("POST", "/api/v1/stops?project=web", {"seconds": 3600, "reason": HOSTILE}, by=OWNER)
    said = {"git_revision": "9f8e7d6c5b", "revision_message": HOSTILE, "description": HOSTILE}
    a_release(world, "1.0", **said)
    world.done("POST", "/api/v1/inventory/demo/units/app/versions/1.0/yank", {"reason": HOSTILE})
    world.done("POST", "/api/v1/inventory/demo/register", {"name": "app", "version": "1.1", "project": "demo", **said})
    views = [f"/runs/{run}?view={view}" for run in (named, failed) for view in ("graph", "gantt", "list")]
    return [
        *views,
        "/inbox",
        "/calendar?project=web",
        "/releases",
        "/releases/demo/app",
        "/projects/web/pipelines/hostile",
    ]


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/runs/{run}/decisions", {"decision": "approve", "node": "g1", "execution": "3"}),
        ("/runs/{run}/acts", {"act": "cancel"}),
        ("/projects/web/pipelines/delivery/runs", {}),
        ("/calendar/stops", {"project": "web", "minutes": "60", "reason": "mine"}),
        ("/calendar/freezes", {"project": "web", "ends": "2099-01-01T08:00", "reason": "mine"}),
    ],
)
def test_who_may_only_read_sees_no_button_and_is_refused(
    look: Open, world: World, path: str, form: Mapping[str, str]
) -> None:
    run = a_delivery(world)
    before, act = world.done("GET", f"/api/v1/runs/{run}"), path.format(run=run)
    page = look(by=READER).go(page_of(act))

    assert page.locator("main form[method=post]").count() == 0
    assert page.evaluate(SENT, [act, form]) == 403
    assert world.done("GET", f"/api/v1/runs/{run}") == before
