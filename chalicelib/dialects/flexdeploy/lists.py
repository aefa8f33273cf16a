"""Lists, which the first version of the API answers bare and the second under `items`; and single records."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from chalicelib.http.reply import Json, Reply, json_reply

Record = TypeVar("Record")


def bare(shown: Callable[[Record], Json]) -> Callable[[Sequence[Record]], Reply]:
    """Return what shows a list as the first version does: `[…]`."""
    return lambda records: json_reply([shown(one) for one in records])


def items(shown: Callable[[Record], Json]) -> Callable[[Sequence[Record]], Reply]:
    """Return what shows a list as the second version does: `{"items": […]}`."""
    return lambda records: json_reply({"items": [shown(one) for one in records]})


def alone(shown: Callable[[Record], Json]) -> Callable[[Record], Reply]:
    """Return what shows a record."""
    return lambda record: json_reply(shown(record))
