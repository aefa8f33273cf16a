"""Tables and indexes as PynamoDB models. What is stored under which key: keys.py of each room.

Only code that creates tables (infra) imports this: PynamoDB's models import botocore (85 ms), which reading items does
not need. All tables are on demand, with point-in-time recovery and TTL on `expires_at` (seconds since 1970). An item is
in an index if it has both of the index's key attributes.
"""

from typing import Any

from pynamodb.attributes import Attribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection, Projection
from pynamodb.models import Model

EXPIRY = "expires_at"
AttributeKind = type[Attribute[Any]]


def _index(
    name: str,
    hash_name: str,
    range_name: str,
    *,
    sorts: AttributeKind = UnicodeAttribute,
    whole: bool = False,
    beside: tuple[str, ...] = (),
) -> GlobalSecondaryIndex[Any]:
    """Define an index. whole: project all attributes, so that a page is one call but each write costs more.

    beside: attributes to project besides the keys, if not whole.
    """
    narrow: Projection = IncludeProjection(list(beside)) if beside else KeysOnlyProjection()
    projection: Projection = AllProjection() if whole else narrow
    members = {
        "Meta": type("Meta", (), {"index_name": name, "projection": projection}),
        hash_name: UnicodeAttribute(hash_key=True),
        range_name: sorts(range_key=True),
    }
    made: GlobalSecondaryIndex[Any] = type(name, (GlobalSecondaryIndex,), members)()
    return made


def _table(name: str, *indexes: GlobalSecondaryIndex[Any]) -> type[Model]:
    members = {
        "Meta": type("Meta", (), {"table_name": name}),
        "pk": UnicodeAttribute(hash_key=True),
        "sk": UnicodeAttribute(range_key=True),
        **{index.Meta.index_name: index for index in indexes},
    }
    return type(name.capitalize(), (Model,), members)


def _two_orders() -> tuple[GlobalSecondaryIndex[Any], GlobalSecondaryIndex[Any]]:
    """Return two generic indexes: items that share `first`, sorted by `first_key`; the same for `second`."""
    return (
        _index("by_first", "first", "first_key", whole=True),
        _index("by_second", "second", "second_key", whole=True),
    )


TABLES: tuple[type[Model], ...] = (
    _table("projects", *_two_orders()),
    _table("inventory", *_two_orders()),
    _table(
        "runs",
        _index("by_due", "due_shard", "due_at", sorts=NumberAttribute),
        _index("by_definition", "definition", "run"),
        _index("by_project", "project", "run", beside=("definition",)),
        _index("by_train", "train", "number", sorts=NumberAttribute),
        _index("by_pool", "pool", "waits_since", whole=True),
        _index("by_nonce", "nonce", "sk"),
        _index("by_listing", "listing", "run", beside=("summary",)),
    ),
    _table("logs"),
    _table("trains", *_two_orders()),
    _table("workloads", *_two_orders()),
    _table("access", *_two_orders()),
    _table("audit", *_two_orders()),
)
"""All tables of an installation; names without its prefix."""


def table_name(table: type[Model]) -> str:
    """Return the name without the prefix."""
    return str(table.Meta.table_name)


def schema(table: type[Model]) -> dict[str, Any]:
    """Return attributes, keys and indexes of a table as CreateTable and CloudFormation take them."""
    # PynamoDB offers a model's schema only under this private name; its version is pinned.
    made = table._get_schema()
    attributes = {one["AttributeName"]: one["AttributeType"] for one in made["attribute_definitions"]}
    plain: dict[str, Any] = {
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": kind} for name, kind in attributes.items()],
        "KeySchema": _hash_first(made["key_schema"]),
    }
    if made["global_secondary_indexes"]:
        plain["GlobalSecondaryIndexes"] = [_index_schema(one) for one in made["global_secondary_indexes"]]
    return plain


def _index_schema(made: Any) -> dict[str, Any]:  # noqa: ANN401 - PynamoDB's own shape
    return {
        "IndexName": made["index_name"],
        "KeySchema": _hash_first(made["key_schema"]),
        "Projection": dict(made["projection"]),
    }


def _hash_first(keys: Any) -> list[dict[str, str]]:  # noqa: ANN401 - PynamoDB's own shape
    """Put the partition key first, as AWS requires; PynamoDB sorts by name."""
    return sorted((dict(key) for key in keys), key=lambda key: key["KeyType"])
