"""Lay out a run as a graph: stages from left to right, gates before steps, steps by what they need. Numbers are px.

Longer edges go through places of their own in the columns between, so that they pass beside boxes, not behind them.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence

from chalicelib.dialects.console.runs.view import StagePart, StepPart
from chalicelib.kernel.engine.phase import GOOD
from slipway_formats.frozen import frozen

WIDTH, HEIGHT = 164, 44
COLUMN, ROW = WIDTH + 36, HEIGHT + 14
HEAD, INSET, BETWEEN = 34, 14, 34
MOST_NODES = 40
"""With more, stages that ended well are shown as one box: 200 boxes on one screen nobody reads."""

LONGEST_NAME = 19


@frozen
class Box:
    """A gate or step. name: cut to fit; the whole one is in its title."""

    step: StepPart
    name: str
    x: int
    y: int


@frozen
class Edge:
    """A line from box to box, as the path of an SVG."""

    path: str


@frozen
class Frame:
    """A stage with what is in it. folded: how many nodes are not drawn."""

    stage: StagePart
    x: int
    width: int
    height: int
    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]
    folded: int = 0


@frozen
class Graph:
    """The whole drawing. joins: the lines between stages."""

    width: int
    height: int
    frames: tuple[Frame, ...]
    joins: tuple[Edge, ...]


def graph(stages: Sequence[StagePart]) -> Graph:
    """Lay out the stages of a run."""
    is_large = sum(len(stage.gates) + len(stage.leaves) for stage in stages) > MOST_NODES
    frames, x = list[Frame](), 0
    for stage in stages:
        frames.append(_folded(stage, x) if is_large and stage.phase in GOOD else _frame(stage, x))
        x += frames[-1].width + BETWEEN
    height = max((one.height for one in frames), default=0)
    middle = HEAD + INSET + HEIGHT // 2
    joins = tuple(Edge(path=f"M{left.x + left.width} {middle}H{right.x}") for left, right in itertools.pairwise(frames))
    return Graph(width=max(0, x - BETWEEN), height=height, frames=tuple(frames), joins=joins)


def _folded(stage: StagePart, x: int) -> Frame:
    count = len(stage.gates) + len(stage.leaves)
    height = HEAD + HEIGHT + 2 * INSET
    return Frame(stage=stage, x=x, width=WIDTH + 2 * INSET, height=height, boxes=(), edges=(), folded=count)


@frozen
class _Flow:
    """How the leaves of a stage follow one another. needs: the leaves that each needs. depths: its column."""

    leaves: tuple[StepPart, ...]
    needs: Mapping[str, tuple[str, ...]]
    depths: Mapping[str, int]


def _frame(stage: StagePart, x: int) -> Frame:
    flow = _flow(stage)
    columns = _columns(stage, flow)
    places = {key: (depth, row) for depth, column in enumerate(columns) for row, key in enumerate(column)}
    steps = {step.key: step for step in (*stage.gates, *flow.leaves)}
    corners = {key: (x + INSET + depth * COLUMN, HEAD + INSET + row * ROW) for key, (depth, row) in places.items()}
    boxes = tuple(
        Box(step=steps[key], name=_cut(steps[key].name), x=corners[key][0], y=corners[key][1])
        for column in columns
        for key in column
        if key in steps
    )
    rows = max((len(column) for column in columns), default=1)
    return Frame(
        stage=stage,
        x=x,
        width=max(1, len(columns)) * COLUMN - (COLUMN - WIDTH) + 2 * INSET,
        height=HEAD + 2 * INSET + rows * ROW - (ROW - HEIGHT),
        boxes=boxes,
        edges=tuple(Edge(path=_line(corners, chain)) for chain in _chains(stage, flow, places)),
    )


def _flow(stage: StagePart) -> _Flow:
    leaves = stage.leaves
    needs = _needs(stage, leaves)
    return _Flow(leaves=leaves, needs=needs, depths=_depths(leaves, needs))


def _columns(stage: StagePart, flow: _Flow) -> Sequence[Sequence[str]]:
    """Return the keys in each column, ordered so that lines cross little: below what they need, on average."""
    depths = flow.depths
    gates = [[gate.key for gate in stage.gates]] if stage.gates else []
    columns: list[list[str]] = [[] for _ in range(max(depths.values(), default=-1) + 1)]
    for step in flow.leaves:
        columns[depths[step.key]].append(step.key)
    above: dict[str, list[str]] = {}
    for key, need in _pairs(flow):
        chain = [need, *_passing(key, need, depths), key]
        for left, right in itertools.pairwise(chain):
            above.setdefault(right, []).append(left)
        for depth, passed in enumerate(chain[1:-1], start=depths[need] + 1):
            columns[depth].append(passed)
    for before, column in itertools.pairwise(columns):
        rows = {key: row for row, key in enumerate(before)}
        column.sort(key=lambda key, rows=rows: _mean([rows[one] for one in above.get(key, ())]))  # type: ignore[misc]
    return [*gates, *columns]


def _pairs(flow: _Flow) -> Iterator[tuple[str, str]]:
    """Yield each leaf with each that it needs."""
    return ((step.key, need) for step in flow.leaves for need in flow.needs[step.key])


def _depths(leaves: Sequence[StepPart], needs: Mapping[str, Sequence[str]]) -> Mapping[str, int]:
    depths: dict[str, int] = {}
    left = list(leaves)
    while left:
        ready = [step for step in left if all(need in depths for need in needs[step.key])]
        for step in ready or left:
            depths[step.key] = max((depths.get(need, 0) + 1 for need in needs[step.key]), default=0)
        left = [step for step in left if step.key not in depths]
    return depths


def _needs(stage: StagePart, leaves: Sequence[StepPart]) -> Mapping[str, tuple[str, ...]]:
    """Return the leaves that each needs, also by the groups around it; of a needed group all that is in it."""
    by_key = {one.key: one for one in stage.steps}
    around = {leaf.key: tuple(_around(by_key, leaf)) for leaf in leaves}
    inside: dict[str, list[str]] = {}
    for leaf in leaves:
        for one in around[leaf.key]:
            inside.setdefault(one.key, []).append(leaf.key)
    wanted = {key: [need for one in ones for need in one.needs] for key, ones in around.items()}
    return {
        key: tuple(dict.fromkeys(leaf for need in needs for leaf in inside.get(need, ())))
        for key, needs in wanted.items()
    }


def _around(by_key: Mapping[str, StepPart], leaf: StepPart) -> Iterator[StepPart]:
    """Yield a leaf and the groups around it, from within."""
    one: StepPart | None = leaf
    while one is not None:
        yield one
        one = by_key.get(one.group) if one.group is not None else None


def _passing(key: str, need: str, depths: Mapping[str, int]) -> Sequence[str]:
    return [f"{need} > {key} @ {depth}" for depth in range(depths[need] + 1, depths[key])]


def _chains(stage: StagePart, flow: _Flow, places: Mapping[str, tuple[int, int]]) -> Iterator[Sequence[str]]:
    """Yield what each line goes through, from box to box."""
    depths = flow.depths
    for key, need in _pairs(flow):
        yield [need, *_passing(key, need, depths), key]
    last = stage.gates[-1].key if stage.gates else None
    for one, other in zip(stage.gates, stage.gates[1:], strict=False):
        yield [one.key, other.key]
    firsts = [step.key for step in flow.leaves if depths[step.key] == 0]
    yield from ([last, key] for key in firsts if last is not None and last in places)


def _line(corners: Mapping[str, tuple[int, int]], chain: Sequence[str]) -> str:
    """Return the path through these places."""
    (x, y), *rest = (corners[key] for key in chain)
    if rest and rest[0][0] == x:
        return f"M{x + WIDTH // 2} {y + HEIGHT}V{rest[0][1]}"
    path, at = f"M{x + WIDTH} {y + HEIGHT // 2}", (x + WIDTH, y + HEIGHT // 2)
    for place, (left, top) in enumerate(rest, start=1):
        to = (left, top + HEIGHT // 2)
        bend = (at[0] + to[0]) // 2
        path += f"C{bend} {at[1]} {bend} {to[1]} {to[0]} {to[1]}"
        at = (to[0] + WIDTH, to[1]) if place < len(rest) else to
        path += f"H{at[0]}" if place < len(rest) else ""
    return path


def _mean(rows: Sequence[int]) -> float:
    return sum(rows) / len(rows) if rows else 0.0


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
