"""`slipway open`: on the platform's machine a link that works once, elsewhere the address."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from threading import Thread
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, build_opener

import pytest

from slipway.cli.one_time_link import one_time_link
from tests.slipway.cli.recorded_api import Answer, RecordedApi, Shell

PAGE = "http://127.0.0.1:8000/home"
BROWSER = """#!{python}
import http.client, pathlib, sys, urllib.parse
parts = urllib.parse.urlsplit(sys.argv[1])
asked = http.client.HTTPConnection(parts.netloc)
asked.request("GET", parts.path)
pathlib.Path(__file__).with_name("seen").write_text(str(asked.getresponse().headers))
"""


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Follow nothing: the answer itself is looked at."""


def headers_of(address: str) -> tuple[int, dict[str, str]]:
    try:
        build_opener(_NoRedirect).open(address, timeout=5)
    except HTTPError as answered:
        return answered.code, dict(answered.headers)
    raise AssertionError("the link led nowhere")


def test_a_link_hands_over_the_session_and_is_then_gone() -> None:
    with one_time_link("slp_secret", PAGE) as link:
        serving = Thread(target=link.wait, args=[5.0])
        serving.start()
        status, headers = headers_of(link.address)
        serving.join()

        assert not link.address.startswith(PAGE)
        assert "slp_secret" not in link.address

    assert (status, headers["Location"]) == (303, PAGE)
    assert headers["Set-Cookie"].startswith("__Host-slipway=slp_secret; Path=/; HttpOnly; SameSite=Strict; Secure")


def test_who_guesses_gets_nothing_and_ends_nothing() -> None:
    with one_time_link("slp_secret", PAGE) as link:
        serving = Thread(target=link.wait, args=[5.0])
        serving.start()
        guessed = headers_of(link.address[:-1])
        meant = headers_of(link.address)
        serving.join()

    assert (guessed[0], "Set-Cookie" in guessed[1], meant[0]) == (404, False, 303)


def test_a_link_that_nobody_opens_ends() -> None:
    with one_time_link("slp_secret", PAGE) as link:
        assert not link.wait(0.05)


def test_the_browser_gets_a_session_of_its_own(slipway: Shell, api: RecordedApi, tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text(BROWSER.format(python=sys.executable))
    browser.chmod(0o755)
    api.on("GET /api/v1/auth/whoami", {"name": "ann"})
    session = Answer(headers={"X-Escape-Token": "slp_session"})
    api.on("POST /api/v1/auth/service-account/login", session)

    said = slipway("open", "runs/1", BROWSER=str(browser))

    assert said.exit_code == 0, said.output
    assert api.last("POST").body == {"username": "ann", "secret_token": "slp_test"}
    seen = tmp_path / "seen"
    for _ in range(100):
        if seen.exists() and seen.read_text():
            break
        time.sleep(0.05)
    assert f"Location: {api.address}/runs/1" in seen.read_text()
    assert "__Host-slipway=slp_session" in seen.read_text()


@pytest.mark.parametrize("api_address", ["https://slipway.example"])
def test_elsewhere_the_address_is_said(stranger: Shell, api_address: str) -> None:
    said = stranger("open", "--no-browser", SLIPWAY_API=api_address, SLIPWAY_TOKEN="slp_x")

    assert said.output.strip() == f"{api_address}/home"
