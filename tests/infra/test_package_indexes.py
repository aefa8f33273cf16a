"""What DynamoDB would refuse half way through an update is refused before it is packaged or deployed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.package.indexes import Indexes, TooManyIndexes, refuse_many


def runs(*names: str, projection: str = "ALL") -> Indexes:
    """The indexes of one table."""
    return {"RunsTable": {name: {"IndexName": name, "Projection": projection} for name in names}}


@given(st.sets(st.sampled_from("abcd")), st.sets(st.sampled_from("abcd")))
def test_one_index_may_come_or_go_and_no_two(before: set[str], after: set[str]) -> None:
    if len(before ^ after) <= 1:
        refuse_many(runs(*before), runs(*after))
        return
    with pytest.raises(TooManyIndexes):
        refuse_many(runs(*before), runs(*after))


def test_who_changes_two_is_told_which_and_what_to_do() -> None:
    with pytest.raises(TooManyIndexes) as refused:
        refuse_many(runs("a"), runs("a", "by_first", "by_second"))

    assert "RunsTable" in str(refused.value)
    assert "this one 2 (by_first, by_second): spread them over as many releases" in str(refused.value)


def test_an_index_does_not_change_in_its_place() -> None:
    with pytest.raises(TooManyIndexes) as refused:
        refuse_many(runs("a"), runs("a", projection="KEYS_ONLY"))

    assert "give the new one another name" in str(refused.value)


def test_a_new_table_has_as_many_as_it_likes() -> None:
    refuse_many({}, runs("a", "b", "c"))
