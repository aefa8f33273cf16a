"""Laws of the order of versions and of the keys that keep it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from slipway_formats import version

PARTS = st.one_of(
    st.integers(0, 12).map(str),
    st.integers(0, 10**97).map(str),
    st.integers(0, 120).map(lambda number: f"0{number}"),
)
VERSIONS = st.lists(PARTS, min_size=1, max_size=6).map(".".join)
PLAIN = st.lists(st.integers(0, 12) | st.integers(0, 10**30), min_size=1, max_size=5).map(
    lambda numbers: ".".join(map(str, numbers))
)


def numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


@given(VERSIONS, VERSIONS)
def test_keys_have_the_order_of_the_numbers_and_differ_where_the_texts_do(one: str, other: str) -> None:
    first, second = version.sort_key(one), version.sort_key(other)
    if numbers(one) != numbers(other):
        assert (first.encode() < second.encode()) == (numbers(one) < numbers(other))
    assert (first == second) == (one == other)


@given(VERSIONS, st.lists(VERSIONS, max_size=12))
def test_spellings_of_one_worth_are_neighbours(one: str, others: list[str]) -> None:
    spelled = [one, f"0{one}", *others]
    worth = [numbers(text) for text in sorted(spelled, key=version.sort_key)]
    assert worth == sorted(worth)


@given(PLAIN, VERSIONS | PLAIN)
def test_a_prefix_of_whole_parts_is_one_range_of_keys(start: str, text: str) -> None:
    prefix = f"{start}."
    low, high = version.prefix_range(prefix)
    for each in (text, f"{prefix}{text}"):
        is_inside = low <= version.sort_key(each) <= high
        worth, head = numbers(each), numbers(start)
        assert is_inside == (len(worth) > len(head) and worth[: len(head)] == head)
        assert is_inside or not each.startswith(prefix)


@given(st.text(alphabet="01.@vx", max_size=5), VERSIONS)
def test_no_prefix_loses_a_version_that_starts_with_it(prefix: str, text: str) -> None:
    low, high = version.prefix_range(prefix)
    assert low <= version.sort_key(text) <= high or not text.startswith(prefix)


@given(st.lists(VERSIONS, unique=True, min_size=1))
def test_going_back_from_the_latest_visits_every_version_once_in_order(versions: list[str]) -> None:
    visited: list[str] = []
    here = version.latest(versions)
    while here is not None:
        visited.append(here)
        here = version.previous(here, versions)
    assert visited == sorted(versions, key=version.sort_key, reverse=True)


@given(st.sampled_from(["", "1.", "0.0.", "1.2."]), st.lists(st.integers(0, 40).map(str) | VERSIONS))
def test_the_next_version_is_new_and_the_highest_with_its_prefix(prefix: str, rests: list[str]) -> None:
    versions = [f"{prefix}{rest}" for rest in rests]
    found = version.next_version(prefix, versions)
    assert version.latest([*versions, found]) == found
    assert found not in versions


@given(st.text(max_size=20) | st.text(alphabet="v01.@latest", max_size=8))
def test_a_lawful_tag_asks_for_itself(tag: str) -> None:
    if not version.tag_defects(tag):
        assert version.parse_query(tag) == version.Tag(tag=tag)
