"""Names too long for a key: nothing is there under them, and nothing can be put there."""

import pytest
from pynamodb.expressions.operand import Path

from chalicelib.kernel.faults import Invalid
from chalicelib.store.dynamo.expressions import Key
from chalicelib.store.dynamo.key_limits import HASHES, LONGEST_HASH, LONGEST_RANGE, RANGES, fits
from chalicelib.store.dynamo.schema import TABLES, schema
from chalicelib.store.dynamo.tables import Change, Check, Put, Reading, Remove, Table, Tables, Write

LONG = [
    Key("x" * (LONGEST_HASH + 1), "1"),
    Key("p", "x" * (LONGEST_RANGE + 1)),
    Key("p", "ü" * LONGEST_RANGE),
    Key("p", ""),
]
LONGEST = Key("x" * LONGEST_HASH, "ü" * (LONGEST_RANGE // 2))


@pytest.fixture
def table(tables: Tables) -> Table:
    return tables.of("projects")


def test_the_keys_of_all_tables_and_indexes_are_known() -> None:
    schemas = [schema(table) for table in TABLES]
    indexes = [index for one in schemas for index in one.get("GlobalSecondaryIndexes", ())]
    texts = {at["AttributeName"] for one in schemas for at in one["AttributeDefinitions"] if at["AttributeType"] == "S"}
    keys = [key for one in (*schemas, *indexes) for key in one["KeySchema"]]
    assert {key["AttributeName"] for key in keys if key["KeyType"] == "HASH"} == HASHES
    assert {key["AttributeName"] for key in keys if key["KeyType"] == "RANGE"} & texts == RANGES


def test_the_longest_keys_are_taken(table: Table) -> None:
    table.put(LONGEST._asdict())
    assert table.get(LONGEST) == LONGEST._asdict()
    assert table.get_many([LONGEST]) == [LONGEST._asdict()]
    assert len(table.query((Path("pk") == LONGEST.pk) & (Path("sk") == LONGEST.sk)).items) == 1


@pytest.mark.parametrize("key", LONG)
def test_nothing_is_there_under_a_name_too_long(table: Table, key: Key) -> None:
    assert not fits(key)
    assert table.get(key) is None
    assert table.get_many([key, LONGEST]) == [None, None]
    assert table.delete(key) is None
    assert not key.sk or table.query((Path("pk") == key.pk) & (Path("sk") == key.sk)).items == ()
    table.write_many(removed=[key])


def test_no_list_has_a_name_too_long_or_begins_after_one(table: Table) -> None:
    long = "x" * (LONGEST_HASH + 1)
    assert list(table.every(Path("first") == long, Reading(index="by_first"))) == []
    after = {"pk": "p", "sk": "1", "first": "f", "first_key": "x" * (LONGEST_RANGE + 1)}
    assert table.query(Path("first") == "f", Reading(index="by_first", after=after)).items == ()


@pytest.mark.parametrize("key", LONG)
def test_nothing_is_put_under_a_name_too_long(tables: Tables, table: Table, key: Key) -> None:
    there = Path("pk").exists()
    writes: tuple[Write, ...] = (Put(table, key._asdict()), Change(table, key, (Path("n").set(1),)), Remove(table, key))
    for write in (*writes, Check(table, key, there)):
        with pytest.raises(Invalid, match="too long"):
            tables.transact((write,), "token")
    with pytest.raises(Invalid, match="too long"):
        table.put(key._asdict())
    with pytest.raises(Invalid, match="too long"):
        table.update(key, (Path("n").set(1),))
    with pytest.raises(Invalid, match="too long"):
        table.write_many([key._asdict()])


def test_nothing_is_put_into_an_index_under_a_name_too_long(table: Table) -> None:
    with pytest.raises(Invalid, match="1 to 1024 bytes"):
        table.put({"pk": "p", "sk": "1", "first": "f", "first_key": "x" * (LONGEST_RANGE + 1)})
