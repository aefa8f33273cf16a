"""Store runners in the table `runs`: one item each, which expires when its runner stays silent."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.explanation.runner import KEPT_FOR, Runner
from chalicelib.kernel.faults import NotFound
from chalicelib.store.audit.transaction import transact_audited
from chalicelib.store.dynamo.expressions import ConditionFailed
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.key_parts import instant, milliseconds
from chalicelib.store.dynamo.records import expiry
from chalicelib.store.dynamo.tables import Change, Tables
from chalicelib.store.runs import keys
from chalicelib.use_cases.ports.runners import NOTED_EVERY, Runners
from slipway_formats.override import override

MOST_REMEMBERED = 10_000
DRAINED = "drained_by"


class NotedRunners:
    """Which runners this process has noted lately, so that a lease or a heartbeat seldom costs a write of its own."""

    def __init__(self) -> None:
        self._noted: dict[tuple[str, str], Runner] = {}

    def is_due(self, runner: Runner) -> bool:
        """Return True if the runner must be stored now, and remember it if so."""
        key = (runner.pool, runner.name)
        before = self._noted.get(key)
        if before is not None and not _tells(before, runner) and runner.seen_at - before.seen_at < NOTED_EVERY:
            return False
        if len(self._noted) >= MOST_REMEMBERED:
            self._noted.clear()
        self._noted[key] = runner if runner.slots is not None or before is None else _again(before, runner.seen_at)
        return True


def _tells(before: Runner, now: Runner) -> bool:
    """Return True if the runner says of itself what it did not say before."""
    return now.slots is not None and _own(before) != _own(now)


def _own(runner: Runner) -> tuple[int | None, str, str, Mapping[str, str]]:
    return runner.slots, runner.version, runner.executor, runner.labels


def _again(before: Runner, at: datetime) -> Runner:
    return replace(before, seen_at=at, busy=None)


class StoredRunners(Runners):
    """Implement the port Runners on DynamoDB: one update each time that a runner is stored."""

    def __init__(self, tables: Tables) -> None:
        self._tables, self._table = tables, tables.of(keys.RUNS)
        self._noted = NotedRunners()
        self._drained: dict[tuple[str, str], bool] = {}

    @override
    def note(self, runner: Runner) -> None:
        if self._noted.is_due(runner):
            self._remember(self._table.update(keys.runner_key(runner.pool, runner.name), _said(runner)))

    @override
    def drain(self, runner: Runner, entry: AuditEntry) -> None:
        key, said = keys.runner_key(runner.pool, runner.name), Path(DRAINED).set(runner.drained_by)
        try:
            transact_audited(self._tables, (Change(self._table, key, (said,), Path("pk").exists()),), entry)
        except ConditionFailed as error:
            raise NotFound(f"no runner {runner.name} of pool {runner.pool}") from error
        self._drained[runner.pool, runner.name] = bool(runner.drained_by)

    @override
    def is_drained(self, pool: str, name: str) -> bool:
        if (pool, name) not in self._drained:
            item = self._table.get(keys.runner_key(pool, name))
            return self._remember(item) if item is not None else False
        return self._drained[pool, name]

    def _remember(self, item: Item) -> bool:
        """Remember whether a runner is drained, which each of its next notes tells anew."""
        if len(self._drained) >= MOST_REMEMBERED:
            self._drained.clear()
        runner = _runner_of(item)
        self._drained[runner.pool, runner.name] = bool(runner.drained_by)
        return bool(runner.drained_by)

    @override
    def every(self) -> Sequence[Runner]:
        return [_runner_of(item) for item in self._table.every(Path("pk") == keys.RUNNERS)]

    @override
    def of_pool(self, pool: str) -> Sequence[Runner]:
        wanted = (Path("pk") == keys.RUNNERS) & Path("sk").startswith(keys.runner_key(pool, "").sk)
        return [_runner_of(item) for item in self._table.every(wanted)]


def _said(runner: Runner) -> tuple[Action, ...]:
    seen_at, until = milliseconds(runner.seen_at), expiry(runner.seen_at + KEPT_FOR)
    # Only a runner that says how many jobs it does says what else it is: also that it is so no more.
    own = {} if runner.slots is None else {"executor": runner.executor, "labels": dict(runner.labels)}
    told = {"slots": runner.slots, "busy": runner.busy, "version": runner.version or None, **own}
    known = {"runner": runner.name, "of_pool": runner.pool, "seen_at": seen_at, "expires_at": until, **told}
    return tuple(Path(name).set(value) for name, value in known.items() if value is not None)


def _runner_of(item: Item) -> Runner:
    slots, busy = item.get("slots"), item.get("busy")
    return Runner(
        pool=str(item["of_pool"]),
        name=str(item["runner"]),
        seen_at=instant(int(item["seen_at"])),
        slots=None if slots is None else int(slots),
        busy=None if busy is None else int(busy),
        version=str(item.get("version", "")),
        executor=str(item.get("executor", "")),
        drained_by=str(item.get(DRAINED, "")),
        labels={str(name): str(value) for name, value in item.get("labels", {}).items()},
    )
