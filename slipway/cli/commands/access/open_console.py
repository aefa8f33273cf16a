"""`slipway open`: the console in a browser."""

from __future__ import annotations

from threading import Thread

import click

from slipway.cli.commands.access.login import session_token, who_asks
from slipway.cli.error import CommandError
from slipway.cli.input.options import json_option
from slipway.cli.one_time_link import one_time_link
from slipway.cli.show import output
from slipway.session import is_loopback

PATIENCE = 60.0
"""Seconds that a link waits for its browser."""


@click.command("open")
@click.argument("page", required=False, default="home")
@click.option("--no-browser", is_flag=True, help="Only tell the link.")
@json_option
def open_(*, page: str, no_browser: bool) -> None:
    """Open the console, at PAGE such as runs/ID, in a browser.

    On the platform's machine by a link that works once, within a minute, and logs in; elsewhere one logs in there.

    Example: slipway open runs/01JX8V2M3N4P5Q6R7S8T9V0W1X
    """
    session = output.the_session()
    address = f"{session.api}/{page.lstrip('/')}"
    # Of the addresses of this machine one that is written in brackets would need a server of its own.
    if not is_loopback(session.api) or "[" in session.api:
        _look_at(address, no_browser=no_browser)
        output.show({"address": address}, lambda: address)
        return
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
