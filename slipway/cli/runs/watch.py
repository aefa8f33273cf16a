"""Watch a run until it ends: a live tree on a terminal, otherwise one line per change, or JSON lines."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import click

from slipway.cli import output
from slipway.cli.exit_codes import ExitCode, code_of_outcome
from slipway.cli.phases import LOOKS
from slipway.cli.runs.changes import changes
from slipway.cli.runs.read import FamilyReader
from slipway.cli.runs.tree import Look, TreeLine, tree, tree_line_of
from slipway.cli.runs.view import Family
from slipway.cli.times import now
from slipway.client import Client
from slipway_formats.override import override

if TYPE_CHECKING:
    from rich.text import Text

PAUSES = (0.1, 1.0)
"""Seconds between two polls of a run: the shortest, after a change, and the longest, while nothing changes."""

GATE = "gate"


class Screen(Protocol):
    """Shows a run while it is watched."""

    def show(self, family: Family) -> None:
        """Show the present state of the run."""

    def close(self) -> None:
        """Finish the output."""


def watch(api: Client, run: str, until: str = "") -> ExitCode:
    """Show the run until it has ended or reached `until`; return the exit code. Faults: ApiError."""
    screen = screen_for_stdout()
    try:
        family = _followed(FamilyReader(api, run), screen, until)
    finally:
        screen.close()
    return code_of(family, until)


def code_of(family: Family, until: str) -> ExitCode:
    """The exit code of a watch that ends with this state of the run."""
    if family.run.is_final:
        code = code_of_outcome(family.run.phase)
        missed = until and code is ExitCode.OK and not reached(family, until)
        return ExitCode.FAILED if missed else code
    _say_what_waits(family)
    return ExitCode.OK


def looks(reader: FamilyReader) -> Iterator[Family]:
    """Poll the run until it has ended, more often while it changes."""
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
    """Whether the run has reached `until`: a phase, a gate that waits for a decision, or a stage or step by name."""
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
    """The screen for this output: JSON lines, a live tree, or lines of changes."""
    if output.wants_json():
        return _JsonLines()
    return _LiveTree() if sys.stdout.isatty() else _Changes(click.echo)


def drawing() -> Look:
    """How to draw trees on stdout at this moment."""
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
        output.note(f'{node.name} waits for a decision: slipway run approve "{run.title}" "{node.name}"')


class _LiveTree(Screen):
    """A tree on a terminal; elapsed times go on between two polls."""

    def __init__(self) -> None:
        from rich.live import Live

        self._family: Family | None = None
        self._look = drawing()
        self._live = Live(get_renderable=self._drawn, console=output.console(), refresh_per_second=5)
        self._live.start()

    @override
    def show(self, family: Family) -> None:
        self._family = family
        self._live.refresh()

    @override
    def close(self) -> None:
        self._live.stop()

    def _drawn(self) -> Text | str:
        return tree(self._family, replace(self._look, now=now())) if self._family is not None else ""


class _Changes(Screen):
    """One line per change."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._before: TreeLine | None = None

    @override
    def show(self, family: Family) -> None:
        after = tree_line_of(family, drawing())
        for line in changes(self._before, after, drawing()):
            self._say(line)
        self._before = after

    @override
    def close(self) -> None:
        pass  # every line is printed already


class _JsonLines(Screen):
    """One line of JSON per change of the run."""

    def __init__(self) -> None:
        self._shown: object = None

    @override
    def show(self, family: Family) -> None:
        if family.shown != self._shown:  # that a runner has a job makes no new version
            self._shown = family.shown
            output.print_json(family.shown, indent=None)

    @override
    def close(self) -> None:
        pass  # every line is printed already
