"""Escape Script knows a few forms, and says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slipway.plan.expression import Scope, ScriptError, defect, evaluate, is_script

SCOPE: Scope = {
    "this": {"inputs": {"x": 1, "l": ["a"]}, "outputs": {}, "version": "1.2.3.4", "metadata": {"k": "v"}},
    "demo/dep": {"version": "2", "outputs": {"y": "z"}, "deployment": "a:b"},
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$this.inputs.x", 1),
        ("$this.inputs.l", ["a"]),
        ("$demo/dep.outputs.y", "z"),
        ("$demo/dep.deployment", "a:b"),
        ("$this.metadata.k", "v"),
        ("$this.version", "1.2.3.4"),
        ("$this.version.track_major_version()", "1.@"),
        ("$this.version.track_minor_version()", "1.2.@"),
        ("$this.version.track_patch_version()", "1.2.3.@"),
        ("$this.version.track_version()", "1.2.3.4.@"),
        ("$demo/dep.version.track_minor_version()", "2.@"),
        ("plain", "plain"),
        ("$$this", "$$this"),
        ("a $this.version", "a $this.version"),
        (["$this.version", 2], ["1.2.3.4", 2]),
        (None, None),
    ],
)
def test_an_expression_stands_for_its_value(text: str | list[str | int] | None, value: object) -> None:
    assert evaluate(text, SCOPE) == value  # type: ignore[arg-type]  # lists are invariant, and this one is read alone


@pytest.mark.parametrize(
    "text",
    [
        "$who.version",
        "$this.inputs.none",
        "$this.outputs.x",
        "$demo/dep.inputs.x",
        "$this.inputs.x.track_minor_version()",
    ],
)
def test_an_expression_without_a_value_is_an_error_that_quotes_it(text: str) -> None:
    with pytest.raises(ScriptError, match=text.split(".")[0].replace("$", r"\$")):
        evaluate(text, SCOPE)


@given(st.text(max_size=30).map(lambda text: "$" + text))
def test_whatever_follows_a_dollar_is_known_or_a_defect(text: str) -> None:
    if is_script(text) and defect(text) is None:
        assert (
            text.strip()[1:]
            .replace(".", "")
            .replace("()", "")
            .replace("/", "")
            .replace("_", "")
            .replace("-", "")
            .isalnum()
        )
