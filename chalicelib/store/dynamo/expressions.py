"""Convert keys, conditions and updates to arguments of DynamoDB calls."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action, Update

from chalicelib.store.dynamo.items import Item, Wire, wired_value


class Key(NamedTuple):
    """Primary key of an item. Every table has these two string attributes."""

    pk: str
    sk: str


class ConditionFailed(Exception):  # noqa: N818 - says what happened, as the faults do
    """A condition was not met.

    places: of a transaction, the indexes of the writes whose conditions failed. there: for each write, the stored item
    if its condition failed and there is an item, else None.
    """

    def __init__(self, places: tuple[int, ...], there: tuple[Item | None, ...]) -> None:
        super().__init__(f"condition failed at {places}")
        self.places = places
        self.there = there


def wired_key(key: Key) -> Wire:
    """Return the key as DynamoDB JSON."""
    return {"pk": {"S": key.pk}, "sk": {"S": key.sk}}


def named(names: dict[str, str], values: dict[str, Any]) -> Wire:
    """Return the placeholders of expressions. names: by attribute. values: as PynamoDB serializes them, bytes raw."""
    named: Wire = {"ExpressionAttributeNames": {short: name for name, short in names.items()}} if names else {}
    if values:
        named["ExpressionAttributeValues"] = {
            short: wired_value(value["B"]) if "B" in value else value for short, value in values.items()
        }
    return named


def expressed(condition: Condition | None, actions: Sequence[Action] = ()) -> Wire:
    """Return the arguments for a condition and updates. A failed condition then returns the stored item."""
    names: dict[str, str] = {}
    values: dict[str, Any] = {}
    arguments: Wire = {}
    if condition is not None:
        arguments["ConditionExpression"] = condition.serialize(names, values)
        arguments["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    if actions:
        arguments["UpdateExpression"] = Update(*actions).serialize(names, values)
    return arguments | named(names, values)


def projected(attributes: Sequence[str], names: dict[str, str]) -> str:
    """Return a projection expression for these attributes, and add their placeholders to `names`."""
    return ", ".join(names.setdefault(attribute, f"#{len(names)}") for attribute in attributes)
