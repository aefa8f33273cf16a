"""Print the logs of a run, its steps and its child runs; each line is prefixed with the name of its step."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field

import click

from slipway.cli.error import CommandError
from slipway.cli.exit_codes import ExitCode, code_of_outcome
from slipway.cli.runs.log_lines import Chunk, Line, Reading
from slipway.cli.runs.read import MAX_DEPTH, FamilyReader
from slipway.cli.runs.view import Family, NodeView, RunView
from slipway.cli.runs.watch import looks
from slipway.cli.show import output
from slipway.cli.show.plain_text import coloured, plain, uncoloured, visible
from slipway.cli.show.times import instant
from slipway.client import Client

STYLES = ("cyan", "green", "magenta", "blue", "yellow")
BAD = frozenset({"failed", "broken"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is printed of a run's logs. step: its name, or `stage/step`. tail: so many lines at the end of each.

    failed: of steps that failed alone. pattern: lines in which it is found.
    """

    step: str = ""
    follow: bool = False
    failed: bool = False
    tail: int | None = None
    timestamps: bool = False
    pattern: re.Pattern[str] | None = None

    @property
    def is_of_lines(self) -> bool:
        """Whether lines are chosen, so that chunks are not printed as they are."""
        return self.tail is not None or self.pattern is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The log of a step. path: names of the stages and steps above it, and its own; shown: what of it tells it apart.

    log: None for a step without one.
    """

    log: str | None
    path: tuple[str, ...]
    shown: tuple[str, ...]
    node: NodeView

    @property
    def title(self) -> str:
        """The prefix of its lines."""
        return "/".join(self.shown)

    def is_in(self, step: str) -> bool:
        """Whether the step is it, or above it. step: a name, or several with slashes between."""
        return f"/{step}/" in f"/{'/'.join(self.path)}/"


@dataclass(slots=True, kw_only=True)
class _Printer:
    api: Client
    choice: Choice
    readings: dict[str, Reading] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)

    def print_more(self, source: Source, log: str) -> None:
        """Print what has come to the log since; all that is left once its step is over."""
        if log in self.done:
            return
        is_new = log not in self.readings
        reading = self.readings.setdefault(log, Reading(log=log))
        tail = self.choice.tail if is_new else None
        if tail is None:
            self._print(source, reading, reading.since(self.api))
        else:
            self._print_tail(source, reading, tail)
        if source.node.is_final:
            self.done.add(log)
            self.print_end(source, reading)

    def print_end(self, source: Source, reading: Reading) -> None:
        """Print a last line without a newline."""
        for line in self._matching(reading.end()):
            self._print_line(source, reading, line)

    def _print(self, source: Source, reading: Reading, chunks: Iterable[Chunk]) -> None:
        if output.wants_json() and not self.choice.is_of_lines:
            for chunk in chunks:
                output.print_json({"step": source.title, "job": reading.log, **chunk}, indent=None)
            return
        for line in self._matching(reading.lines(chunks)):
            self._print_line(source, reading, line)

    def _print_tail(self, source: Source, reading: Reading, count: int) -> None:
        # Of lines that match, the last may be anywhere.
        chunks = reading.since(self.api) if self.choice.pattern else reading.last(self.api, count)
        lines = deque(self._matching(reading.lines(chunks)), maxlen=count)
        if source.node.is_final:
            lines.extend(self._matching(reading.end()))
        for line in lines:
            self._print_line(source, reading, line)

    def _matching(self, lines: Iterable[Line]) -> Iterator[Line]:
        pattern = self.choice.pattern
        return (line for line in lines if pattern is None or pattern.search(uncoloured(visible(line.text))))

    def _print_line(self, source: Source, reading: Reading, line: Line) -> None:
        if output.wants_json():
            if self.choice.is_of_lines:
                output.print_json({"step": source.title, "job": reading.log, **asdict(line)}, indent=None)
            return
        at = instant(line.at) if self.choice.timestamps else None
        moment = f"{at.astimezone().isoformat(sep=' ', timespec='milliseconds')} " if at is not None else ""
        shown = visible(line.text)
        if output.has_colour():
            style = STYLES[list(self.readings).index(reading.log) % len(STYLES)]
            click.secho(f"{plain(source.title)} │ ", fg=style, nl=False)
            click.echo(f"{moment}{coloured(shown)}\x1b[0m")
        else:
            click.echo(f"{plain(source.title)} │ {moment}{uncoloured(shown)}")


def logs(api: Client, run: str, choice: Choice) -> ExitCode:
    """Print the logs of a run or of one step; with `follow` until the run ends. Faults: ApiError, CommandError."""
    printer = _Printer(api=api, choice=choice)
    for family in looks(FamilyReader(api, run)):
        sources = _chosen(family, choice)
        for source in sources:
            if source.log is not None:
                printer.print_more(source, source.log)
        if family.run.is_final or not choice.follow:
            for source in sources:
                if source.log is not None:
                    printer.print_end(source, printer.readings[source.log])
            return code_of_outcome(family.run.phase) if choice.follow else ExitCode.OK
    raise AssertionError("looks end with a run that has ended")


def _chosen(family: Family, choice: Choice) -> list[Source]:
    """The steps that are meant, in the order in which they began. Faults: CommandError if there is none."""
    sources = sources_of(family)
    meant = [one for one in sources if not choice.step or one.is_in(choice.step)]
    if not meant and choice.step:
        listed = ", ".join(sorted({plain(one.path[-1]) for one in sources}))
        raise CommandError(f"no step {choice.step} in {family.run.title}", f"its steps: {listed}")
    return [one for one in meant if one.node.phase in BAD] if choice.failed else meant


def sources_of(family: Family) -> list[Source]:
    """All steps of the run and its child runs, ordered by their start."""
    return sorted(_sources(family, family.run, ((), ()), MAX_DEPTH), key=lambda source: _began(source.node))


def _sources(
    family: Family, run: RunView, above: tuple[tuple[str, ...], tuple[str, ...]], depth: int
) -> Iterator[Source]:
    for stage in run.stages:
        path = (*above[0], stage.name)
        shown = (*above[1], stage.name) if len(run.stages) > 1 else above[1]
        for node in stage.nodes:
            own = (*path, node.name), (*shown, node.name)
            yield Source(log=node.log, path=own[0], shown=own[1], node=node)
            child = family.children.get(node.child or "")
            if child is not None and depth:
                yield from _sources(family, child, own, depth - 1)


def _began(node: NodeView) -> float:
    return node.began_at.timestamp() if node.began_at is not None else 0.0
