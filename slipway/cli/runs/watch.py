"""Watching a run until it ends: a tree refreshed in place on a terminal, else lines of changes, or JSON."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import click

from slipway.cli import output as desk
from slipway.cli.exit_codes import ExitCode, code_of_outcome
from slipway.cli.phases import LOOKS
from slipway.cli.runs.changes import changes
from slipway.cli.runs.read import FamilyReader
from slipway.cli.runs.tree import Look, Twig, tree, twig_of
from slipway.cli.runs.view import Family
from slipway.cli.times import now
from slipway.client import Client

if TYPE_CHECKING:
    from rich.text import Text

PAUSES = (0.1, 1.0)
"""Seconds between two looks at a run: the least, after a change, and the most, when nothing happens."""

GATE = "gate"


class Screen(Protocol):
    """Where a run is shown while it goes."""

    def show(self, family: Family) -> None:
        """This is how the run is now."""

    def close(self) -> None:
        """Nothing more will be shown."""


def watch(api: Client, run: str, until: str = "") -> ExitCode:
    """Show the run until it has ended, or is where `until` says; the code that it comes to. Faults: ApiError."""
    screen = screen_for_stdout()
    try:
        family = _followed(FamilyReader(api, run), screen, until)
    finally:
        screen.close()
    return code_of(family, until)


def code_of(family: Family, until: str) -> ExitCode:
    """The code of a watch that ends with the run so."""
    if family.run.is_final:
        code = code_of_outcome(family.run.phase)
        missed = until and code is ExitCode.OK and not reached(family, until)
        return ExitCode.FAILED if missed else code
    _say_what_waits(family)
    return ExitCode.OK


def looks(reader: FamilyReader) -> Iterator[Family]:
    """The run as it is now, again and again, until it has ended; more often while things happen."""
    pause = PAUSES[0]
    versions: dict[str, int] = {}
    while True:
        family = reader.read()
        yield family
        if family.run.is_final:
            return
        before, versions = versions, {run.id: run.version for run in family.members()}
        pause = PAUSES[0] if versions != before else min(pause * 1.5, PAUSES[1])
        time.sleep(pause)


def reached(family: Family, until: str) -> bool:
    """Whether the run is where one waits for: in a phase, with a decision to make, or at what has this name."""
    if until == GATE:
        return any(True for _ in family.waiting())
    for run in family.members():
        for stage in run.stages:
            if until == stage.phase if until in LOOKS else until == stage.name and stage.number > 0:
                return True
            if any(
                until == node.phase if until in LOOKS else until == node.name and node.phase != "new"
                for node in stage.nodes
            ):
                return True
    return until == family.run.phase


def screen_for_stdout() -> Screen:
    """The screen that fits whoever reads the output."""
    if desk.wants_json():
        return _JsonLines()
    return _LiveTree() if sys.stdout.isatty() else _Changes(click.echo)


def drawing() -> Look:
    """How trees are drawn on this output, now."""
    encoding = (getattr(sys.stdout, "encoding", "") or "").lower().replace("-", "")
    return Look(now=now(), ascii=not encoding.startswith("utf"))


def _followed(reader: FamilyReader, screen: Screen, until: str) -> Family:
    for family in looks(reader):
        screen.show(family)
        if family.run.is_final or (until and reached(family, until)):
            return family
    raise AssertionError("looks end with a run that has ended")


def _say_what_waits(family: Family) -> None:
    for run, _, node in family.waiting():
        desk.note(f'{node.name} waits for a decision: slipway run approve "{run.title}" "{node.name}"')


class _LiveTree:
    """The tree on a terminal, its times going on between two looks."""

    def __init__(self) -> None:
        from rich.live import Live

        self._family: Family | None = None
        self._look = drawing()
        self._live = Live(get_renderable=self._drawn, console=desk.console(), refresh_per_second=5)
        self._live.start()

    def show(self, family: Family) -> None:
        """The tree is that of this run now."""
        self._family = family
        self._live.refresh()

    def close(self) -> None:
        """The last tree stays."""
        self._live.stop()

    def _drawn(self) -> Text | str:
        return tree(self._family, replace(self._look, now=now())) if self._family is not None else ""


class _Changes:
    """A line for each change."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._before: Twig | None = None

    def show(self, family: Family) -> None:
        """What is new in it is said."""
        after = twig_of(family, drawing())
        for line in changes(self._before, after, drawing()):
            self._say(line)
        self._before = after

    def close(self) -> None:
        """All is said."""


class _JsonLines:
    """The run as one line of JSON for each change of it."""

    def __init__(self) -> None:
        self._version: object = None

    def show(self, family: Family) -> None:
        """A line, if it has changed."""
        if family.shown.get("version") != self._version:
            self._version = family.shown.get("version")
            desk.print_json(family.shown, indent=None)

    def close(self) -> None:
        """All is said."""
