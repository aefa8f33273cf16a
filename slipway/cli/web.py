"""Pages of the console in a browser: `slipway open`, and `--web` of commands that show what a page shows too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Thread
from typing import Any, TypeVar
from urllib.parse import urlencode

import click

from slipway.cli.error import CommandError
from slipway.cli.logins import session_token, who_asks
from slipway.cli.show import output
from slipway.client import segment
from slipway.session import Session, is_loopback

Command = TypeVar("Command", bound=Callable[..., Any])
PATIENCE = 60.0
"""Seconds that a link waits for its browser."""

web_option = click.option(
    "--web", is_flag=True, help="Open the console's page of it in a browser, and tell the address."
)


def page_of(path: str, query: Mapping[str, str] | None = None) -> str:
    """Return the page of the console at a path, with what is looked for in its address."""
    said = urlencode({name: value for name, value in (query or {}).items() if value})
    return f"{path}?{said}" if said else path


def page_of_run(run: str) -> str:
    """Return the page of a run."""
    return f"runs/{segment(run)}"


def page_of_project(project: str) -> str:
    """Return the page of a project."""
    return f"projects/{segment(project)}"


def open_page(page: str, *, no_browser: bool = False) -> None:
    """Open a page of the console in a browser, and tell its address.

    On the platform's machine it goes by a link that works once, within a minute, and logs in. Faults: CommandError.
    """
    session = output.the_session()
    address = f"{session.api}/{page.lstrip('/')}"
    # Of the addresses of this machine one that is written in brackets would need a server of its own.
    if not is_loopback(session.api) or "[" in session.api:
        _look_at(address, no_browser=no_browser)
        output.show({"address": address}, lambda: address)
        return
    _open_here(session, address, no_browser=no_browser)


def _open_here(session: Session, address: str, *, no_browser: bool) -> None:
    from slipway.cli.one_time_link import one_time_link

    name = str(who_asks(session)["name"])
    with one_time_link(session_token(session.api, name, session.token), address) as link:
        output.note(f"open within {PATIENCE:.0f} s, once: {link.address}")
        _look_at(link.address, no_browser=no_browser)
        if not link.wait(PATIENCE):
            raise CommandError("nobody opened the link", f"say `slipway open` again, or log in at {address}")
    output.show({"address": address}, lambda: f"opened {address} as {name}")


def _look_at(address: str, *, no_browser: bool) -> None:
    import webbrowser

    if not no_browser:
        # A browser in a terminal returns when it is closed, and asks for the link before that.
        Thread(target=webbrowser.open, args=[address], daemon=True).start()
