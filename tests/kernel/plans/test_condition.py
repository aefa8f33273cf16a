"""What conditions can ask, and that nothing else can be done with them."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.plans.condition import MAX_LENGTH, ConditionBroken, check, holds

NAMES = {
    "branch": "main",
    "count": 3,
    "share": 0.5,
    "done": True,
    "tags": ("a", "b"),
    "nothing": None,
    "clock": object(),
}


@pytest.mark.parametrize(
    "text",
    [
        "branch == 'main'",
        "branch != 'dev' and count >= 3",
        "not (branch == 'dev' or count < 3)",
        "1 < count <= 3 < 4",
        "'a' in tags and 'c' not in tags",
        "branch in ['main', 'release']",
        "'ai' in branch",
        "done",
        "True",
        "nothing == None",
        "share > -1.5 and count > -2",
        "[branch, count] == ['main', 3]",
        "   done   ",
        "(done and\n count == 3)",
    ],
)
def test_a_question_with_the_answer_yes_holds_and_its_denial_does_not(text: str) -> None:
    assert check(text) == ()
    assert holds(text, NAMES) is True
    assert holds(f"not ({text.strip()})", NAMES) is False


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("branch.upper == 'x'", "an attribute at line 1 column 1 is not allowed"),
        ("len(branch) == 4", "a call at line 1 column 1 is not allowed"),
        ("count ** 999999 > 1", "arithmetic"),
        ("'a' * 999999999 == branch", "arithmetic"),
        ("branch + 'x' == 'y'", "arithmetic"),
        ("tags[0] == 'a'", "a subscript"),
        ("tags == ('a', 'b')", "square brackets"),
        ("tags == {'a'}", "set"),
        ("tags == {'a': 1}", "a dictionary"),
        ("[x for x in tags] == tags", "listcomp"),
        ("[*tags] == tags", "starred"),
        ("f'{branch}' == 'main'", "a formatted string"),
        ("b'x' == branch", "constant"),
        ("1j == count", "constant"),
        ("... == count", "constant"),
        ("done if done else done", "a conditional"),
        ("(lambda: done)", "a lambda"),
        ("(x := done)", "an assignment"),
        ("__import__", "name '__import__'"),
        ("__builtins__ == 1", "name '__builtins__'"),
        ("nothing is None", "write == or !="),
        ("-count < 0", "unaryop"),
        ("-True < 0", "unaryop"),
        ("+1 == 1", "unaryop"),
        ("~1 == 1", "unaryop"),
        ("await done", "await at line 1 column 1 is not allowed"),
        ("done = True", "not understood at line 1 column 6"),
        ("done; done", "not understood at line 1 column 5"),
        ("import os", "not understood"),
        ("done\ndone", "not understood"),
        ("", "not understood"),
        ("   ", "not understood"),
        ("# nothing", "not understood"),
        ("done\0", "not understood"),
        ("branch == '\\d'", "a backslash is not allowed"),
        ("\ud800", "not understood"),
    ],
)
def test_what_is_no_question_is_refused_before_it_is_asked_and_breaks_when_asked(text: str, told: str) -> None:
    assert any(told in defect.message for defect in check(text)), check(text)
    with pytest.raises(ConditionBroken, match="malformed"):
        holds(text, NAMES)


def test_every_defect_is_told() -> None:
    assert len(check("a.b == c() and d + 1 == 2")) == 3


@pytest.mark.parametrize(
    "text",
    [
        "(" * 500 + "done" + ")" * 400,
        "(" * 150 + "done" + ")" * 150,
        "[" * 90 + "]" * 90,
        "not " * 240 + "done",
        "-" * 990 + "1",
        "'" + "a" * MAX_LENGTH + "'",
        "9" * 5000 + " > 1",
        "done and " * 500 + "done",
    ],
)
def test_long_and_deep_texts_are_refused_or_answered_at_once(text: str) -> None:
    if check(text):
        with pytest.raises(ConditionBroken):
            holds(text, NAMES)
    else:
        assert holds(text, NAMES) is True


def test_huge_numbers_compare_and_do_no_harm() -> None:
    assert holds(f"{'9' * 900} > count", NAMES)
    assert holds("1e999 > count", NAMES)


@pytest.mark.parametrize(
    "text", ["branch", "count", "nothing", "tags", "done and count", "branch or done", "not nothing"]
)
def test_a_question_whose_answer_is_not_true_or_false_breaks(text: str) -> None:
    with pytest.raises(ConditionBroken, match="true or false"):
        holds(text, NAMES)


@pytest.mark.parametrize("text", ["branch < 3", "nothing < 1", "'a' in count", "1 in branch", "[1] < ['a']"])
def test_comparing_what_cannot_be_compared_breaks(text: str) -> None:
    with pytest.raises(ConditionBroken, match="cannot be compared"):
        holds(text, NAMES)


@pytest.mark.parametrize("text", ["colour == 'red'", "done or colour == 'red'", "not done and colour"])
def test_an_unknown_name_breaks_by_name_even_when_it_is_not_reached(text: str) -> None:
    with pytest.raises(ConditionBroken, match="unknown colour"):
        holds(text, NAMES)


def test_a_value_of_a_strange_kind_breaks() -> None:
    with pytest.raises(ConditionBroken, match="value of clock"):
        holds("clock == 1", NAMES)


@given(st.text(max_size=60) | st.text(alphabet="abdone()[]'=<>! -.,*1notrin", max_size=60))
def test_any_text_is_refused_answered_or_broken(text: str) -> None:
    try:
        assert holds(text, NAMES) in (True, False)
    except ConditionBroken as broken:
        assert str(broken)  # noqa: PT017 - either ending is lawful


def test_the_module_drags_nothing_heavy_along() -> None:
    ask = "import sys, chalicelib.kernel.plans.condition; print(*sys.modules)"
    seen = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert not {"simpleeval", "random", "pydantic"} & set(seen.stdout.split())
