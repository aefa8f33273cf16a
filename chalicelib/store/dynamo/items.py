"""Convert items between Python values and DynamoDB JSON, and measure them. What an item holds is up to each store."""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import Any

Value = str | int | float | bool | bytes | None | Sequence["Value"] | Mapping[str, "Value"] | frozenset[str]
Item = Mapping[str, Any]
"""Attributes by name. An attribute with the value None is not written."""

Wire = dict[str, Any]


def wired(item: Item) -> dict[str, Wire]:
    """Return the item as DynamoDB JSON."""
    return {name: wired_value(value) for name, value in item.items() if value is not None}


def wired_value(value: Value) -> Wire:
    """Return one value as DynamoDB JSON."""
    if isinstance(value, str):
        return {"S": value}
    if value is None:
        return {"NULL": True}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int | float):
        return {"N": repr(value)}
    if isinstance(value, bytes):
        return {"B": b64encode(value).decode()}
    if isinstance(value, Mapping):
        return {"M": {name: wired_value(one) for name, one in value.items()}}
    if isinstance(value, frozenset):
        return {"SS": sorted(value)}
    return {"L": [wired_value(one) for one in value]}


def unwired(plain: Mapping[str, Wire]) -> dict[str, Any]:
    """Return the item from DynamoDB JSON."""
    return {name: unwired_value(value) for name, value in plain.items()}


def unwired_value(wire: Wire) -> Any:  # noqa: ANN401 - where items are decoded, Any is the type
    """Return the value from DynamoDB JSON. Sets become frozensets."""
    ((kind, value),) = wire.items()
    match kind:
        case "S" | "BOOL":
            return value
        case "N":
            return int(value) if value.lstrip("-").isdigit() else float(value)
        case "B":
            return b64decode(value)
        case "M":
            return unwired(value)
        case "L":
            return [unwired_value(one) for one in value]
        case "SS":
            return frozenset(value)
        case _:
            return None


def size(item: Item) -> int:
    """Return the size of an item in bytes, as DynamoDB counts it. Source: its guide, "item sizes and formats"."""
    return sum(len(name.encode()) + value_size(value) for name, value in item.items() if value is not None)


def value_size(value: Value) -> int:
    """Return the size of a value in bytes, as DynamoDB counts it."""
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, bytes):
        return len(value)
    if value is None or isinstance(value, bool):
        return 1
    if isinstance(value, int | float):
        return len(repr(abs(value))) // 2 + 2
    if isinstance(value, Mapping):
        return 3 + len(value) + size(value)
    return 3 + sum(1 + value_size(one) for one in value)
