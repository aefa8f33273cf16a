"""A house taken back to where it was at will, and all that it holds, told to be compared."""

import io
import pickle
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime, timedelta
from functools import cache
from threading import Lock
from types import MethodType
from typing import Any, cast

from chalicelib.use_cases.ports.bundle import Settings
from tests.use_cases.house import House

LOCK = type(Lock())
OF_KERNEL = "chalicelib.kernel."
VALUES = (OF_KERNEL, "chalicelib.use_cases.ports.", "slipway_formats.")
REFUSES_CHANGE = Settings.__setattr__
"""What every record has in its place."""

NOTED = frozenset({"uses"})
"""Of whom they let in, and then refuse: that a token was shown is noted all the same."""

SEVERAL = frozenset({list, tuple, set, frozenset})
PLAIN = frozenset({str, int, bool, float, bytes, type(None), datetime, timedelta})

TOLD: dict[int, tuple[object, str]] = {}
"""Records of snapshots, which all houses made of them share, with what they show: half of a test was to show them."""


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A house as it was, to be had again as often as one likes."""

    content: bytes = field(repr=False)
    records: Sequence[object] = field(repr=False)

    def house(self) -> House:
        """The house of that time: another one each time."""
        unpickler = pickle.Unpickler(io.BytesIO(self.content))  # noqa: S301 - of our own
        unpickler.persistent_load = self.records.__getitem__  # type: ignore[method-assign]  # at C's speed
        house: House = unpickler.load()
        return house


def snapshot(house: House) -> Snapshot:
    """The house as it is now."""
    stream, records = io.BytesIO(), list[object]()
    _Pickler(stream, records).dump(house)
    TOLD.update({id(one): (one, repr(one)) for one in records})
    return Snapshot(stream.getvalue(), records)


def contents(house: House) -> Mapping[str, str]:
    """All that is kept, by port, to be compared; but not the clock, which every request reads."""
    ports = {name: port for name, port in vars(house.ports).items() if name not in ("clock", "ids", "queue")}
    teller = _Teller(ports.values())
    first = {id(port): name for name, port in reversed(ports.items())}
    return {name: teller.held_by(port) if first[id(port)] == name else "" for name, port in ports.items()}


def forget_refused_decisions(house: House) -> None:
    """Without the entries of the audit log that say who tried what they may not."""
    house.audits.forget("refused-decision")


def _plain(port: object) -> Mapping[str, object]:
    """What it keeps, in slots or not."""
    held = {**(_fields(port) if is_dataclass(port) else {}), **getattr(port, "__dict__", {})}
    return {name: kept for name, kept in held.items() if not isinstance(kept, LOCK) and name not in NOTED}


def _fields(held: Any) -> Mapping[str, object]:  # noqa: ANN401 - any record
    return {one.name: getattr(held, one.name) for one in fields(held) if one.repr}


class _Teller:
    """Shows in essence what repr shows; what several hold only once, and of ports in others which of them it is.

    Of records of snapshots it knows it already.
    """

    def __init__(self, ports: Iterable[object]) -> None:
        self._known = {id(port): number for number, port in enumerate(ports)}

    def held_by(self, port: object) -> str:
        """The text of all that a port holds."""
        return self.shown(_plain(port))

    def shown(self, held: object) -> str:
        """The text of something that stands still meanwhile."""
        kind = type(held)
        if kind in PLAIN:
            return repr(held)
        if id(held) in TOLD:
            return TOLD[id(held)][1]
        if kind is dict:
            pairs = cast("dict[object, object]", held).items()
            return f"{{{', '.join([f'{self.shown(key)}: {self.shown(value)}' for key, value in pairs])}}}"
        if kind in SEVERAL:
            return f"{kind.__name__}[{', '.join(map(self.shown, cast('Iterable[object]', held)))}]"
        if isinstance(held, MethodType):
            return held.__qualname__  # of the clock, which every request reads
        if is_dataclass(held) and kind.__setattr__ is object.__setattr__:
            return self._once(held, _fields(held))
        if kind.__repr__ is object.__repr__ and hasattr(held, "__dict__"):
            return self._once(held, _plain(held))
        return repr(held)

    def _once(self, held: object, values: object) -> str:
        name = type(held).__qualname__
        if id(held) in self._known:
            return f"{name} {self._known[id(held)]}"
        self._known[id(held)] = len(self._known)
        return f"{name}({self.shown(values)})"


@cache
def _is_record(kind: Any) -> bool:  # noqa: ANN401 - any type
    """Whether nobody can change it: what a plan notes besides its fields is worked out of these alone."""
    if kind.__setattr__ is REFUSES_CHANGE:
        return bool(kind.__module__.startswith(VALUES))
    parameters = getattr(kind, "__dataclass_params__", None)
    return parameters is not None and parameters.frozen and kind.__module__.startswith(OF_KERNEL)


class _Pickler(pickle.Pickler):
    """Pickles locks too: an open one for each. Of records, which nobody can change, it only says which they are."""

    def __init__(self, stream: io.BytesIO, records: list[object]) -> None:
        super().__init__(stream)
        self._records, self._places = records, dict[int, int]()

    def persistent_id(self, what: object) -> int | None:
        kind: Any = type(what)
        if not _is_record(kind):
            return None
        if id(what) not in self._places:
            self._places[id(what)] = len(self._records)
            self._records.append(what)
        return self._places[id(what)]

    def reducer_override(self, what: object) -> Any:  # noqa: ANN401 - pickle's own word
        return (Lock, ()) if isinstance(what, LOCK) else NotImplemented
