"""The fake of the port CallSlots, held to the same contract as the store by tests/store/runs/test_call_slots.py."""

from collections.abc import Collection
from datetime import datetime
from threading import Lock

from chalicelib.use_cases.ports.call_slots import LONGEST_HELD, CallSlots, Full, Slot


class FakeCallSlots(CallSlots):
    """Slots in memory. held: by what is called and number. slow: what was slow, until when."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, int], Slot] = {}
        self.slow: dict[str, datetime] = {}
        self._lock = Lock()

    def take(self, of: str, numbers: Collection[int], holder: str, now: datetime) -> Slot | Full:
        is_slow = of in self.slow and self.slow[of] > now
        with self._lock:
            there = {number: self.held.get((of, number)) for number in numbers}
            for slot in there.values():
                if slot is not None and slot.holder == holder:
                    return slot
            for number, slot in there.items():
                if slot is None or slot.since < now - LONGEST_HELD:
                    taken = Slot(of=of, number=number, holder=holder, since=now, is_slow=is_slow)
                    self.held[of, number] = taken
                    return taken
            return Full(newest=max(slot.since for slot in there.values() if slot), is_slow=is_slow)

    def free(self, slot: Slot, slow_until: datetime | None = None) -> None:
        with self._lock:
            held = self.held.get((slot.of, slot.number))
            if held is not None and (held.holder, held.since) == (slot.holder, slot.since):
                del self.held[slot.of, slot.number]
                if slow_until is not None:
                    self.slow[slot.of] = slow_until
