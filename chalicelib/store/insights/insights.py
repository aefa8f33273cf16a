"""Store what was deployed by week in the table `runs`."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from pynamodb.expressions.operand import Path

from chalicelib.kernel.insights.deployed_week import DeployedWeek
from chalicelib.store.dynamo.expressions import Key
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.records import expiry, item_of, record_of
from chalicelib.store.dynamo.saving import Save, save
from chalicelib.store.dynamo.tables import Reading, Table, Tables
from chalicelib.store.insights import keys
from chalicelib.use_cases.ports.insights import Insights
from slipway_formats.frozen import frozen
from slipway_formats.override import override

KEPT = timedelta(weeks=110)
"""Two years, so that a year can be compared with the one before."""


@frozen
class StoredInsights(Insights):
    """Implement the port Insights on the table `runs`. identifier: returns a unique name for each write."""

    tables: Tables
    identifier: Callable[[], str]

    @override
    def week(self, like: DeployedWeek) -> DeployedWeek:
        item = self._table.get(_key(like))
        return _week(item) if item is not None else replace(like, points=(), version=0)

    @override
    def save(self, week: DeployedWeek) -> None:
        saved, thing = replace(week, version=week.version + 1), f"week {week.week} of {week.application}"
        until = expiry(datetime.combine(date.fromisoformat(week.week), time(), UTC) + KEPT)
        item = item_of(_key(week), DeployedWeek, saved, thing, version=saved.version, expires_at=until)
        change = Save(item=item, since=week.version or None, thing=thing, commit=self.identifier())
        save(self.tables, self._table, change)

    @override
    def weeks(self, project: str, environment: str, since: str) -> Sequence[DeployedWeek]:
        wanted = Path("sk").between(*keys.weeks_since(environment, since))
        found = self._table.every((Path("pk") == keys.weeks_partition(project)) & wanted, Reading(consistent=True))
        return [_week(item) for item in found]

    @override
    def forget(self, project: str) -> None:
        reading = Reading(consistent=True, attributes=("pk", "sk"))
        found = self._table.every(Path("pk") == keys.weeks_partition(project), reading)
        self._table.write_many(removed=[Key(str(item["pk"]), str(item["sk"])) for item in found])

    @override
    def counted(self) -> int:
        item = self._table.get(keys.COUNTED)
        return int(item["number"]) if item is not None else 0

    @override
    def note_counted(self, number: int) -> None:
        self._table.put({**keys.COUNTED._asdict(), "number": number})

    @property
    def _table(self) -> Table:
        return self.tables.of(keys.RUNS)


def _key(week: DeployedWeek) -> Key:
    return keys.week_key(week.project, week.environment, week.week, week.application)


def _week(item: Item) -> DeployedWeek:
    found: DeployedWeek = record_of(DeployedWeek, item)
    return found
