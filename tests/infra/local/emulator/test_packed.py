"""A packed item is read as it was written, and takes a fraction of the memory."""

from hypothesis import given
from hypothesis import strategies as st

from infra.local.emulator.expiries import Expiries
from infra.local.emulator.packed import Partition, Resting, as_json, packed, unpacked

VALUES = st.one_of(
    st.builds(lambda text: {"S": text}, st.text()),
    st.builds(lambda number: {"N": str(number)}, st.integers()),
    st.just({"BOOL": True}),
)
ITEMS = st.dictionaries(st.text(), VALUES)

TABLE = "arn:aws:dynamodb:us-east-1:000000000000:table/things"


@given(item=ITEMS)
def test_an_item_is_unpacked_as_it_was_packed(item: dict[str, object]) -> None:
    assert unpacked(packed(item)) == item
    assert unpacked(as_json(item)) == item
    assert packed(as_json(item)) == packed(packed(item)) == packed(item)


@given(items=st.dictionaries(st.text(), ITEMS, min_size=1))
def test_a_partition_reads_as_if_nothing_were_packed(items: dict[str, object]) -> None:
    partition = Partition(items)
    for key in items:
        partition.pack(key, dict.__getitem__(partition, key))

    assert {type(found) for found in dict.values(partition)} == {bytes}
    assert [*partition.items()] == [*items.items()]
    assert [*partition.values()] == [*items.values()]
    assert [partition[key] for key in items] == [partition.get(key) for key in items] == [*items.values()]
    assert {key: unpacked(content) for key, content in partition.at_rest()} == items
    assert {key: partition.pop(key) for key in items} == items
    assert partition.get("gone", "nothing") == "nothing"


def test_what_was_written_rests_before_it_is_packed() -> None:
    old, new = {"a": {"S": "1"}}, {"a": {"S": "2"}}
    partition, resting = Partition(one=old, two=old), Resting(60)
    resting.written(partition, "one", old, now=0)
    resting.written(partition, "two", old, now=0)
    partition["two"] = new

    assert resting.pack(10, now=59) == 0
    assert resting.pack(10, now=60) == 2
    assert type(dict.get(partition, "one")) is bytes
    assert dict.get(partition, "two") is new


def test_items_are_due_once_after_they_have_expired() -> None:
    expiries = Expiries()
    expiries.note((TABLE, "a", "1"), 1_000)
    expiries.note((TABLE, "b", "2"), 1_001)
    expiries.note((TABLE, "c", "3"), 5_000)

    assert expiries.due(10, now=999) == []
    assert sorted(expiries.due(10, now=1_080)) == [(TABLE, "a", "1"), (TABLE, "b", "2")]
    assert expiries.due(10, now=1_080) == []
    assert expiries.due(10, now=6_000) == [(TABLE, "c", "3")]
