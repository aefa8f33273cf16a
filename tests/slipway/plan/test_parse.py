"""An Escape plan is read whole, and everything wrong with it is said at once."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from slipway.plan.defects import PlanError
from slipway.plan.parse import Plan, parse
from slipway.plan.parts import PlainStage
from slipway.plan.release import Command, Inline, Script
from slipway_formats.release import Scope


def defects_of(text: str) -> list[str]:
    with pytest.raises(PlanError) as raised:
        parse(text)
    return [f"{defect.path}: {defect.message}" for defect in raised.value.defects]


def a_plan(more: str = "") -> Plan:
    return parse(f"name: demo/app\nversion: 0.1.@\n{more}")


def test_a_plan_without_project_is_in_the_default_one() -> None:
    plan = parse("name: app\nversion: '1'")
    assert (plan.project, plan.name) == ("_", "app")


@pytest.mark.parametrize("version", ["1.10", "0.1", "1", "1.0.@", "'@'", "auto", "2020-01-01.1", "$dep.version"])
def test_a_version_is_taken_as_written(version: str) -> None:
    if version == "2020-01-01.1":
        assert defects_of(f"name: app\nversion: {version}") == ["version: invalid version '2020-01-01.1'"]
    else:
        assert parse(f"name: app\nversion: {version}").version == version.strip("'")


def test_everything_wrong_is_said_at_once_with_its_key() -> None:
    found = defects_of(
        "name: Bad\nversion: v1\nfrob: 1\ndescription: [a]\nincludes: [/etc/passwd, ../x]\nprovides: web\n"
        "inputs:\n- fine\n- id: b\n  type: frob\n- id: previous_x\n- fine\n- {type: bool}\n"
        "depends:\n- nope\n- {release_id: xx-latest, mapping: [1], scopes: [never]}\n"
        "build: {cmd: a, inline: b}\nerrands: {one: {}}\ntemplates: [{target: x}]\n"
        "downloads: [{url: 'file:///etc/passwd', dest: /x}]\n"
    )
    assert [line.split(": ")[0] for line in found] == [
        "frob", "name", "version", "description", "depends[0].release_id", "depends[1].mapping", "depends[1].scopes",
        "includes[0]", "includes[1]", "provides", "inputs[1].type", "inputs[2].id", "inputs[4].id", "inputs",
        "downloads[0].url", "downloads[0].dest", "build", "errands.one.script", "templates[0].file",
    ]  # fmt: skip


def test_a_defect_reads_file_key_and_what_is_wrong() -> None:
    with pytest.raises(PlanError) as raised:
        parse("name: app\nversion: '1'\ninputs:\n- one\n- id: two\n  type: frob\n")
    assert str(raised.value) == "escape.yml: inputs[1].type: unknown type 'frob' (line 6)"


def test_a_missing_name_and_version_are_defects() -> None:
    assert defects_of("description: x") == ["name: missing", "version: missing"]


@pytest.mark.parametrize("name", ["app", "my-app_2", "demo/app", "_/app"])
def test_a_name_that_keeps_the_rules_is_taken(name: str) -> None:
    assert parse(f"name: {name}\nversion: '1'").name in name


@pytest.mark.parametrize("name", ["App", "a", "1app", "demo/App", "Demo/app", "this", "string/app", "a.b", "demo/a/b"])
def test_a_name_that_breaks_the_rules_is_refused(name: str) -> None:
    assert all(line.startswith("name: ") for line in defects_of(f"name: {name}\nversion: '1'"))


def test_scoped_fields_are_one_list_with_scopes() -> None:
    plan = a_plan("inputs: [both]\nbuild_inputs: [only]\ndeploy_inputs: [only]\ndeploy_consumes: [k8s as kube]\n")
    assert [(known.id, known.scopes) for known in plan.inputs] == [
        ("both", (Scope.BUILD, Scope.DEPLOY)), ("only", (Scope.BUILD,)), ("only", (Scope.DEPLOY,)),
    ]  # fmt: skip
    assert (plan.consumes[0].name, plan.consumes[0].variable) == ("k8s", "kube")


def test_a_stage_has_one_of_its_forms() -> None:
    plan = a_plan(
        "build: make all\ntest: {cmd: make, args: [test]}\ndeploy: {inline: echo}\nsmoke: {script: smoke.sh}\n"
    )
    assert plan.stages == {
        "build": PlainStage(text="make all"), "test": Command(cmd="make", args=("test",)),
        "deploy": Inline(text="echo"), "smoke": Script(path="smoke.sh"),
    }  # fmt: skip


def test_a_dependency_is_named_by_its_alias() -> None:
    plan = a_plan("depends:\n- demo/lib-v1.@ as lib\n- release_id: tool:stable\n  consumes: {pg: $lib.deployment}\n")
    assert [(known.release_id, known.variable, known.deployment_name) for known in plan.depends] == [
        ("demo/lib-v1.@", "lib", "demo/lib"), ("_/tool:stable", "_/tool", "_/tool"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["$dep.frob.x", "$dep", "$this.inputs.x.upper()", "$__concat()", "$lst[0]", "$9x.version"]
)
def test_an_expression_that_escape_script_does_not_know_names_its_place(text: str) -> None:
    found = defects_of(f"name: app\nversion: '1'\ninputs: [{{id: one, default: '{text}'}}]")
    assert [line.split(": ")[0] for line in found] == ["inputs[0].default"]


@pytest.mark.parametrize("text", ["$$dollar", "costs 5$", "plain", "$this.inputs.x", "$_/dep.outputs.y", "$a.version"])
def test_a_literal_or_a_known_expression_is_taken(text: str) -> None:
    assert a_plan(f"inputs: [{{id: one, default: '{text}'}}]").inputs[0].default == text


def test_a_key_given_twice_is_a_defect() -> None:
    assert defects_of("name: app\nversion: '1'\nname: other") == ["name: key given twice"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[1]",
        "x: [",
        "a: &a [*a]",
        "a: !!python/object/apply:os.system [x]",
        "? [1]\n: 2",
        "a: " + "[" * 500,
        "\x00",
    ],
)
def test_what_is_no_plain_mapping_is_refused(text: str) -> None:
    assert defects_of(text)


def test_an_alias_bomb_is_refused_quickly() -> None:
    levels = "\n".join(
        f"{new}: &{new} [{', '.join(['*' + old] * 9)}]" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert "more than" in defects_of(f"a: &a [1,1,1,1,1,1,1,1]\n{levels}")[0]


def paths_of(text: str) -> list[str]:
    try:
        parse(text)
    except PlanError as error:
        return [defect.path for defect in error.defects]
    return []


_SHAPES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "type", "default", "name", "release_id", "script", "cmd"]), inner)
    ),
    max_leaves=8,
)
_KEYS = st.sampled_from(["inputs", "depends", "errands", "build", "templates", "consumes", "metadata", "downloads"])


@given(st.text(max_size=200))
def test_no_text_is_a_plan_by_accident(text: str) -> None:
    assert paths_of(text) is not None


@given(_SHAPES, _KEYS)
def test_any_shape_under_a_key_is_read_or_refused_there(value: object, key: str) -> None:
    assert all(path.startswith(key) for path in paths_of(yaml.safe_dump({"name": "app", "version": "1", key: value})))
