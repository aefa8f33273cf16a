"""A new release takes its share beside the versions before, whose rights stay as long."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from infra.deploy.shift import (
    KEPT_RIGHTS,
    NEW_SHARE,
    beside,
    is_released,
    release_of,
    released,
    share_of,
    with_rights_of,
)
from infra.package.invoked import alias

READ = {"Action": ["dynamodb:GetItem"], "Resource": [{"Fn::GetAtt": ["RunsTable", "Arn"]}]}
SEND = {"Action": ["sqs:SendMessage"], "Resource": [{"Fn::Sub": "${OldQueue.Arn}"}]}
LOG = {"Action": ["logs:PutLogEvents"], "Resource": [{"Fn::Sub": "arn:${AWS::Partition}:logs:${Prefix}"}]}


def a_role(*statements: Any) -> dict[str, Any]:  # noqa: ANN401 - parts of a template
    policy = {"PolicyName": "own", "PolicyDocument": {"Statement": list(statements)}}
    return {"Type": "AWS::IAM::Role", "Properties": {"Policies": [policy]}}


def a_template(*statements: Any) -> dict[str, Any]:  # noqa: ANN401 - parts of a template
    function = {"Type": "AWS::Serverless::Function", "Properties": {**alias.publishing()}}
    return {
        "Parameters": {"Prefix": {}},
        "Conditions": {},
        "Resources": {
            "RunsTable": {"Type": "AWS::DynamoDB::Table", "Properties": {}},
            "Role": a_role(*statements),
            "Work": function,
            **alias.resources("Work"),
        },
    }


def kept_in(template: dict[str, Any]) -> list[Any]:
    policies = template["Resources"]["Role"]["Properties"]["Policies"]
    return [
        one
        for policy in policies
        if policy["PolicyName"] == KEPT_RIGHTS
        for one in policy["PolicyDocument"]["Statement"]
    ]


def test_a_function_that_is_new_is_whole_at_its_version_and_others_share() -> None:
    made = beside({**a_template(), "Resources": {**a_template()["Resources"], **alias.resources("New")}}, {"Work": "3"})

    whole, shared = (made["Resources"][name]["Properties"] for name in ("NewLive", "WorkLive"))
    assert whole["FunctionVersion"] == alias.newest_version("New")
    assert "RoutingConfig" not in whole
    assert shared["FunctionVersion"]["Fn::If"][1:] == [alias.newest_version("Work"), "3"]
    (weight,) = shared["RoutingConfig"]["Fn::If"][1]["AdditionalVersionWeights"]
    assert weight == {"FunctionVersion": alias.newest_version("Work"), "FunctionWeight": {"Ref": NEW_SHARE}}


@given(st.integers(0, 100))
def test_a_share_is_told_as_aws_and_the_conditions_read_it(percent: int) -> None:
    told = share_of(percent)

    assert float(told) * 100 == percent or abs(float(told) * 100 - percent) < 1e-9
    assert (told == "1", told == "0") == (percent == 100, percent == 0)


def test_only_what_differs_is_another_release() -> None:
    first = release_of(a_template(), {"Prefix": "a-", NEW_SHARE: "0.1"})

    assert first == release_of(a_template(), {"Prefix": "a-", NEW_SHARE: "1"})
    assert first != release_of(a_template(), {"Prefix": "a-", "Mail": "ses"})
    assert first != release_of(a_template(READ), {"Prefix": "a-"})
    assert is_released(released(a_template(), first), first)
    assert not is_released(a_template(), first)


def test_rights_that_the_release_before_has_stay_until_the_next_one() -> None:
    first = a_template(READ, LOG)
    second = with_rights_of(a_template(LOG), first, is_whole=True)
    third = with_rights_of(a_template(LOG), second, is_whole=True)

    assert kept_in(second) == [READ]
    assert kept_in(third) == []


def test_rights_stay_as_long_as_the_versions_that_need_them() -> None:
    rolled_back = with_rights_of(a_template(LOG), a_template(READ, LOG), is_whole=True)

    assert kept_in(with_rights_of(a_template(LOG), rolled_back, is_whole=False)) == [READ]


def test_rights_to_what_is_no_more_go_with_it() -> None:
    assert kept_in(with_rights_of(a_template(), a_template(SEND, READ), is_whole=True)) == [READ]
