"""Messages that dialects say in their own words: what somebody wrote in them stays as it is."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.faults import Conflict, Worded

WORDS = {"train": "release", "snapshot": "build", "cancelled": "canceled"}
WRITTEN = st.text() | st.lists(st.sampled_from([*WORDS, *WORDS.values(), " ", "{}", "{0}", "-"])).map("".join)


@given(WRITTEN, WRITTEN)
def test_only_the_messages_own_words_are_swapped(number: str, title: str) -> None:
    message = Worded("snapshot {} of {} is cancelled", number, Worded("train {}", title))

    assert message == f"snapshot {number} of train {title} is cancelled"
    assert message.in_words(WORDS) == f"build {number} of release {title} is canceled"
    assert message.in_words({}) == message


@given(WRITTEN)
def test_a_message_is_a_text_as_others_also_after_a_journey(number: str) -> None:
    message = Worded("train {} has changed", number)
    arrived = pickle.loads(pickle.dumps(message))  # noqa: S301 - what was just written

    assert (arrived, arrived.in_words(WORDS)) == (message, message.in_words(WORDS))
    assert str(Conflict(message)) == message


def test_whole_words_are_swapped_alone() -> None:
    assert Worded("train trains a-train _train").in_words(WORDS) == "release trains a-release _train"


@pytest.mark.parametrize("values", [(), ("1", "2")])
def test_a_message_has_as_many_values_as_places(values: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="zip"):
        Worded("train {}", *values)
