"""A run drawn as a tree with times: stages, their gates and steps, and the runs that steps started. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from slipway.cli.phases import FINAL, look
from slipway.cli.plain_text import plain
from slipway.cli.runs.view import Family, NodeView, RunView, StageView
from slipway.cli.times import clock, length

if TYPE_CHECKING:
    from rich.text import Text

MAX_DEPTH = 8
"""Runs within runs that are drawn."""

QUIET = frozenset({"new", "succeeded", "running", "starting"})
"""Phases of which the mark says enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a tree is drawn. zone: of the clock times; nothing: the reader's own. ascii: for poor terminals."""

    now: datetime
    zone: tzinfo | None = None
    ascii: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Twig:
    """One line of the tree and what hangs on it. began, ended: for its time. detail: what is to be said besides."""

    name: str
    phase: str
    began: datetime | None = None
    ended: datetime | None = None
    detail: str = ""
    twigs: tuple[Twig, ...] = ()


def tree(family: Family, drawing: Look) -> Text:
    """The run, a line for each thing in it."""
    from rich.text import Text

    lines = list(_lines(twig_of(family, drawing), "", "", drawing))
    widest = max(len(line.guide) + len(line.twig.name) for line in lines)
    text = Text(no_wrap=True, overflow="ellipsis")
    for place, line in enumerate(lines):
        text.append("\n" if place else "")
        _write(text, line, widest, drawing)
    return text


def twig_of(family: Family, drawing: Look) -> Twig:
    """The run as lines that hang on one another."""
    run = family.run
    twigs = tuple(_stage_twig(family, stage, drawing, 0) for stage in run.stages)
    details = (look(run.phase).words, run.reason, *run.releases, f"by {run.started_by}" if run.started_by else "")
    return Twig(
        name=plain(run.title), phase=run.phase, began=run.created_at, ended=run.ended_at, twigs=twigs,
        detail=_joined(*details),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    guide: str
    twig: Twig


def _lines(twig: Twig, guide: str, below: str, drawing: Look) -> Iterator[_Line]:
    yield _Line(guide=guide, twig=twig)
    branch, last, bar = ("|- ", "`- ", "|  ") if drawing.ascii else ("├─ ", "└─ ", "│  ")
    for place, one in enumerate(twig.twigs, start=1):
        is_last = place == len(twig.twigs)
        yield from _lines(one, below + (last if is_last else branch), below + ("   " if is_last else bar), drawing)


def _write(text: Text, line: _Line, widest: int, drawing: Look) -> None:
    seen = look(line.twig.phase)
    text.append(line.guide, "dim")
    text.append(seen.ascii if drawing.ascii else seen.mark, seen.style)
    text.append(" " + line.twig.name, "bold" if not line.guide else "dim" if line.twig.phase == "new" else "")
    tail = f"  {_time(line.twig, drawing.now):>11}  {line.twig.detail}".rstrip()
    if tail:
        text.append(" " * (widest - len(line.guide) - len(line.twig.name)))
        text.append(tail[:13], "dim")
        text.append(tail[13:], "" if line.twig.phase in ("new", "succeeded", "skipped") else seen.style)


def _time(twig: Twig, now: datetime) -> str:
    if twig.began is None:
        return ""
    return length((twig.ended or now) - twig.began)


def _stage_twig(family: Family, stage: StageView, drawing: Look, depth: int) -> Twig:
    again = f" (attempt {stage.attempt})" if stage.attempt > 1 else ""
    words = "" if stage.phase in QUIET else look(stage.phase).words
    where = f"in {stage.environment}" if stage.environment and stage.environment != stage.name else ""
    return Twig(
        name=plain(stage.name) + again,
        phase=stage.phase,
        began=stage.began_at,
        ended=stage.ended_at,
        detail=_joined(words, stage.reason, where),
        twigs=_node_twigs(family, stage.nodes, None, (drawing, depth)),
    )


def _node_twigs(
    family: Family, nodes: tuple[NodeView, ...], group: str | None, at: tuple[Look, int]
) -> tuple[Twig, ...]:
    return tuple(_node_twig(family, nodes, node, at) for node in nodes if node.group == group)


def _node_twig(family: Family, nodes: tuple[NodeView, ...], node: NodeView, at: tuple[Look, int]) -> Twig:
    drawing, depth = at
    held = _node_twigs(family, nodes, node.key, at)
    child = family.children.get(node.child or "") if depth < MAX_DEPTH else None
    started = _child_twigs(family, child, node, (drawing, depth + 1)) if child is not None else ()
    return Twig(
        name=plain(node.name),
        phase=node.phase,
        began=node.began_at,
        ended=node.ended_at,
        detail=_node_detail(node, drawing),
        twigs=held + started,
    )


def _child_twigs(family: Family, child: RunView, node: NodeView, at: tuple[Look, int]) -> tuple[Twig, ...]:
    """A child with stages hangs there whole; one of a single stage is drawn by its steps alone."""
    drawing, depth = at
    if len(child.stages) == 1:
        return _node_twigs(family, child.stages[0].nodes, None, at)
    twigs = tuple(_stage_twig(family, stage, drawing, depth) for stage in child.stages)
    reason = child.reason if child.reason != node.reason else ""
    detail = _joined(look(child.phase).words if child.phase in FINAL else "", reason)
    return (
        Twig(
            name=plain(child.title),
            phase=child.phase,
            began=child.created_at,
            ended=child.ended_at,
            detail=detail,
            twigs=twigs,
        ),
    )


def _node_detail(node: NodeView, drawing: Look) -> str:
    attempt = f"attempt {node.attempt}" if node.attempt > 1 else ""
    words = "" if node.phase in QUIET else look(node.phase).words
    opens = ""
    if node.opens_at is not None and not node.is_final:
        left = length(node.opens_at - drawing.now)
        words, opens = "", f"opens at {clock(node.opens_at, drawing.now, drawing.zone)}, in {left}"
    release = node.outputs.get("release", "") if node.phase == "succeeded" else ""
    return _joined(words, opens, node.reason, release, attempt)


def _joined(*parts: str) -> str:
    """The parts that say something, once each: `rejected` is said by `rejected by bob` already."""
    said = list(dict.fromkeys(plain(part) for part in parts if part))
    return ", ".join(one for one in said if not any(other.startswith(f"{one} ") for other in said))
