"""Pages come from the stack: behind its stage, with the files that they load, by a function of their own."""

import re
from urllib.parse import urlencode, urljoin

from tests.deployed.stack import Stack, checks_in
from tests.walks.api import Answer, Ask

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def browsed(stack: Stack, path: str, cookie: str = "") -> Answer:
    """What a browser gets that has this cookie alone."""
    return stack.asks(Ask(method="GET", path=path, token="", headers={"Cookie": cookie} if cookie else {}))


def test_one_logs_in_and_sees_a_page_and_its_styles(stack: Stack) -> None:
    stack.project("pages", "staging")
    stack.user("pia", "project:pages:global:read")
    login = urlencode({"name": "pia@example.com", "secret": "pia-0123456789"}).encode()

    asked = browsed(stack, "/runs?project=pages")
    entered = stack.asks(
        Ask(method="POST", path="/login?next=runs%3Fproject%3Dpages", raw=login, token="", headers=FORM)
    )
    page = browsed(stack, "/runs?project=pages", entered.headers["set-cookie"].partition(";")[0])

    assert (asked.status, entered.status, entered.headers["location"]) == (401, 303, "./runs?project=pages")
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "No run is like this" in page.text
    styles = re.search(r'<link rel="stylesheet" href="([^"]+)"', page.text)
    assert styles
    file = browsed(stack, urljoin(f"{stack.address}/runs", styles[1]).removeprefix(stack.address))
    assert (file.status, "immutable" in file.headers["cache-control"]) == (200, True)
    assert "color-scheme" in file.text


def test_pages_are_a_function_of_their_own_and_what_is_none_is_not_theirs(stack: Stack) -> None:
    page, nothing = browsed(stack, "/runs/nowhere/at/all"), browsed(stack, "/homework")

    assert (page.status, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert (nothing.status, nothing.headers["content-type"]) == (404, "application/json")
    assert "pages" in {check.function for check in checks_in(stack.stand_in)}
