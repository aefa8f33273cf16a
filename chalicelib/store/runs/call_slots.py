"""Store the slots of what is called, one item for each system, in the table `runs`."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from pynamodb.expressions.operand import Path

from chalicelib.store.dynamo.expressions import ConditionFailed
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.key_parts import instant, milliseconds
from chalicelib.store.dynamo.records import expiry
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.runs import keys
from chalicelib.use_cases.ports.call_slots import LONGEST_HELD, CallSlots, Full, Slot
from slipway_formats.override import override

TRIES = 5
KEPT = timedelta(days=1)
SLOW_UNTIL = "slow_until"


class StoredCallSlots(CallSlots):
    """Implement the port CallSlots on DynamoDB: one write to take a slot where the first is free, one to leave it."""

    def __init__(self, tables: Tables) -> None:
        self._table = tables.of(keys.RUNS)

    @override
    def take(self, of: str, numbers: Collection[int], holder: str, now: datetime) -> Slot | Full:
        there: Item = {}
        number = next(iter(numbers), None)
        for _ in range(TRIES):
            if number is None:
                newest = max(_since(there[_name(one)]) for one in numbers)
                return Full(newest=newest, is_slow=_slow(there, now))
            try:
                item = self._write(of, number, holder, now)
                return Slot(of=of, number=number, holder=holder, since=now, is_slow=_slow(item, now))
            except ConditionFailed as error:
                there = error.there[0] or {}
            if own := [one for one in numbers if str(there.get(_name(one), "")).endswith(f"#{holder}")]:
                # The reply to our own write was lost.
                since = _since(there[_name(own[0])])
                return Slot(of=of, number=own[0], holder=holder, since=since, is_slow=_slow(there, now))
            number = next((one for one in numbers if _is_free(there, one, now)), None)
        return Full(newest=now, is_slow=_slow(there, now))

    @override
    def free(self, slot: Slot, slow_until: datetime | None = None) -> None:
        name = _name(slot.number)
        told = () if slow_until is None else (Path(SLOW_UNTIL).set(milliseconds(slow_until)),)
        try:
            self._table.update(
                keys.call_slots_key(slot.of),
                (Path(name).remove(), *told),
                Path(name) == _value(slot.since, slot.holder),
            )
        except ConditionFailed:
            return

    def _write(self, of: str, number: int, holder: str, now: datetime) -> Item:
        name = _name(number)
        is_free = Path(name).does_not_exist() | (Path(name) < _value(now - LONGEST_HELD, ""))
        taken = (Path(name).set(_value(now, holder)), Path("expires_at").set(expiry(now + KEPT)))
        return self._table.update(keys.call_slots_key(of), taken, is_free)


def _name(number: int) -> str:
    return f"slot{number}"


def _value(since: datetime, holder: str) -> str:
    """Return what a slot holds: it sorts by its beginning."""
    return f"{milliseconds(since):015d}#{holder}"


def _since(value: str) -> datetime:
    return instant(int(value.partition("#")[0]))


def _is_free(there: Mapping[str, object], number: int, now: datetime) -> bool:
    value = there.get(_name(number))
    return value is None or str(value) < _value(now - LONGEST_HELD, "")


def _slow(there: Item, now: datetime) -> bool:
    return int(there.get(SLOW_UNTIL, 0)) > milliseconds(now)
