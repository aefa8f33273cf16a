"""Draw a run as a tree with times: stages, their gates and steps, and child runs. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from slipway.cli.runs.view import Family, JobView, NodeView, RunView, StageView
from slipway.cli.show.phases import FINAL, look
from slipway.cli.show.plain_text import plain
from slipway.cli.show.times import length, zoned_clock

if TYPE_CHECKING:
    from rich.text import Text

MAX_DEPTH = 8
"""How many levels of child runs are drawn."""

QUIET = frozenset({"new", "succeeded", "running", "starting"})
"""Phases that are drawn by their mark alone, without words."""

LONG_IN_LINE = timedelta(seconds=1)
"""From when on it is said how long a job was in line before a runner leased it."""

WAITS = "waits "
"""How the reason of what waits begins, which says more than its phase."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a tree is drawn. zone: of the clock times; nothing: the reader's own. ascii: for poor terminals."""

    now: datetime
    zone: tzinfo | None = None
    ascii: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeLine:
    """A line of the tree and the lines below it. began, ended: for its duration. detail: text after the time."""

    name: str
    phase: str
    began: datetime | None = None
    ended: datetime | None = None
    detail: str = ""
    lines: tuple[TreeLine, ...] = ()


def tree(family: Family, drawing: Look) -> Text:
    """Render the run, one line per stage, gate and step."""
    return drawn(tree_line_of(family, drawing), drawing)


def drawn(root: TreeLine, drawing: Look) -> Text:
    """Render a line with all lines below it."""
    from rich.text import Text

    lines = list(_lines(root, "", "", drawing))
    widest = max(len(line.guide) + len(line.shown.name) for line in lines)
    text = Text(no_wrap=True, overflow="ellipsis")
    for place, line in enumerate(lines):
        text.append("\n" if place else "")
        _write(text, line, widest, drawing)
    return text


def tree_line_of(family: Family, drawing: Look) -> TreeLine:
    """The run as nested lines."""
    run = family.run
    lines = tuple(_stage_line(family, stage, drawing, 0) for stage in run.stages)
    by = f"by {run.started_by}" if run.started_by else ""
    above = f"in step {run.parent.node} of run {run.parent.run}" if run.parent is not None else ""
    details = (look(run.phase).words, run.reason, *run.releases, by, above)
    return TreeLine(
        name=plain(run.words), phase=run.phase, began=run.created_at, ended=run.ended_at, lines=lines,
        detail=_joined(*details),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _DrawnLine:
    guide: str
    shown: TreeLine


def _lines(line: TreeLine, guide: str, below: str, drawing: Look) -> Iterator[_DrawnLine]:
    yield _DrawnLine(guide=guide, shown=line)
    branch, last, bar = ("|- ", "`- ", "|  ") if drawing.ascii else ("├─ ", "└─ ", "│  ")
    for place, one in enumerate(line.lines, start=1):
        is_last = place == len(line.lines)
        yield from _lines(one, below + (last if is_last else branch), below + ("   " if is_last else bar), drawing)


def _write(text: Text, line: _DrawnLine, widest: int, drawing: Look) -> None:
    seen = look(line.shown.phase)
    text.append(line.guide, "dim")
    text.append(seen.ascii if drawing.ascii else seen.mark, seen.style)
    text.append(" " + line.shown.name, "bold" if not line.guide else "dim" if line.shown.phase == "new" else "")
    tail = f"  {_time(line.shown, drawing.now):>11}  {line.shown.detail}".rstrip()
    if tail:
        text.append(" " * (widest - len(line.guide) - len(line.shown.name)))
        text.append(tail[:13], "dim")
        text.append(tail[13:], "" if line.shown.phase in ("new", "succeeded", "skipped") else seen.style)


def _time(line: TreeLine, now: datetime) -> str:
    if line.began is None:
        return ""
    return length((line.ended or now) - line.began)


def _stage_line(family: Family, stage: StageView, drawing: Look, depth: int) -> TreeLine:
    again = f" (attempt {stage.attempt})" if stage.attempt > 1 else ""
    words = "" if stage.phase in QUIET else look(stage.phase).words
    where = f"in {stage.environment}" if stage.environment and stage.environment != stage.name else ""
    return TreeLine(
        name=plain(stage.name) + again,
        phase=stage.phase,
        began=stage.began_at,
        ended=stage.ended_at,
        detail=_joined(words, stage.reason, where),
        lines=_node_lines(family, stage.nodes, None, (drawing, depth)),
    )


def _node_lines(
    family: Family, nodes: tuple[NodeView, ...], group: str | None, at: tuple[Look, int]
) -> tuple[TreeLine, ...]:
    return tuple(_node_line(family, nodes, node, at) for node in nodes if node.group == group)


def _node_line(family: Family, nodes: tuple[NodeView, ...], node: NodeView, at: tuple[Look, int]) -> TreeLine:
    drawing, depth = at
    held = _node_lines(family, nodes, node.key, at)
    child = family.children.get(node.child or "") if depth < MAX_DEPTH else None
    started = _child_lines(family, child, node, (drawing, depth + 1)) if child is not None else ()
    return TreeLine(
        name=plain(node.name),
        phase=node.phase,
        began=node.began_at,
        ended=node.ended_at,
        detail=_node_detail(node, drawing),
        lines=held + started,
    )


def _child_lines(family: Family, child: RunView, node: NodeView, at: tuple[Look, int]) -> tuple[TreeLine, ...]:
    """A child run with several stages gets a line of its own; of one with a single stage only the steps are drawn."""
    drawing, depth = at
    if len(child.stages) == 1:
        return _node_lines(family, child.stages[0].nodes, None, at)
    lines = tuple(_stage_line(family, stage, drawing, depth) for stage in child.stages)
    reason = child.reason if child.reason != node.reason else ""
    detail = _joined(look(child.phase).words if child.phase in FINAL else "", reason)
    return (
        TreeLine(
            name=plain(child.words),
            phase=child.phase,
            began=child.created_at,
            ended=child.ended_at,
            detail=detail,
            lines=lines,
        ),
    )


def _node_detail(node: NodeView, drawing: Look) -> str:
    attempt = f"attempt {node.attempt}" if node.attempt > 1 else ""
    words = "" if node.phase in QUIET or node.reason.startswith(WAITS) else look(node.phase).words
    opens = ""
    if node.opens_at is not None and not node.is_final:
        left = length(node.opens_at - drawing.now)
        words, opens = "", f"opens at {zoned_clock(node.opens_at, drawing.now, drawing.zone)}, in {left}"
    release = node.outputs.get("release", "") if node.phase == "succeeded" else ""
    return _joined(words, opens, node.reason, release, attempt, _in_line(node.job))


def _in_line(job: JobView | None) -> str:
    """How long the job was in line, and whose it became; empty if that was at once, or is not known."""
    if job is None or job.queued_at is None or job.leased_at is None:
        return ""
    waited = job.leased_at - job.queued_at
    return f"in line for {length(waited)}, then on {job.runner}" if waited >= LONG_IN_LINE else ""


def _joined(*parts: str) -> str:
    """Join the non-empty parts once each; drop one that another begins with: `rejected` before `rejected by bob`."""
    said = list(dict.fromkeys(plain(part) for part in parts if part))
    return ", ".join(one for one in said if not any(other.startswith(f"{one} ") for other in said))
