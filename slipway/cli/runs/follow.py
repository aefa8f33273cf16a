"""Print the logs of a run, its steps and its child runs; each line is prefixed with the name of its step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import click

from slipway.cli.error import CommandError
from slipway.cli.exit_codes import ExitCode, code_of_outcome
from slipway.cli.runs.read import MAX_DEPTH, FamilyReader
from slipway.cli.runs.view import Family, NodeView, RunView
from slipway.cli.runs.watch import looks
from slipway.cli.show import output
from slipway.cli.show.plain_text import coloured, plain, uncoloured, visible
from slipway.client import Client, segment

PAGE = 1000
"""The API returns at most this many chunks per call."""

STYLES = ("cyan", "green", "magenta", "blue", "yellow")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The log of a step. path: names of the stages and steps above it, and its own."""

    log: str
    path: tuple[str, ...]
    is_over: bool

    @property
    def title(self) -> str:
        """The prefix of its lines."""
        return "/".join(self.path)


@dataclass(slots=True, kw_only=True)
class _Reading:
    """The position in a log. rest: a last line whose newline is still missing."""

    after: int = 0
    rest: str = ""
    is_done: bool = False
    style: str = ""


@dataclass(slots=True, kw_only=True)
class _LogReader:
    api: Client
    readings: dict[str, _Reading] = field(default_factory=dict)


def logs(api: Client, run: str, step: str, *, follow: bool) -> ExitCode:
    """Print the logs of a run or of one step; with `follow` until the run ends. Faults: ApiError, CommandError."""
    reading = _LogReader(api=api)
    for family in looks(FamilyReader(api, run)):
        sources = [one for one in sources_of(family) if not step or step in one.path]
        if step and not sources:
            _refuse_unknown(family, step)
        for source in sources:
            _print_news(reading, source)
        if family.run.is_final or not follow:
            for source in sources:
                _print_rest(source, reading.readings[source.log])
            return code_of_outcome(family.run.phase) if follow else ExitCode.OK
    raise AssertionError("looks end with a run that has ended")


def sources_of(family: Family) -> list[Source]:
    """All logs of the run and its child runs, ordered by the start of their steps."""
    found = sorted(_sources(family, family.run, (), MAX_DEPTH), key=lambda pair: pair[0])
    return [source for _, source in found]


def _sources(family: Family, run: RunView, above: tuple[str, ...], depth: int) -> Iterator[tuple[float, Source]]:
    for stage in run.stages:
        path = (*above, stage.name) if len(run.stages) > 1 else above
        for node in stage.nodes:
            if node.log:
                yield _began(node), Source(log=node.log, path=(*path, node.name), is_over=node.is_final)
            child = family.children.get(node.child or "")
            if child is not None and depth:
                yield from _sources(family, child, (*path, node.name), depth - 1)


def _began(node: NodeView) -> float:
    return node.began_at.timestamp() if node.began_at is not None else 0.0


def _refuse_unknown(family: Family, step: str) -> None:
    names = {node.name for run in family.members() for stage in run.stages for node in stage.nodes}
    if step not in names | {stage.name for run in family.members() for stage in run.stages}:
        listed = ", ".join(sorted(map(plain, names)))
        raise CommandError(f"no step {step} in {family.run.title}", f"its steps: {listed}")


def _print_news(reading: _LogReader, source: Source) -> None:
    state = reading.readings.setdefault(source.log, _Reading(style=STYLES[len(reading.readings) % len(STYLES)]))
    if state.is_done:
        return
    for chunk in _chunks(reading.api, source.log, state):
        if output.wants_json():
            output.print_json({"step": source.title, "job": source.log, **chunk}, indent=None)
        else:
            _print_chunk(source, state, str(chunk["text"]))
    state.is_done = source.is_over
    if state.is_done:
        _print_rest(source, state)


def _chunks(api: Client, log: str, state: _Reading) -> Iterator[dict[str, Any]]:
    while True:
        page = api.get(f"/api/v1/job-logs/{segment(log)}", after=str(state.after))
        for chunk in page:
            state.after = int(chunk["seq"])
            yield chunk
        if len(page) < PAGE:
            return


def _print_chunk(source: Source, state: _Reading, text: str) -> None:
    *lines, state.rest = (state.rest + text).split("\n")
    for line in lines:
        _print_line(source, state, line)


def _print_rest(source: Source, state: _Reading) -> None:
    if state.rest:
        _print_line(source, state, state.rest)
        state.rest = ""


def _print_line(source: Source, state: _Reading, line: str) -> None:
    shown = visible(line)
    if output.has_colour():
        click.secho(f"{plain(source.title)} │ ", fg=state.style, nl=False)
        click.echo(coloured(shown) + "\x1b[0m")
    else:
        click.echo(f"{plain(source.title)} │ {uncoloured(shown)}")
