"""The port for numbers that are given once."""

from typing import Protocol

from chalicelib.kernel.integer_ids import IdOwner


class Numbers(Protocol):
    """Counters, and the integer ids of the installation: kernel/integer_ids.py."""

    def following(self, counter: str) -> int:
        """Return the next number of a counter, from 1; never the same twice. A lost reply leaves a gap."""

    def following_id(self, kind: str, owner: str = "") -> int:
        """Give an owner the next block of ids and return the first. owner: empty where that is to be its own id."""

    def ensure_ids(self, kind: str, owner: str) -> int:
        """Return the first id of an owner's only block, which is given now if it has none.

        It never changes, so it may come from a cache.
        """

    def find_owner(self, number: int) -> IdOwner | None:
        """Return whose an id is, if its block was given; that never changes, so it may come from a cache."""
