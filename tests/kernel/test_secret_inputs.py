"""Inputs that cannot be kept or given are told by their place."""

import pytest

from chalicelib.kernel.secret_inputs import secret_input_defects


@pytest.mark.parametrize(
    "value", ["a\0b", {"secret": "a\0b"}, ["x", "\0"], {"k": ["\0"]}, {"\0": 1}, {"k": {"l": "\0"}}]
)
def test_a_nul_is_told_wherever_it_stands(value: object) -> None:
    assert [defect.path for defect in secret_input_defects({"fine": "ab", "a": value}, {}, "inputs")] == ["inputs.a"]


def test_a_name_with_a_nul_is_told_too() -> None:
    assert len(list(secret_input_defects({"a\0": 1}, {}, "inputs"))) == 1
