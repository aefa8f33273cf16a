"""The changes of a run between two polls, one line each, for outputs without a terminal. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from slipway.cli.runs.tree import Look, TreeLine
from slipway.cli.show.phases import look
from slipway.cli.show.times import clock, length


def changes(before: TreeLine | None, after: TreeLine, drawing: Look) -> list[str]:
    """Lines of the tree that are new or changed their phase, in order; those that have not begun are left out."""
    known = {path: line.phase for path, line in _paths(before)} if before is not None else {}
    news = [(path, line) for path, line in _paths(after) if line.phase != known.get(path, "new")]
    return [_line(" / ".join(path[1:] or path), line, drawing) for path, line in news]


def _paths(line: TreeLine, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], TreeLine]]:
    here = (*path, line.name)
    yield here, line
    seen: Counter[str] = Counter()
    for one in line.lines:
        seen[one.name] += 1
        namesake = f"{one.name} ({seen[one.name]})" if seen[one.name] > 1 else one.name
        yield from _paths(replace(one, name=namesake), here)


def _line(path: str, line: TreeLine, drawing: Look) -> str:
    seen = look(line.phase)
    at = clock(line.ended or drawing.now, drawing.now, drawing.zone)
    took = f" after {length(line.ended - line.began)}" if line.ended is not None and line.began is not None else ""
    detail = line.detail if line.detail.startswith(seen.words) else f"{seen.words}, {line.detail}".rstrip(", ")
    words, _, rest = detail.partition(", ")
    return f"{at} {seen.ascii if drawing.ascii else seen.mark} {path}: {words}{took}" + (f" ({rest})" if rest else "")
