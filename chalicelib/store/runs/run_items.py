"""Encode a run and its plan as items, and what is kept beside a long run. Reading and writing them: runs.py."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.engine.run import Run, StageExecution
from chalicelib.kernel.engine.trace import Fold
from chalicelib.kernel.explanation.summary import RunSummary, summary_of
from chalicelib.kernel.plans.plan import Plan
from chalicelib.store.dynamo.items import Item, Value
from chalicelib.store.dynamo.key_parts import milliseconds
from chalicelib.store.dynamo.packing import packed, unpacked
from chalicelib.store.dynamo.records import STATE, item_of, record_of
from chalicelib.store.runs.keys import (
    definition_hash,
    due_shard,
    execution_key,
    folds_key,
    listing_hash,
    plan_key,
    project_hash,
    run_key,
)


def run_item(run: Run, plan: Plan, due_at: datetime | None) -> Item:
    """Encode the run as an item with its index attributes. Faults: TooLarge."""
    is_open = not run.is_final
    train = plan.train if is_open else None
    return item_of(
        run_key(run.id),
        Run,
        replace(run, version=0),
        f"run {run.id}",
        under=STATE,
        version=run.version,
        run=run.id,
        definition=definition_hash(plan.definition),
        project=project_hash(plan.definition.project, plan.definition.kind),
        unfinished=True if is_open or run.pending_effects else None,
        train=train.name if train else None,
        number=train.number if train else None,
        **listed(run, plan),
        **due_marks(run, due_at),
    )


def due_marks(run: Run, due_at: datetime | None) -> dict[str, Value]:
    """Return the attributes by which the sweep finds the run: when it is due, or since when it has ended for good."""
    if due_at is not None:
        return {"due_shard": due_shard("run", run.id), "due_at": milliseconds(due_at)}
    if run.is_final and run.ended_at is not None:
        return {"due_shard": due_shard("ended", run.id), "due_at": milliseconds(run.ended_at)}
    return {}


def listed(run: Run, plan: Plan) -> dict[str, Value]:
    """Return the attributes by which lists find the run and show it, without reading the run."""
    return {
        "listing": listing_hash(plan.definition.project, is_open=not run.is_final),
        "summary": packed(RunSummary, summary_of(plan, run)),
    }


def summary_in(item: Item) -> RunSummary:
    """Decode the summary from an entry of the index."""
    return unpacked(RunSummary, item["summary"])


def run_of(item: Item) -> Run:
    """Decode the run from an item."""
    found: Run = record_of(Run, item)
    return replace(found, version=item["version"])


def plan_item(plan: Plan) -> Item:
    """Encode the plan as an item. Faults: TooLarge."""
    return item_of(plan_key(plan.id), Plan, plan, f"plan {plan.id}", under=STATE)


def execution_item(run_id: str, execution: StageExecution) -> Item:
    """Encode a stage execution that moves out of its run as an item of its own. Faults: TooLarge."""
    thing = f"stage execution {execution.number} of run {run_id}"
    return item_of(execution_key(run_id, execution.number), StageExecution, execution, thing, under=STATE)


def folds_item(run_id: str, first: int, folds: Sequence[Fold]) -> Item:
    """Encode folds that move out of their run as an item of their own. first: how many moved before."""
    thing = f"folds of run {run_id}"
    return item_of(folds_key(run_id, first), tuple[Fold, ...], tuple(folds), thing, under=STATE)


def folds_of(item: Item) -> tuple[Fold, ...]:
    """Decode folds that have moved out of their run."""
    found: tuple[Fold, ...] = record_of(tuple[Fold, ...], item)
    return found
