"""Templates: what is wrong with them, and what they make of what is given."""

from collections.abc import Mapping

import pytest

from chalicelib.kernel.trains.template import Template, TemplateVariable, VariableType, filled, template_defects

HOST = TemplateVariable(name="Host", required=True)
SIZE = TemplateVariable(
    name="size", initial="small", type=VariableType.LIST, choices=("small", "large"), restricted=True
)
FAST = TemplateVariable(name="fast", type=VariableType.CHECKBOX)


@pytest.mark.parametrize(
    ("given", "values", "paths"),
    [
        ({"host": "h"}, {"Host": "h", "size": "small"}, []),
        ({"HOST": "h", "size": "large", "more": "m"}, {"Host": "h", "size": "large", "more": "m"}, []),
        ({}, {"size": "small"}, ["variables.Host"]),
        ({"Host": ""}, {"size": "small"}, ["variables.Host"]),
        ({"Host": "h", "size": "huge"}, {"Host": "h", "size": "huge"}, ["variables.size"]),
        ({"Host": "h", "fast": "yes"}, {"Host": "h", "size": "small", "fast": "yes"}, ["variables.fast"]),
        ({"Host": "h", "fast": "true"}, {"Host": "h", "size": "small", "fast": "true"}, []),
    ],
)
def test_what_a_template_makes_of_what_is_given(
    given: Mapping[str, str], values: Mapping[str, str], paths: list[str]
) -> None:
    found = filled((HOST, SIZE, FAST), given)

    assert (found.values, [defect.path for defect in found.defects]) == (values, paths)


def test_all_defects_of_a_template_are_told_with_their_places() -> None:
    template = Template(
        name="",
        pipeline=" ",
        train_variables=(HOST, TemplateVariable(name="host"), TemplateVariable(name="1")),
        snapshot_variables=(TemplateVariable(name="a", restricted=True),),
        deployment_variables=(
            TemplateVariable(name="b", initial="c", restricted=True, choices=("d",)),
            TemplateVariable(name="e", initial="on", type=VariableType.CHECKBOX),
        ),
    )

    assert [defect.path for defect in template_defects(template)] == [
        "name",
        "pipeline",
        "train_variables[1].name",
        "train_variables[2].name",
        "snapshot_variables[0].choices",
        "deployment_variables[0].initial",
        "deployment_variables[1].initial",
    ]


def test_a_sensitive_variable_has_no_initial_value() -> None:
    key = TemplateVariable(name="key", initial="s3cret", sensitive=True)

    defects = template_defects(Template(name="standard", pipeline="release", snapshot_variables=(key,)))

    assert [defect.path for defect in defects] == ["snapshot_variables[0].initial"]


def test_a_sound_template_has_none() -> None:
    template = Template(name="standard", pipeline="global::release", train_variables=(HOST, SIZE, FAST))

    assert template_defects(template) == ()
