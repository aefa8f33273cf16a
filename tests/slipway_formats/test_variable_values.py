"""Values that no program can be given are told by their place."""

import json
import os
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slipway_formats.variable_values import LONGEST_VALUE, LONGEST_VALUES, value_defects


@pytest.mark.parametrize(
    "value", ["a\0b", {"secret": "a\0b"}, ["x", "\0"], {"k": ["\0"]}, {"\0": 1}, {"k": {"l": "\0"}}]
)
def test_a_nul_is_told_wherever_it_stands(value: object) -> None:
    assert [defect.path for defect in value_defects({"fine": "ab", "a": value}, "inputs")] == ["inputs.a"]


def test_a_name_with_a_nul_is_told_too() -> None:
    assert len(list(value_defects({"a\0": 1}, "inputs"))) == 1


def test_what_is_too_long_is_told_alone_and_together() -> None:
    most = "x" * LONGEST_VALUE
    assert [one.path for one in value_defects({"a": most, "b": most + "x"}, "inputs")] == ["inputs.b"]
    assert [one.path for one in value_defects({"a": most, "b": [most]}, "inputs")] == ["inputs.b"]
    together = {f"v{number}": most for number in range(LONGEST_VALUES // LONGEST_VALUE)}
    assert list(value_defects(together, "inputs")) == []
    assert [one.path for one in value_defects({**together, "c": "x"}, "inputs")] == ["inputs"]
    assert [one.path for one in value_defects({"a": "xyz"}, "inputs", 2)] == ["inputs"]


@given(st.dictionaries(st.from_regex("[a-z]{1,4}", fullmatch=True), st.text(max_size=20), max_size=3))
def test_a_program_can_be_given_whatever_is_not_told(values: dict[str, str]) -> None:
    if any(value_defects(values, "inputs")):
        return
    try:
        shown = {name: os.fsencode(text) for name, text in values.items()}
    except UnicodeEncodeError:
        return
    seen = subprocess.run(["env", "-0"], env=shown, check=True, capture_output=True).stdout
    assert all(name.encode() + b"=" + text in seen.split(b"\0") for name, text in shown.items())


def test_a_program_can_be_given_the_longest_values_twice() -> None:
    value = "x" * LONGEST_VALUE
    many = {f"{kind}_{one}": value for kind in ("INPUT", "PREVIOUS") for one in range(LONGEST_VALUES // LONGEST_VALUE)}
    assert len(json.dumps(many)) > 2 * LONGEST_VALUES
    subprocess.run(["true"], env={**os.environ, **many}, check=True)
