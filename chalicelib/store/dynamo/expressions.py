"""Keys, conditions and changes as arguments of DynamoDB's calls."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action, Update

from chalicelib.store.dynamo.items import Item, Wire, wired_value


class Key(NamedTuple):
    """Of an item: every table has these two, both texts."""

    pk: str
    sk: str


class ConditionFailed(Exception):  # noqa: N818 - says what happened, as the faults do
    """A condition did not hold. there: for each write its item as it stands, where its condition failed and it exists.

    places: of the writes whose conditions failed, in a transaction.
    """

    def __init__(self, places: tuple[int, ...], there: tuple[Item | None, ...]) -> None:
        super().__init__(f"condition failed at {places}")
        self.places = places
        self.there = there


def wired_key(key: Key) -> Wire:
    """The key as DynamoDB's JSON."""
    return {"pk": {"S": key.pk}, "sk": {"S": key.sk}}


def named(names: dict[str, str], values: dict[str, Any]) -> Wire:
    """The placeholders of expressions. names: by attribute. values: as PynamoDB serializes them, bytes raw."""
    named: Wire = {"ExpressionAttributeNames": {short: name for name, short in names.items()}} if names else {}
    if values:
        named["ExpressionAttributeValues"] = {
            short: wired_value(value["B"]) if "B" in value else value for short, value in values.items()
        }
    return named


def expressed(condition: Condition | None, actions: Sequence[Action] = ()) -> Wire:
    """The arguments of a call that say a condition and changes; a failed condition shows the item."""
    names: dict[str, str] = {}
    values: dict[str, Any] = {}
    asked: Wire = {}
    if condition is not None:
        asked["ConditionExpression"] = condition.serialize(names, values)
        asked["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    if actions:
        asked["UpdateExpression"] = Update(*actions).serialize(names, values)
    return asked | named(names, values)


def projected(attributes: Sequence[str], names: dict[str, str]) -> str:
    """The expression that asks for these attributes alone; their placeholders are added to the names."""
    return ", ".join(names.setdefault(attribute, f"#{len(names)}") for attribute in attributes)
