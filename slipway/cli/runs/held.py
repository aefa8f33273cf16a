"""A run with what holds each of its stages, gates and steps, in short. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from slipway.cli.runs.view import Family, NodeView, RunView, StageView

Reasons = Mapping[tuple[str, int, str], str]


def with_reasons(family: Family, holds: Iterable[Mapping[str, Any]]) -> Family:
    """Return the run and its child runs, with a reason for each thing that waits. holds: as the platform explains."""
    reasons = {(one["run"], int(one["execution"] or 0), one["node"] or ""): _short(one["reason"]) for one in holds}
    children = {run: _held(child, reasons) for run, child in family.children.items()}
    return replace(family, run=_held(family.run, reasons), children=children)


def _short(reason: str) -> str:
    """What holds, without who has spoken already and what may be done."""
    return reason.partition(";")[0]


def _held(run: RunView, reasons: Reasons) -> RunView:
    return replace(run, stages=tuple(_held_stage(run.id, stage, reasons) for stage in run.stages))


def _held_stage(run: str, stage: StageView, reasons: Reasons) -> StageView:
    nodes = tuple(_held_node(run, stage.number, node, reasons) for node in stage.nodes)
    return replace(stage, nodes=nodes, reason=reasons.get((run, stage.number, ""), stage.reason))


def _held_node(run: str, execution: int, node: NodeView, reasons: Reasons) -> NodeView:
    # How it ended is told by itself, with all that was said.
    return node if node.is_final else replace(node, reason=reasons.get((run, execution, node.key), node.reason))
