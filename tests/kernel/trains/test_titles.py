"""Names for what was made elsewhere under any title."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel import names
from chalicelib.kernel.trains.titles import Rule, code_of, name_of

RULES: tuple[Rule, ...] = (names.project, names.environment, names.application)


@pytest.mark.parametrize(
    ("title", "rule", "name"),
    [
        ("Shop", names.project, "shop"),
        ("My Web Shop!", names.project, "my-web-shop-"),
        ("namespaces", names.project, "x-namespaces"),
        ("a", names.project, "x-a"),
        ("-", names.project, "x--"),
        ("2nd", names.project, "2nd"),
        ("2nd", names.environment, "x-2nd"),
        ("Produktion Süd", names.environment, "produktion-s-d"),
        ("func", names.application, "x-func"),
        ("", names.application, "x-"),
    ],
)
def test_a_name_is_the_title_as_far_as_the_rule_allows(title: str, rule: Rule, name: str) -> None:
    assert name_of(title, rule, lambda _: False) == name


def test_a_taken_name_is_counted_on() -> None:
    taken = {"shop", "shop-2"}

    assert name_of("Shop", names.project, taken.__contains__) == "shop-3"


@given(title=st.text(max_size=300), taken=st.integers(0, 3), rule=st.sampled_from(RULES))
def test_every_title_has_a_name_that_the_rule_allows_and_nobody_has(title: str, taken: int, rule: Rule) -> None:
    known = set[str]()
    for _ in range(taken + 1):
        known.add(name_of(title, rule, known.__contains__))

    assert len(known) == taken + 1
    assert [defect for name in known for defect in rule(name)] == []


def test_a_code_is_the_title_in_upper_case() -> None:
    assert code_of("Test Süd") == "TEST SÜD"
