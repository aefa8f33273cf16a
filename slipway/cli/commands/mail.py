"""The mail that the platform of this machine would have sent: it keeps it in a folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import click

from slipway.cli.input.options import json_option
from slipway.cli.show import output
from slipway.cli.show.columns import when
from slipway.cli.show.plain_text import plain, uncoloured

MAILBOX = "mailbox"
SUFFIX = ".eml"


@click.command()
@click.option("--last", type=click.IntRange(1), default=20, show_default=True, help="how many of the newest")
@click.option("--text", is_flag=True, help="with what they say")
@json_option
def mail(*, last: int, text: bool) -> None:
    """Show the mail that notification steps sent under `make up`, newest first.

    Example: slipway mail --last 3 --text
    """
    from slipway.cli.show.tables import listing

    found = sorted(_folder().glob(f"*{SUFFIX}"), key=lambda path: path.stat().st_mtime, reverse=True)[:last]
    letters = [_letter(path) for path in found]
    if text and not output.wants_json():
        for letter in letters:
            heading = plain(f"{letter['sent_at']}  {letter['to']}  {letter['subject']}")
            click.echo("\n".join((heading, "", *map(uncoloured, letter["text"].splitlines()), "", "")))
        return
    rows = [(when(one["sent_at"]), one["to"], one["subject"]) for one in letters]
    output.show(letters, lambda: listing(("sent", "to", "subject"), rows, "no mail"))


def _folder() -> Path:
    return Path(os.environ.get("SLIPWAY_HOME") or ".slipway").absolute() / MAILBOX


def _letter(path: Path) -> Mapping[str, str]:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    body = message.get_payload(decode=True)
    return {
        "id": path.name.removesuffix(SUFFIX),
        "sent_at": datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds"),
        "to": str(message["To"] or ""),
        "subject": str(message["Subject"] or ""),
        "text": body.decode("utf-8", "replace") if isinstance(body, bytes) else "",
    }
