"""Names of variables, and which value counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.trains.variables import (
    MOST,
    Scope,
    ScopeKind,
    VariableSet,
    joint,
    parts_of,
    resolved,
    scope_at,
    variable_defects,
)


@pytest.mark.parametrize("name", ["a", "A1", "Db Host", "a-b_c", "x" * 50])
def test_a_name_begins_with_a_letter_and_ends_with_a_letter_or_digit(name: str) -> None:
    assert variable_defects({name: ""}) == ()


@pytest.mark.parametrize("name", ["", "1a", "a-", "a_", "a ", " a", "$a", "ä", "a.b", "a\n", "x" * 51])
def test_what_is_no_name_is_told_with_its_place(name: str) -> None:
    assert [defect.path for defect in variable_defects({name: "", "fine": ""})] == [f"variables.{name}"]


def test_names_that_differ_by_case_alone_are_one_name_twice() -> None:
    assert {defect.path for defect in variable_defects({"Host": "a", "host": "b", "port": "c"})} == {
        "variables.Host",
        "variables.host",
    }


def test_too_many_and_too_long_are_refused() -> None:
    assert variable_defects({f"a{number}": "" for number in range(MOST + 1)}) != ()
    assert variable_defects({"a": "x" * 100_001}) != ()
    assert variable_defects({f"a{number}": "x" * 99_999 for number in range(4)}) != ()
    assert [defect.path for defect in variable_defects({"a": "x\0", "b": "fine"})] == ["variables.a"]


def test_the_nearest_scope_counts_in_any_case_of_the_name() -> None:
    sets = (
        VariableSet(scope=Scope(kind=ScopeKind.GLOBAL), values={"host": "g", "region": "eu"}),
        VariableSet(scope=Scope(kind=ScopeKind.SNAPSHOT, place="10002"), values={"Host": "$BUILD_NUMBER"}),
        VariableSet(scope=Scope(kind=ScopeKind.ENVIRONMENT, place="live"), secrets={"HOST": "ref", "key": "ref2"}),
    )
    found = resolved(sets)

    assert found.values == {"Host": "$BUILD_NUMBER", "region": "eu"}
    assert found.secrets == {"key": "ref2"}
    assert {name: scope.kind for name, scope in found.origins.items()} == {
        "Host": ScopeKind.SNAPSHOT,
        "region": ScopeKind.GLOBAL,
        "key": ScopeKind.ENVIRONMENT,
    }


def test_every_scope_is_nearer_than_those_after_it() -> None:
    sets = [VariableSet(scope=Scope(kind=kind), values={"a": kind.value}) for kind in ScopeKind]

    nearest = [resolved(sets[place:]).values["a"] for place in range(len(sets))]
    assert nearest == [
        "runtime",
        "deployment",
        "snapshot",
        "train",
        "stage",
        "pipeline",
        "application",
        "application-group",
        "server",
        "role",
        "environment",
        "global",
    ]


WEB, PROD, NODE = (
    Scope(kind=ScopeKind.APPLICATION, place="web/web"),
    Scope(kind=ScopeKind.ENVIRONMENT, place="prod"),
    Scope(kind=ScopeKind.SERVER, place="10001"),
)
SINGLE = st.sampled_from([WEB, PROD, NODE, Scope(kind=ScopeKind.ROLE, place="1"), Scope(kind=ScopeKind.GLOBAL)])


@given(st.lists(SINGLE, min_size=1))
def test_a_joint_scope_is_the_same_whatever_the_order_and_found_by_its_address(scopes: list[Scope]) -> None:
    whole = joint(scopes)

    assert joint(reversed(scopes)) == whole == joint((*scopes, Scope(kind=ScopeKind.GLOBAL)))
    assert scope_at(whole.address) == whole
    assert set(parts_of(whole)) <= set(scopes)
    assert joint(parts_of(whole)) == whole


@given(st.permutations([(WEB,), (PROD,), (NODE,), (WEB, NODE, PROD), (WEB, NODE), (WEB, PROD), (NODE, PROD)]))
def test_a_joint_scope_is_nearer_than_its_nearest_part_and_than_one_with_fewer_or_further_others(
    order: list[tuple[Scope, ...]],
) -> None:
    sets = [VariableSet(scope=joint(one), values={"host": joint(one).address}) for one in order]
    left = {one.scope: one for one in sets}

    nearest_first = []
    while left:
        nearest = resolved(left.values()).origins["host"]
        nearest_first.append(nearest)
        del left[nearest]
    expected = ((WEB, NODE, PROD), (WEB, NODE), (WEB, PROD), (WEB,), (NODE, PROD), (NODE,), (PROD,))
    assert nearest_first == [joint(one) for one in expected]


def test_a_joint_scope_says_all_its_parts() -> None:
    assert str(joint([PROD, WEB])) == "application web/web and environment prod"
    assert joint([]) == Scope(kind=ScopeKind.GLOBAL)
    assert str(joint([])) == "global"
