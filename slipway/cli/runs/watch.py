"""Watch a run until it ends."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial

from slipway.cli.exit_codes import ExitCode, code_of_outcome
from slipway.cli.runs.read import FamilyReader
from slipway.cli.runs.screens import Picture, Screen, screen_for_stdout
from slipway.cli.runs.tree import tree_line_of
from slipway.cli.runs.view import Family
from slipway.cli.show import output
from slipway.cli.show.phases import LOOKS
from slipway.client import Client

PAUSES = (0.1, 1.0)
"""Seconds between two polls of a run: the shortest, after a change, and the longest, while nothing changes."""

GATE = "gate"


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


def _followed(reader: FamilyReader, screen: Screen, until: str) -> Family:
    for family in looks(reader):
        screen.show(Picture(value=family.shown, line=partial(tree_line_of, family)))
        if family.run.is_final or (until and reached(family, until)):
            return family
    raise AssertionError("looks end with a run that has ended")


def _say_what_waits(family: Family) -> None:
    for run, _, node in family.waiting():
        output.note(f'{node.name} waits for a decision: slipway run approve "{run.title}" "{node.name}"')
