"""Screens that show what is watched: a live tree on a terminal, otherwise one line per change, or JSON lines."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import click

from slipway.cli.runs.changes import changes
from slipway.cli.runs.tree import Look, TreeLine, drawn
from slipway.cli.show import output
from slipway.cli.show.times import now
from slipway_formats.override import override

if TYPE_CHECKING:
    from rich.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What is watched, at one moment. value: its JSON. line: its tree, for a way of drawing."""

    value: object
    line: Callable[[Look], TreeLine]


class Screen(Protocol):
    """Shows something while it is watched."""

    def show(self, picture: Picture) -> None:
        """Show the present state."""

    def close(self) -> None:
        """Finish the output."""


def screen_for_stdout() -> Screen:
    """The screen for this output: JSON lines, a live tree, or lines of changes."""
    if output.wants_json():
        return _JsonLines()
    return _LiveTree() if sys.stdout.isatty() else _Changes(click.echo)


def drawing() -> Look:
    """How to draw trees on stdout at this moment."""
    encoding = (getattr(sys.stdout, "encoding", "") or "").lower().replace("-", "")
    return Look(now=now(), ascii=not encoding.startswith("utf"))


class _LiveTree(Screen):
    """A tree on a terminal; elapsed times go on between two polls."""

    def __init__(self) -> None:
        from rich.live import Live

        self._picture: Picture | None = None
        self._look = drawing()
        self._live = Live(get_renderable=self._drawn, console=output.console(), refresh_per_second=5)
        self._live.start()

    @override
    def show(self, picture: Picture) -> None:
        self._picture = picture
        self._live.refresh()

    @override
    def close(self) -> None:
        self._live.stop()

    def _drawn(self) -> Text | str:
        look = replace(self._look, now=now())
        return drawn(self._picture.line(look), look) if self._picture is not None else ""


class _Changes(Screen):
    """One line per change."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._before: TreeLine | None = None

    @override
    def show(self, picture: Picture) -> None:
        after = picture.line(drawing())
        for line in changes(self._before, after, drawing()):
            self._say(line)
        self._before = after

    @override
    def close(self) -> None:
        pass  # every line is printed already


class _JsonLines(Screen):
    """One line of JSON per change."""

    def __init__(self) -> None:
        self._shown: object = None

    @override
    def show(self, picture: Picture) -> None:
        if picture.value != self._shown:  # that a runner has a job makes no new version
            self._shown = picture.value
            output.print_json(picture.value, indent=None)

    @override
    def close(self) -> None:
        pass  # every line is printed already
