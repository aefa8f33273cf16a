"""Versions, held to what Escape's core and inventory answered."""

from __future__ import annotations

import pytest

from slipway_formats import version
from slipway_formats.defect import Defect, Invalid
from slipway_formats.version import Exact, Latest, Prefix, Query, Tag

INVENTORY = ["3.0", "0.0.5", "2.0.5.7", "1.0.0", "1.0", "0.1.0", "0.0.10", "0.0.9", "01.02", "86", "85", "78", "0.0.0"]
SMALL = ["0", "0.0", "0.0.0", "0.1", "0.1.0", "0.1.1", "0.1.2"]


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("", "87"),
        ("0.", "0.2"),
        ("0.0.", "0.0.11"),
        ("0.1.", "0.1.1"),
        ("1.", "1.1"),
        ("1.0.", "1.0.1"),
        ("2.", "2.1"),
        ("2.0.", "2.0.6"),
        ("9.", "9.0"),
        ("x", "x0"),
        ("1", "10"),
        ("8", "87"),
        ("01.", "01.3"),
    ],
)
def test_the_next_version_is_the_one_that_escape_gives(prefix: str, expected: str) -> None:
    assert version.next_version(prefix, INVENTORY) == expected


def test_the_next_version_of_nothing_is_zero() -> None:
    assert version.next_version("", []) == "0"
    assert version.next_version("1.0.", []) == "1.0.0"


@pytest.mark.parametrize(
    ("given", "expected"),
    [("12.10.11", "0.1.2"), ("0.2", "0.1.2"), ("0.1", "0.0.0"), ("0.0.0", "0.0"), ("0.0", "0"), ("0", None)],
)
def test_the_previous_version_is_the_highest_below(given: str, expected: str | None) -> None:
    assert version.previous(given, SMALL) == expected
    assert version.previous(given, reversed(SMALL)) == expected


def test_versions_of_equal_worth_have_one_order() -> None:
    assert version.previous("01.02", ["1.2", "1.1"]) == "1.2"
    assert version.previous("1.2", ["01.02", "1.1"]) == "1.1"


@pytest.mark.parametrize("text", ["0", "1.0", "01.02", "1.2.3.4.5.6", "9" * 99, "20260101.1"])
def test_dotted_integers_are_versions(text: str) -> None:
    assert version.is_version(text)
    assert version.defects(text) == ()


@pytest.mark.parametrize(
    "text", ["", "v1.0", "1.", ".1", "1..0", "1.0-rc1", "1.0\n", "٣", "-1", "1.0 ", "9" * 100, "1." * 100 + "1"]
)
def test_anything_else_is_no_version(text: str) -> None:
    assert not version.is_version(text)
    assert not version.is_unresolved(text)
    assert version.defects(text, "release.version") == (
        Defect("release.version", f"invalid version string {text[:64]!r}"),
    )


@pytest.mark.parametrize(("text", "prefix"), [("latest", ""), ("@", ""), ("1.@", "1."), ("0.0.@", "0.0.")])
def test_a_version_to_be_found_is_not_a_version(text: str, prefix: str) -> None:
    assert version.is_unresolved(text)
    assert version.defects(text) == (Defect("version", f"version {text!r} is not resolved"),)
    assert version.automatic_prefix(text) == prefix


def test_a_fixed_version_is_not_automatic_and_the_legacy_word_is() -> None:
    assert version.automatic_prefix("1.0") is None
    assert version.automatic_prefix("auto") == ""


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("latest", Latest()),
        ("@", Latest()),
        ("v@", Latest()),
        ("v1.@", Prefix(prefix="1.")),
        ("1.@", Prefix(prefix="1.")),
        ("0.0.@", Prefix(prefix="0.0.")),
        ("v1.0", Exact(version="1.0")),
        ("1.0", Exact(version="1.0")),
        ("01.02", Exact(version="01.02")),
        ("production", Tag(tag="production")),
        ("v10.alpha", Tag(tag="v10.alpha")),
        ("very", Tag(tag="very")),
        ("a b/c", Tag(tag="a b/c")),
        ("1.0-rc1", Tag(tag="1.0-rc1")),
    ],
)
def test_a_query_is_read_as_escape_reads_it(text: str, query: Query) -> None:
    assert version.parse_query(text) == query


def test_an_empty_query_is_refused() -> None:
    with pytest.raises(Invalid, match="empty"):
        version.parse_query("")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("latest", "86"),
        ("0.@", "0.1.0"),
        ("v0.0.@", "0.0.10"),
        ("7.@", None),
        ("x.@", None),
        ("1.0", "1.0"),
        ("1.2", None),
        ("stable", "1.0.0"),
        ("gone", None),
        ("unknown", None),
    ],
)
def test_a_query_is_answered_from_versions_and_tags(text: str, expected: str | None) -> None:
    tags = {"stable": "1.0.0", "gone": "9.9"}
    assert version.resolve(version.parse_query(text), INVENTORY, tags) == expected


@pytest.mark.parametrize("tag", ["production", "v10.alpha", "very", "a b/c"])
def test_a_tag_is_any_word_that_does_not_ask_for_a_version(tag: str) -> None:
    assert version.tag_defects(tag) == ()


@pytest.mark.parametrize("tag", ["", "latest", "@", "v@", "1", "v1.0", "0.@", "v0.1.@", "x" * 201])
def test_a_tag_that_reads_as_a_version_is_refused(tag: str) -> None:
    assert version.tag_defects(tag) == (Defect("tag", f"tag {tag[:64]!r} is invalid"),)


def test_a_sort_key_says_what_its_docstring_says() -> None:
    assert version.sort_key("1.0") == "011.010"
    assert version.sort_key("01.0") == "011.010!01.0"
    with pytest.raises(Invalid):
        version.sort_key("1.x")


def test_a_sort_key_fits_a_key_of_the_store() -> None:
    longest = max((version.sort_key(text) for text in ("0" * 99 + ".00", "1." * 99 + "1", "00." * 66 + "1")), key=len)
    assert len(longest) < 1024
