"""A run and its plan as items, and which part of a long run leaves its item. Reading and writing them: runs.py."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.kernel.engine.run import Run, StageExecution
from chalicelib.kernel.faults import TooLarge
from chalicelib.kernel.plans.plan import Plan
from chalicelib.store.dynamo.items import Item, size
from chalicelib.store.dynamo.key_parts import milliseconds
from chalicelib.store.dynamo.packing import packed, unpacked
from chalicelib.store.runs.keys import definition_hash, due_shard, execution_key, plan_key, project_hash, run_key

LARGEST_ITEM = 390_000
"""Bytes; DynamoDB takes 409,600."""

MOST_EXECUTIONS = 20
"""Of a run that stay in its item, unless more are still wanted there."""


def run_item(run: Run, plan: Plan, due_at: datetime | None) -> Item:
    """The run as an item, with what its indexes need. Faults: TooLarge."""
    is_open = not run.is_final
    item: dict[str, Any] = {
        **run_key(run.id)._asdict(),
        "version": run.version,
        "state": packed(Run, replace(run, version=0)),
        "run": run.id,
        "definition": definition_hash(plan.definition),
        "project": project_hash(plan.definition.project, plan.definition.kind),
        "unfinished": True if is_open or run.owed else None,
        "due_shard": due_shard("run", run.id) if due_at else None,
        "due_at": milliseconds(due_at) if due_at else None,
    }
    if plan.train is not None and is_open:
        item |= {"train": plan.train.name, "number": plan.train.number}
    return checked(item, f"run {run.id}")


def run_of(item: Item) -> Run:
    """The run that the item says."""
    return replace(unpacked(Run, item["state"]), version=item["version"])


def plan_item(plan: Plan) -> Item:
    """The plan as an item. Faults: TooLarge."""
    return checked({**plan_key(plan.id)._asdict(), "state": packed(Plan, plan)}, f"plan {plan.id}")


def plan_of(item: Item) -> Plan:
    """The plan that the item says."""
    return unpacked(Plan, item["state"])


def execution_item(run_id: str, execution: StageExecution) -> Item:
    """A stage execution that leaves its run, as an item of its own. Faults: TooLarge."""
    key = execution_key(run_id, execution.number)._asdict()
    thing = f"stage execution {execution.number} of run {run_id}"
    return checked({**key, "state": packed(StageExecution, execution)}, thing)


def execution_of(item: Item) -> StageExecution:
    """The stage execution that the item says."""
    return unpacked(StageExecution, item["state"])


def parted(run: Run) -> tuple[Run, tuple[StageExecution, ...]]:
    """The run as it stays in its item, and the oldest ended executions that leave it: never the latest of a stage."""
    surplus = len(run.stages) - MOST_EXECUTIONS
    if surplus <= 0:
        return run, ()
    latest = {one.stage: one.number for one in run.stages}
    may_leave = [one for one in run.stages if one.is_final and latest[one.stage] != one.number]
    leaving = tuple(may_leave[:surplus])
    gone = {one.number for one in leaving}
    return replace(run, stages=tuple(one for one in run.stages if one.number not in gone)), leaving


def checked(item: Item, thing: str) -> Item:
    """The item, if it is not too big to be stored. Faults: TooLarge."""
    if size(item) > LARGEST_ITEM:
        raise TooLarge(f"{thing} outgrows its record: {size(item)} bytes, at most {LARGEST_ITEM}")
    return item
