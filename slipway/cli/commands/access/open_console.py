"""`slipway open`: the console in a browser."""

from __future__ import annotations

import click

from slipway.cli.input.options import json_option
from slipway.cli.web import open_page


@click.command("open")
@click.argument("page", required=False, default="home")
@click.option("--no-browser", is_flag=True, help="Only tell the link.")
@json_option
def open_(*, page: str, no_browser: bool) -> None:
    """Open the console, at PAGE such as runs/ID, in a browser.

    On the platform's machine by a link that works once, within a minute, and logs in; elsewhere one logs in there.

    Example: slipway open runs/01JX8V2M3N4P5Q6R7S8T9V0W1X
    """
    open_page(page, no_browser=no_browser)
