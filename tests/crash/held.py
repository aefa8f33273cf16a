"""What the stand-in holds, as a tree: each node is the one before it and what a call has changed since.

From any node it comes to any other by undoing changes and doing others, which are few: to copy all that it holds takes
longer than most calls.
"""

import pickle
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from io import BytesIO
from types import ModuleType
from typing import Any, NamedTuple

from chalicelib.aws.calls import AwsRequest

Item = Mapping[str, Any]
Table = dict[str, Any]
Likeness = tuple[object, ...]
WHOLE = ""
"""In place of the name of a partition, which is never empty."""


class Place(NamedTuple):
    """Where an item is. table: None where it is what is kept of a transaction, by its token."""

    table: str | None
    pk: str
    sk: str = ""


class Part(NamedTuple):
    """A partition of a table, or the whole."""

    table: str | None
    pk: str


class Change(NamedTuple):
    """An item that was stored or removed. old, new: None for none. Ministack changes none in place."""

    place: Place
    old: Item | None
    new: Item | None

    def likeness(self) -> int:
        """How it changes the likeness of all items."""
        return likeness_of_item(self.place, self.new) - likeness_of_item(self.place, self.old)


class Others(NamedTuple):
    """What a service holds besides items, by value. likeness: the same for what is the same."""

    state: bytes
    likeness: bytes


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Held:
    """What it held at some time. parts: of each table and each partition the sum of the likenesses of all items.

    others: by service.
    """

    before: "Held | None" = None
    changes: tuple[Change, ...] = ()
    parts: Mapping[Part, int]
    others: Mapping[str, Others]
    depth: int = field(init=False)
    likeness: Likeness = field(init=False)
    """The same whenever it held the same."""

    def __post_init__(self) -> None:
        items = sum(number for part, number in self.parts.items() if part.pk == WHOLE)
        object.__setattr__(self, "depth", 0 if self.before is None else self.before.depth + 1)
        object.__setattr__(self, "likeness", (items, *(one.likeness for one in self.others.values())))

    def after(self, changes: tuple[Change, ...], others: Mapping[str, Others]) -> "Held":
        """What it held then. others: of the services that may have changed."""
        parts = dict(self.parts)
        for one in changes:
            _add(parts, one.place, one.likeness())
        return Held(before=self, changes=changes, parts=parts, others={**self.others, **others})

    def seen_by(self, ask: AwsRequest) -> Likeness:
        """The same whenever it held the same of all on which the answer may depend: other partitions are not read."""
        asked, table = ask.arguments, ask.arguments.get("TableName")
        match ask.operation:
            case "GetItem":
                read = [Part(table, asked["Key"]["pk"]["S"])]
            case "Query" if "IndexName" in asked:
                read = [Part(table, WHOLE)]
            case "Query":
                # One of the values is the partition's name.
                read = [Part(table, one["S"]) for one in asked["ExpressionAttributeValues"].values() if "S" in one]
            case _:
                return self.likeness
        return tuple(self.parts.get(part, 0) for part in read)


class Items:
    """The items of a ministack, whose changes are noted, and its transactions, each kept with its answer."""

    def __init__(self, dynamodb: ModuleType) -> None:
        self._its = dynamodb
        self._store, self._remove, self._keep = dynamodb._set_item, dynamodb._remove_item, dynamodb._txn_token_store
        self._noted: list[Change] | None = None
        vars(dynamodb).update(_set_item=self._stored, _remove_item=self._removed, _txn_token_store=self._kept)

    def listen(self) -> None:
        """Note what changes from now on."""
        self._noted = []

    def heard(self) -> tuple[Change, ...]:
        """What has changed since, in order; what follows is not noted."""
        noted, self._noted = self._noted, None
        return tuple(noted or ())

    def parts(self) -> Mapping[Part, int]:
        """Of each table and partition the sum of the likenesses of all items."""
        parts: dict[Part, int] = {}
        for token, kept in self._its._txn_idempotency.items():
            _add_item(parts, Place(None, token), kept)
        for table in self._its._tables.values():
            for pk, partition in table["items"].items():
                for sk, item in partition.items():
                    _add_item(parts, Place(table["TableName"], pk, sk), item)
        return parts

    def go(self, origin: Held, goal: Held) -> None:
        """Come from what is held to what is to be held."""
        for place, _, new in _way(origin, goal):
            if place.table is None:
                self._put_transaction(place.pk, new)
            elif new is None:
                self._its._remove_item(self._its._tables[place.table], place.pk, place.sk)
            else:
                self._its._set_item(self._its._tables[place.table], place.pk, place.sk, new)

    def _put_transaction(self, token: str, kept: Item | None) -> None:
        if kept is None:
            self._its._txn_idempotency.pop(token)
        else:
            self._its._txn_idempotency[token] = kept

    def _stored(self, table: Table, pk: str, sk: str, item: Item) -> Any:  # noqa: ANN401 - ministack's answer
        old = self._store(table, pk, sk, item)
        self._note(Change(Place(table["TableName"], pk, sk), old, item))
        return old

    def _removed(self, table: Table, pk: str, sk: str) -> Any:  # noqa: ANN401 - ministack's answer
        old = self._remove(table, pk, sk)
        self._note(Change(Place(table["TableName"], pk, sk), old, None))
        return old

    def _kept(self, token: str, kept: dict[str, Any]) -> None:
        old = self._its._txn_idempotency.get(token)
        self._keep(token, kept)
        self._note(Change(Place(None, token), old, kept))

    def _note(self, change: Change) -> None:
        if self._noted is not None:
            self._noted.append(change)


def _way(origin: Held, goal: Held) -> Iterator[Change]:
    """The changes to undo back to where both come from, and those to do from there."""
    forth: list[Held] = []
    while origin is not goal:
        if origin.depth >= goal.depth:
            yield from (one._replace(old=one.new, new=one.old) for one in reversed(origin.changes))
            origin = _before(origin)
        else:
            forth.append(goal)
            goal = _before(goal)
    for held in reversed(forth):
        yield from held.changes


def _before(held: Held) -> Held:
    assert held.before is not None, "what was held before all was restored is out of reach"
    return held.before


def _add_item(parts: dict[Part, int], place: Place, item: Item) -> None:
    _add(parts, place, likeness_of_item(place, item))


def _add(parts: dict[Part, int], place: Place, number: int) -> None:
    for part in (Part(place.table, WHOLE), Part(place.table, place.pk)):
        parts[part] = parts.get(part, 0) + number


def likeness_of_item(place: Place, item: Item | None) -> int:
    """A number for what an item is and where: the same for the same, but for when it was written. Zero for none."""
    if item is None:
        return 0
    told = item if place.table is not None else {name: one for name, one in item.items() if name != "completed_at"}
    return int.from_bytes(blake2b(written((*place, told)), digest_size=16).digest())


def written(value: object) -> bytes:
    """The same for what is the same."""
    content = BytesIO()
    pickler = pickle.Pickler(content)
    # Each value in full: how often one is shared is no part of what is held.
    pickler.fast = True
    pickler.dump(value)
    return content.getvalue()
