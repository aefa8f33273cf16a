"""Which names may be given to new things."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib.kernel import names
from slipway_formats.defect import Defect
from slipway_formats.variable_values import LONGEST_VALUE

Rule = Callable[[str], tuple[Defect, ...]]
RULES: list[Rule] = [
    names.project,
    names.environment,
    names.deployment,
    names.namespace,
    names.application,
    names.build,
    names.pipeline,
    names.repository,
    names.variable_id,
]


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        (names.project, "web"),
        (names.project, "0Web-2_"),
        (names.project, "search"),
        (names.environment, "d"),
        (names.environment, "dev-1_"),
        (names.deployment, "_"),
        (names.deployment, "_/app"),
        (names.deployment, "Team/web-1/"),
        (names.namespace, "_"),
        (names.namespace, "my-ns_"),
        (names.namespace, "namespaces"),
        (names.application, "app"),
        (names.application, "search"),
        (names.build, "Web-1"),
        (names.pipeline, "namespaces"),
        (names.repository, "web"),
        (names.variable_id, "x"),
        (names.variable_id, "DB_host-1"),
        (names.variable_id, "PREVIOUS"),
    ],
)
def test_a_lawful_name_has_no_defect(rule: Rule, name: str) -> None:
    assert rule(name) == ()


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        (names.project, "w"),
        (names.project, "_web"),
        (names.project, "a/b"),
        (names.environment, "Dev"),
        (names.environment, "1dev"),
        (names.environment, "_dev"),
        (names.deployment, "1app"),
        (names.deployment, "/app"),
        (names.deployment, "a.b"),
        (names.namespace, "n"),
        (names.namespace, "Ns"),
        (names.namespace, "n.s"),
        (names.namespace, "__"),
        (names.application, "App"),
        (names.application, "_"),
        (names.build, "a/b"),
        (names.pipeline, "a/b"),
        (names.variable_id, "9bad"),
        (names.variable_id, "a.b"),
    ],
)
def test_a_name_against_its_rule_is_told(rule: Rule, name: str) -> None:
    (defect,) = rule(name)
    said, _, wanted = defect.message.partition(": ")
    assert said == f"invalid {kind(rule)} name {name!r}"
    assert " letters, digits, _" in f" {wanted}"


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        (names.project, "namespaces"),
        (names.project, "__get_projects_by_group"),
        (names.namespace, "search"),
        (names.namespace, "__providers"),
        (names.repository, "add-repository"),
        *((rule, word) for rule in (names.namespace, names.application) for word in sorted(names.LANGUAGE_WORDS)),
    ],
)
def test_a_reserved_word_is_no_name(rule: Rule, name: str) -> None:
    assert [defect.message for defect in rule(name)] == [f"{kind(rule)} name {name!r} is reserved"]


@pytest.mark.parametrize("name", ["PREVIOUS_x", "previous_x", "Previous_"])
def test_a_variable_that_would_read_as_a_previous_value_is_refused(name: str) -> None:
    assert "reserved PREVIOUS_" in names.variable_id(name)[0].message


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("name", ["", "a" * 201, "web\n", "wéb", "a b", "../x", "a\0b", "<b>", "a%2fb", "web٣"])
def test_no_name_is_empty_endless_or_hostile(rule: Rule, name: str) -> None:
    assert len(rule(name)) == 1


def test_a_defect_stands_where_the_caller_says() -> None:
    assert names.project("", "projects[3].name") == (Defect("projects[3].name", "project name is missing"),)


def kind(rule: Rule) -> str:
    return rule.__name__.removesuffix("_id")


def test_a_variable_is_no_longer_than_a_program_can_be_given() -> None:
    most = LONGEST_VALUE
    assert names.variables({"a": "x" * most, "b": ["y"]}, "inputs") == ()
    assert [one.path for one in names.variables({"a": "x" * 140_000, "b": "y"}, "inputs")] == ["inputs.a"]
    assert [one.path for one in names.variables({"a": ["ü" * (most // 2)]}, "inputs")] == ["inputs.a"]


def test_all_variables_together_are_no_longer_than_a_program_can_be_given() -> None:
    many = {f"v{number}": "x" * LONGEST_VALUE for number in range(5)}
    assert [one.path for one in names.variables(many, "inputs")] == ["inputs"]
