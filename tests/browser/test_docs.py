"""The API's page in a real browser: it is searched as one types, by its own script alone."""

from collections.abc import Callable

from tests.browser.windows import Look

Open = Callable[..., Look]
SHOWN = "details[data-find]:not([hidden])"


def test_operations_are_found_by_words_and_all_come_back(look: Open) -> None:
    page = look().go("/docs")
    every = page.locator(SHOWN).count()

    page.keyboard.press("/")
    page.keyboard.type("post freezes")

    found = [one.inner_text() for one in page.locator(f"{SHOWN} > summary").all()]
    assert 0 < len(found) < 5
    assert all(one.startswith("POST") for one in found)
    assert any("/api/v1/freezes" in one for one in found)
    assert page.inner_text("output") == f"{len(found)} of {every}"
    assert page.locator("nav").is_hidden()
    page.fill("input", "")
    assert page.locator(SHOWN).count() == every


def test_without_scripts_the_page_reads_and_has_no_field(look: Open) -> None:
    page = look(scripts=False).go("/docs")

    assert page.locator("input").is_hidden()
    assert page.locator(SHOWN).count() > 200
