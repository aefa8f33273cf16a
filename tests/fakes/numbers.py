"""The fake of the port Numbers, held to the same contract as the store by tests/store/runs/test_numbers.py."""

from collections import Counter
from threading import Lock

from chalicelib.kernel.integer_ids import IdOwner, block_of, first_of
from chalicelib.use_cases.ports.numbers import Numbers


class FakeNumbers(Numbers):
    """Counters, and owners of ids, in memory."""

    def __init__(self) -> None:
        self.kept: Counter[str] = Counter()
        self.owners: dict[int, IdOwner] = {}
        self._lock = Lock()
        self._ensuring = Lock()

    def following(self, counter: str) -> int:
        with self._lock:
            self.kept[counter] += 1
            return self.kept[counter]

    def following_id(self, kind: str, owner: str = "") -> int:
        block = self.following("ids")
        self.owners[block] = IdOwner(kind=kind, id=owner or str(first_of(block)))
        return first_of(block)

    def ensure_ids(self, kind: str, owner: str) -> int:
        with self._ensuring:
            known = (block for block, one in self.owners.items() if one == IdOwner(kind=kind, id=owner))
            block = next(known, None)
            return self.following_id(kind, owner) if block is None else first_of(block)

    def find_owner(self, number: int) -> IdOwner | None:
        block = block_of(number)
        return None if block is None else self.owners.get(block)
