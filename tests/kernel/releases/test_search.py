"""How well releases fit words: every word must fit, whole words better than beginnings, names better than the rest."""

import pytest

from chalicelib.kernel.releases.search import MOST_WORDS, has, score, words_about, words_of
from slipway_formats.release import Metadata

SHOP = Metadata(name="shoe-shop", description="Sells boots and shoes", metadata={"team": "Feet"})


def test_words_are_in_lower_case_and_each_once() -> None:
    assert words_of("Shoe-shop, the SHOE_shop v2!") == ("shoe", "shop", "the", "v2")


def test_the_name_comes_first_among_the_words_of_a_release() -> None:
    assert words_about("web", SHOP) == ("shoe", "shop", "web", "feet", "team", "sells", "boots", "and", "shoes")
    assert len(words_about("web", Metadata(description=" ".join(map(str, range(99)))))) == MOST_WORDS


@pytest.mark.parametrize("asked", ["shoe gloves", "x", "s", "ells"])
def test_nothing_fits_by_half(asked: str) -> None:
    assert score(words_of(asked), "web", SHOP) == 0


def test_whole_words_and_names_weigh_more() -> None:
    weights = [score(words_of(asked), "web", SHOP) for asked in ("shoe", "sho", "feet", "boots", "boo")]
    assert weights == sorted(weights, reverse=True)
    assert len(set(weights)) == 5
    assert score((), "web", SHOP) == 1
    assert score(("green",), "web", SHOP, tag="green") > 0


def test_metadata_is_held_as_a_whole() -> None:
    assert has(SHOP, {"team": "Feet"})
    assert not has(SHOP, {"team": "feet"})
    assert not has(Metadata(metadata=None), {"team": "Feet"})
