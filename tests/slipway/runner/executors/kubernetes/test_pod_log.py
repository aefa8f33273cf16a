"""A log that is followed comes line by line, each once and in order, wherever its connection is cut."""

from collections.abc import Iterator
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from slipway.runner.executors.kubernetes.cluster import ClusterError
from slipway.runner.executors.kubernetes.pod_log import LogPlace, PodLog

PLACE = LogPlace(namespace="staging", pod="it-1", container="main")


class Node:
    """A node that has a log. cuts: after how many lines each connection breaks off; the later ones hold."""

    def __init__(self, lines: list[tuple[int, str]], cuts: list[int]) -> None:
        self.lines = [f"2026-11-30T12:00:{at // 4:02}.{at % 4}00000000Z {text}" for at, text in lines]
        self.cuts = cuts

    def stream(self, _path: str, query: dict[str, str], _quiet: float) -> "_Lines":
        since = query.get("sinceTime", "")[:19]
        cut = self.cuts.pop(0) if self.cuts else None
        return _Lines([line for line in self.lines if line[:19] >= since], cut)


class _Lines:
    def __init__(self, lines: list[str], cut: int | None) -> None:
        self._lines, self._cut = lines, cut

    def __iter__(self) -> Iterator[str]:
        yield from self._lines[: self._cut]
        if self._cut is not None:
            raise ClusterError(0, "cut")

    def close(self) -> None:
        pass


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 9), max_size=8).map(sorted), st.lists(st.integers(0, 8), max_size=3), st.booleans())
def test_each_line_comes_once_wherever_the_connection_is_cut(
    instants: list[int], cuts: list[int], is_over: bool
) -> None:
    lines = [(at, f"line {number}") for number, at in enumerate(instants)]
    node, taken = Node(lines, list(cuts)), list[str]()

    following = PodLog(
        cast("Any", node), PLACE, taken.append, is_over=lambda: is_over or not node.cuts, starts=lambda: 0
    )
    following.join(20)

    assert taken == [text for _, text in lines]


def test_of_starts_before_the_last_but_one_nothing_is_kept() -> None:
    taken = list[str]()

    PodLog(cast("Any", Node([(1, "x")], [])), PLACE, taken.append, is_over=lambda: True, starts=lambda: 2).join(5)

    assert taken == []
