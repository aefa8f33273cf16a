"""Store workloads in DynamoDB, each with the items that keep its name and its prefix for it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Conflict, NotFound, Stale
from chalicelib.kernel.workloads.pods import PodReport
from chalicelib.kernel.workloads.workload import Workload, WorkloadPhase, titled
from chalicelib.store.audit.transaction import transact_audited
from chalicelib.store.dynamo.expressions import ConditionFailed, Key
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.key_parts import BY_FIRST, BY_SECOND, due_range, instant
from chalicelib.store.dynamo.records import record_of
from chalicelib.store.dynamo.saving import NEW, on_version
from chalicelib.store.dynamo.tables import Change, Put, Reading, Remove, Table, Tables, Write
from chalicelib.store.projects.deleting import no_place, open_place
from chalicelib.store.projects.keys import PROJECTS
from chalicelib.store.workloads import items, keys
from chalicelib.use_cases.ports.runs import Due, Page
from chalicelib.use_cases.ports.workloads import EnvironmentCounts, Workloads
from slipway_formats.frozen import frozen
from slipway_formats.override import override

CURRENT, PIPELINES = "current", "pipelines"
"""Attributes of what is counted in an environment."""


@frozen
class StoredWorkloads(Workloads):
    """Implement the port Workloads on the table `workloads`."""

    tables: Tables
    identifier: Callable[[], str]

    @override
    def save(
        self, workload: Workload, *, replaces: Workload | None = None, entry: AuditEntry | None = None
    ) -> Workload:
        saved = _following(workload)
        heads = [Put(self._table, items.workload_item(saved), on_version(workload.version or None))]
        if replaces is not None:
            heads.append(Put(self._table, items.workload_item(_following(replaces)), on_version(replaces.version)))
        claims = tuple(self._claims(saved, replaces))
        writes = (*heads, *claims, *self._membership(workload), *self._counting(workload, replaces))
        try:
            is_new = self._transact(writes, entry)
        except ConditionFailed as error:
            if any(place >= len(heads) + len(claims) for place in error.places):
                raise no_place(workload.project, workload.environment) from error
            if any(place < len(heads) for place in error.places):
                raise Stale(f"{titled(workload)} has changed") from error
            raise Conflict(_taken(saved, is_name=len(heads) in error.places)) from error
        return saved if is_new else self.workload(workload.id)

    @override
    def workload(self, workload_id: str) -> Workload:
        found = self.find_workload(workload_id)
        if found is None:
            raise NotFound(f"no workload {workload_id[:100]}")
        return found

    @override
    def find_workload(self, workload_id: str) -> Workload | None:
        return _workload(self._table.get(keys.workload_key(workload_id)))

    @override
    def find_named(self, project: str, environment: str, name: str) -> Workload | None:
        item = self._table.get(keys.name_key(project, environment, name))
        return None if item is None else self.find_workload(str(item["workload"]))

    @override
    def find_published(self, prefixes: Sequence[str]) -> Workload | None:
        found = self._table.get_many([keys.prefix_key(one) for one in prefixes], consistent=True)
        first = next((item for item in found if item is not None), None)
        return None if first is None else self.find_workload(str(first["workload"]))

    @override
    def of_environment(self, project: str, environment: str, page: Page) -> Sequence[Workload]:
        listed = Path("first") == keys.environment_partition(project, environment)
        if page.after is not None:
            listed = listed & (Path("first_key") < page.after)
        found = self._table.query(listed, Reading(index=BY_FIRST, limit=page.size, backward=True)).items
        return [record_of(Workload, item) for item in found]

    @override
    def every_in(self, project: str, environment: str) -> Sequence[str]:
        partition = Path("pk") == keys.environment_partition(project, environment)
        members = partition & Path("sk").startswith(keys.MEMBER_PREFIX)
        found = self._table.every(members, Reading(consistent=True, attributes=("pk", "sk")))
        return [str(item["sk"]).removeprefix(keys.MEMBER_PREFIX) for item in found]

    @override
    def count_pipeline(self, project: str, environment: str, entry: AuditEntry) -> None:
        one_more = Change(self._table, keys.counts_key(project, environment), (Path(PIPELINES).add(1),))
        transact_audited(self.tables, (one_more,), entry)

    @override
    def counts(self, places: Sequence[tuple[str, str]]) -> Sequence[EnvironmentCounts]:
        found = self._table.get_many([keys.counts_key(*place) for place in places])
        known = [item or {} for item in found]
        return [
            EnvironmentCounts(workloads=int(one.get(CURRENT, 0)), pipelines=int(one.get(PIPELINES, 0))) for one in known
        ]

    @override
    def forget_counts(self, project: str, environment: str) -> None:
        self._table.delete(keys.counts_key(project, environment))

    @override
    def due(self, before: datetime, page: int) -> Iterator[Due]:
        wanted = (Path("second") == keys.DUE) & (Path("second_key") <= due_range(before))
        for one in self._table.every(wanted, Reading(index=BY_SECOND, limit=page)):
            yield Due(id=record_of(Workload, one).id, at=instant(int(one["second_key"])))

    @override
    def report(self, report: PodReport) -> bool:
        is_newer = NEW | (Path("sequence") < report.sequence)
        try:
            self._table.put(items.report_item(report), is_newer)
        except ConditionFailed as error:
            # Of a lost reply: this very report is there.
            return any(there is not None and there.get("sequence") == report.sequence for there in error.there)
        return True

    @override
    def find_report(self, workload_id: str, run: str) -> PodReport | None:
        item = self._table.get(keys.pods_key(workload_id, run))
        found: PodReport | None = None if item is None else record_of(PodReport, item)
        return found

    @override
    def reports_of(self, workload_id: str) -> Sequence[PodReport]:
        found = self._table.every(_reports(workload_id), Reading(consistent=True))
        return [record_of(PodReport, item) for item in found]

    @override
    def reports_in(self, project: str, environment: str, page: Page) -> Sequence[PodReport]:
        listed = Path("first") == keys.pods_hash(project, environment)
        if page.after is not None:
            listed = listed & (Path("first_key") > page.after)
        found = self._table.query(listed, Reading(index=BY_FIRST, limit=page.size)).items
        return [record_of(PodReport, item) for item in found]

    @override
    def forget_reports(self, workload_id: str) -> None:
        found = self._table.every(_reports(workload_id), Reading(consistent=True, attributes=("pk", "sk")))
        self._table.write_many(removed=[Key(str(item["pk"]), str(item["sk"])) for item in found])

    @override
    def forget(self, project: str, environment: str, workload_id: str) -> None:
        self.forget_reports(workload_id)
        # Its membership goes last: by it whoever goes on after an interruption finds it.
        self._table.write_many(removed=[keys.workload_key(workload_id)])
        self._table.write_many(removed=[keys.member_key(project, environment, workload_id)])

    @property
    def _table(self) -> Table:
        return self.tables.of(keys.WORKLOADS)

    def _transact(self, writes: Sequence[Write], entry: AuditEntry | None) -> bool:
        if entry is not None:
            return transact_audited(self.tables, writes, entry)
        self.tables.transact(writes, self.identifier())
        return True

    def _membership(self, workload: Workload) -> Iterator[Write]:
        """Yield what notes a new workload in its environment, which must be there."""
        if not workload.version:
            yield open_place(self.tables.of(PROJECTS), workload.project, workload.environment)
            yield Put(self._table, keys.member_key(workload.project, workload.environment, workload.id)._asdict())

    def _counting(self, workload: Workload, replaces: Workload | None) -> Iterator[Write]:
        """Yield what counts the current workloads of the environment, if their number changes."""
        both = (workload, *((replaces,) if replaces is not None else ()))
        more = sum(one.is_current - one.is_counted for one in both)
        if more:
            counts = keys.counts_key(workload.project, workload.environment)
            yield Change(self._table, counts, (Path(CURRENT).add(more),))

    def _claims(self, workload: Workload, replaces: Workload | None) -> Iterator[Write]:
        """Yield the writes of the name, then those of prefixes."""
        own = _of(workload, replaces)
        name = keys.name_key(workload.project, workload.environment, workload.name)
        prefix, before = items.prefix_of(workload), items.prefix_of(replaces)
        if workload.phase is WorkloadPhase.CURRENT:
            yield Put(self._table, {**name._asdict(), "workload": workload.id}, own)
            if prefix:
                yield Put(self._table, {**keys.prefix_key(prefix)._asdict(), "workload": workload.id}, own)
            if before and before != prefix:
                yield Remove(self._table, keys.prefix_key(before), own)
        elif workload.phase is WorkloadPhase.DELETED and workload.name:
            yield Remove(self._table, name, own)
            if prefix:
                yield Remove(self._table, keys.prefix_key(prefix), own)


def _following(workload: Workload) -> Workload:
    """Return the next version of a workload."""
    return replace(workload, version=workload.version + 1, is_counted=workload.is_current)


def _of(workload: Workload, replaces: Workload | None) -> Condition:
    """Return the condition that nobody else holds a name or prefix."""
    held: Condition = NEW | (Path("workload") == workload.id)
    if replaces is not None:
        held = held | (Path("workload") == replaces.id)
    return held


def _taken(workload: Workload, *, is_name: bool) -> str:
    if is_name:
        return f"name {workload.name} is in use in namespace {workload.namespace}"
    return f"prefix {items.prefix_of(workload)} is in use by another service"


def _reports(workload_id: str) -> Condition:
    found: Condition = (Path("pk") == keys.workload_partition(workload_id)) & Path("sk").startswith(keys.PODS_PREFIX)
    return found


def _workload(item: Item | None) -> Workload | None:
    found: Workload | None = None if item is None else record_of(Workload, item)
    return found
