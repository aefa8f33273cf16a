"""Laws of how well a name fits what is typed."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.explanation.likeness import likeness

NAMES = st.text("abAB/#-_. 7", min_size=1, max_size=12)


@given(NAMES, NAMES)
def test_a_name_fits_by_each_word_that_it_holds_and_by_no_other(typed: str, name: str) -> None:
    holds = all(word in name.casefold() for word in typed.casefold().split())

    assert (likeness(typed, name) is not None) == holds


@given(NAMES, NAMES)
def test_no_name_fits_better_than_the_one_that_is_typed(typed: str, name: str) -> None:
    assert likeness(name.strip(), name.strip()) == 0
    assert (likeness(typed, name) == 0) == (typed.strip().casefold() == name.casefold())


def test_names_that_begin_so_come_before_words_that_do_and_these_before_the_rest() -> None:
    assert [likeness("del", name) for name in ("delivery", "shop/delivery", "shop/model", "shop")] == [1, 2, 3, None]
    assert likeness("shop del", "shop/delivery#7") == 2
    assert likeness("shop/delivery#7", "shop/delivery#77") == 1
