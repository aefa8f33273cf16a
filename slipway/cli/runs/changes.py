"""What changed in a run between two looks at it, a line each, for whoever has no terminal. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from slipway.cli.phases import look
from slipway.cli.runs.tree import Look, Twig
from slipway.cli.times import clock, length


def changes(before: Twig | None, after: Twig, drawing: Look) -> list[str]:
    """What is new or has another phase, in the order of the tree; what has not begun is not told."""
    known = {path: twig.phase for path, twig in _paths(before)} if before is not None else {}
    news = [(path, twig) for path, twig in _paths(after) if twig.phase != known.get(path, "new")]
    return [_line(" / ".join(path[1:] or path), twig, drawing) for path, twig in news]


def _paths(twig: Twig, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Twig]]:
    here = (*path, twig.name)
    yield here, twig
    seen: Counter[str] = Counter()
    for one in twig.twigs:
        seen[one.name] += 1
        namesake = f"{one.name} ({seen[one.name]})" if seen[one.name] > 1 else one.name
        yield from _paths(replace(one, name=namesake), here)


def _line(path: str, twig: Twig, drawing: Look) -> str:
    seen = look(twig.phase)
    at = clock(twig.ended or drawing.now, drawing.now, drawing.zone)
    took = f" after {length(twig.ended - twig.began)}" if twig.ended is not None and twig.began is not None else ""
    detail = twig.detail if twig.detail.startswith(seen.words) else f"{seen.words}, {twig.detail}".rstrip(", ")
    words, _, rest = detail.partition(", ")
    return f"{at} {seen.ascii if drawing.ascii else seen.mark} {path}: {words}{took}" + (f" ({rest})" if rest else "")
