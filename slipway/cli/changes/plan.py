"""Draw what a deploy or a rollback would change and do, and what it would not undo. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from slipway.cli.changes.draw import tree
from slipway.cli.show.plain_text import plain
from slipway.cli.show.times import instant, zoned_clock

if TYPE_CHECKING:
    from rich.tree import Tree

    from slipway.cli.runs.tree import Look

STYLES = {"warning": "yellow", "hold": "yellow"}


def deploy_plan(shown: Mapping[str, Any], title: str) -> Tree:
    """Render what a deploy would change and do."""
    from rich.text import Text

    top = tree(shown["changes"], title)
    if shown["effects"]:
        branch = top.add(Text("besides"))
        for one in shown["effects"]:
            branch.add(Text(plain(one["what"]), STYLES.get(one["kind"], "")))
    return top


def rollback_plan(shown: Mapping[str, Any], title: str, drawing: Look) -> Tree:
    """Render what a rollback would change and do, and what it would not undo."""
    from rich.text import Text

    to, at = shown["to"], instant(shown["to"]["at"])
    when = zoned_clock(at, drawing.now, drawing.zone) if at is not None else ""
    top = deploy_plan(shown, f"{title}: back to {to['release']}, deployed {when} by {to['by']}")
    if shown["kept"]:
        branch = top.add(Text("not undone", "yellow"))
        for what in shown["kept"]:
            branch.add(Text(plain(what)))
    return top
