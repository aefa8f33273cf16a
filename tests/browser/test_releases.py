"""Releases in a real browser: one deploys to production after having seen what changes, and takes one out of use."""

from collections.abc import Callable

import pytest

from tests.browser.windows import Look
from tests.dialects.console.given import deployments
from tests.dialects.console.given_releases import releases_and_jobs
from tests.dialects.matrix.world import World

Open = Callable[..., Look]
DEPLOY = "text=app in web/production"


@pytest.mark.parametrize("scripts", [True, False])
def test_one_sees_what_a_deploy_changes_and_deploys(look: Open, world: World, scripts: bool) -> None:
    deployments(world)
    releases_and_jobs(world)
    page = look(scripts=scripts).go("/releases/demo/app")
    page.click("th a:text-is('1.2')")
    page.click("nav a:text-is('Deployed in')")

    page.click(DEPLOY)
    assert "1.1.1 → 1.2" in page.inner_text("main")
    assert "This is production." in page.inner_text("main")
    with page.expect_navigation():
        page.click("button:text-is('Deploy it')")

    assert page.inner_text("h1") == "Deploy app to web/production #1"


def test_one_deploys_and_yanks_by_keyboard_alone(look: Open, world: World) -> None:
    deployments(world)
    releases_and_jobs(world)
    page = look().go("/releases/demo/app/1.2?tab=deployed")

    page.focus(DEPLOY)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.focus("button:text-is('Deploy it')")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.inner_text("h1") == "Deploy app to web/production #1"
    page.goto(page.url.partition("/runs/")[0] + "/releases/demo/app/1.2")
    page.focus("#yank summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("it leaks")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert "it leaks" in page.inner_text("header.head")


def test_the_graph_leads_to_what_is_needed(look: Open, world: World) -> None:
    deployments(world)
    releases_and_jobs(world)
    page = look().go("/releases/demo/app/1.2?tab=needs")

    with page.expect_navigation():
        page.click("svg a[aria-label='demo/lib-v1.0']")

    assert page.inner_text("h1") == "demo/lib 1.0"
