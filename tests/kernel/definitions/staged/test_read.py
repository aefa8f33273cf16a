"""Pipelines of stages are read as clients upload them, or refused with every defect."""

import json
from contextlib import suppress
from datetime import time, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.definitions.staged.pipeline import DeploymentWindow, StageApproval, Target
from chalicelib.kernel.definitions.staged.read import read_staged_pipeline
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.trains.completion import Completion

WHOLE = {
    "Name": "Standard",
    "Color": "#aabbcc",
    "Description": "to production",
    "EnforceStageSequence": False,
    "Stages": [
        {
            "Name": "Integration",
            "AutoPromote": True,
            "TargetExecutionMode": "Sequential",
            "Variables": {"level": "1"},
            "Targets": [
                {"PlanName": "Deploy Web", "EnvironmentName": "Integration", "DefaultServerContext": 2},
                {"PlanName": "Smoke", "ServerNames": ["web-1"], "ServerRoleNames": ["web"]},
            ],
        },
        {
            "name": "Production",
            "exclusive": "true",
            "GATE": {
                "UserApprovals": [{"Name": "ann", "Description": "looks at it"}],
                "GroupApprovals": [{"Name": "cab", "Count": 2}],
                "DeploymentWindows": [
                    {"Days": ["Monday", "FRIDAY"], "StartTime": "22:00", "EndTime": "02:30:15+01:00"},
                    {"StartTime": "8:00"},
                ],
                "AutomaticApprovals": [{"Name": "all tests"}],
            },
        },
    ],
    "PostDeploymentOptions": {"DeployRelease": False, "CancelReleases": True, "Other": 1},
}


def read(**changed: object) -> Any:  # noqa: ANN401 - a pipeline
    return read_staged_pipeline(json.dumps({**WHOLE, **changed}), "Other")


def defects(value: object) -> list[str]:
    with pytest.raises(Invalid) as refused:
        read_staged_pipeline(value if isinstance(value, str) else json.dumps(value), "Standard")
    return [str(defect) for defect in refused.value.defects]


def one_window(**window: object) -> object:
    return {"Stages": [{"Name": "a", "Gate": {"DeploymentWindows": [window]}}]}


def test_a_whole_pipeline_is_read_in_any_case_and_unknown_keys_are_ignored() -> None:
    pipeline = read()
    first, second = pipeline.stages

    assert (pipeline.name, pipeline.color, pipeline.keeps_order) == ("Standard", "#aabbcc", False)
    assert pipeline.completion == Completion(deploys_train=False, cancels_earlier=True, creates_next=False)
    assert (first.promotes, first.in_sequence, first.variables) == (True, True, {"level": "1"})
    assert first.targets == (
        Target(plan="Deploy Web", environment="Integration"),
        Target(plan="Smoke", servers=("web-1",), roles=("web",)),
    )
    assert (second.name, second.exclusive, second.targets) == ("Production", True, ())
    assert second.gate.approvals == (
        StageApproval(user="ann", description="looks at it"),
        StageApproval(group="cab", count=2),
    )
    assert second.gate.windows == (
        DeploymentWindow(days=(0, 4), start=time(22), end=time(2, 30, 15), offset=timezone(timedelta(hours=1))),
        DeploymentWindow(start=time(8)),
    )
    assert second.gate.checks == ("all tests",)


def test_a_pipeline_without_a_name_has_that_of_its_item() -> None:
    assert read(Name="").name == read(Name=None).name == "Other"
    assert read_staged_pipeline('{"Stages": [{"Name": "a"}]}', "Other").completion.deploys_train


@pytest.mark.parametrize(
    "window", [{"StartTime": "00:00"}, {"EndTime": "24:00"}, {"StartTime": "00:00:00", "EndTime": "24:00"}]
)
def test_from_midnight_to_midnight_is_the_whole_day(window: dict[str, object]) -> None:
    pipeline = read_staged_pipeline(json.dumps(one_window(**window)), "Other")

    assert pipeline.stages[0].gate.windows == (DeploymentWindow(),)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("[", ["a pipeline is a JSON object"]),
        ("[]", ["should be an object", "Stages: should be from 1 to 100"]),
        ({}, ["Stages: should be from 1 to 100"]),
        ({"Stages": [{"Name": "Test"}, {"Name": "TEST"}]}, ["Stages[1].Name: stage TEST is there twice"]),
        (
            {"Stages": [{}, 7]},
            ["Stages[0].Name: is required", "Stages[1]: should be an object", "Stages[1].Name: is required"],
        ),
        (one_window(Days=[]), ["Stages[0].Gate.DeploymentWindows[0]: never opens"]),
        (one_window(StartTime="08:00", EndTime="08:00"), ["Stages[0].Gate.DeploymentWindows[0]: never opens"]),
        (
            one_window(StartTime="24:30", EndTime="08:00"),
            ["Stages[0].Gate.DeploymentWindows[0].StartTime: should be a time such as 08:00 or 17:30+01:00"],
        ),
        (
            {"Stages": [{"Name": "a", "Targets": [{"PlanName": "a\x00b"}, {"PlanName": "x" * 201}]}]},
            [
                "Stages[0].Targets[0]: has characters that cannot be shown",
                "Stages[0].Targets[1]: is over 200 characters",
            ],
        ),
        (
            {
                "Variables": {"x-": "1"},
                "Stages": [
                    {
                        "Name": "a",
                        "Targets": [
                            {"PlanName": "a", "ServerRoleNames": [str(number) for number in range(101)]},
                            {"PlanName": "a", "ServerNames": ["web\n"]},
                        ],
                    }
                ],
            },
            [
                "Variables.x-: invalid variable name 'x-': at most 50 letters, digits, -, _ and blanks, "
                "first a letter, last a letter or digit",
                "Stages[0].Targets[0]: has over 100 servers and roles",
                "Stages[0].Targets[1]: has characters that cannot be shown",
            ],
        ),
        (
            one_window(Days=["Someday"], StartTime="25:00"),
            [
                "Stages[0].Gate.DeploymentWindows[0].Days: 'someday' is no day: monday, tuesday, wednesday, thursday, "
                "friday, saturday, sunday",
                "Stages[0].Gate.DeploymentWindows[0].StartTime: should be a time such as 08:00 or 17:30+01:00",
                "Stages[0].Gate.DeploymentWindows[0]: never opens",
            ],
        ),
        (
            one_window(StartTime="08:00Z", EndTime="09:00+01:00"),
            ["Stages[0].Gate.DeploymentWindows[0].EndTime: has another offset than StartTime"],
        ),
        (
            {
                "EnforceStageSequence": "maybe",
                "Stages": [
                    {
                        "Name": "a",
                        "TargetExecutionMode": "Both",
                        "Targets": [{"EnvironmentName": 7}],
                        "Gate": {"GroupApprovals": [{"Name": "cab", "Count": 0}], "UserApprovals": {}},
                        "Variables": {"-x": "1"},
                    }
                ],
                "PostDeploymentOptions": [],
            },
            [
                "PostDeploymentOptions: should be an object",
                "EnforceStageSequence: should be true or false",
                "Stages[0].TargetExecutionMode: should be Parallel or Sequential",
                "Stages[0].Gate.UserApprovals: should be a list",
                "Stages[0].Gate.GroupApprovals[0].Count: should be a whole number from 1 to 100",
                "Stages[0].Targets[0].PlanName: is required",
                "Stages[0].Targets[0].EnvironmentName: should be a text",
                "Stages[0].Variables.-x: invalid variable name '-x': at most 50 letters, digits, -, _ and blanks, "
                "first a letter, last a letter or digit",
            ],
        ),
    ],
)
def test_every_defect_is_told_at_once_with_its_place(value: object, said: list[str]) -> None:
    assert sorted(defects(value)) == sorted(said)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["Name", "Stages", "Gate", "Targets", "PlanName", "DeploymentWindows", "Days", "StartTime", "Variables"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_whatever_is_uploaded_is_read_or_refused(value: object) -> None:
    with suppress(Invalid):
        pipeline = read_staged_pipeline(json.dumps(value), "Standard")
        assert pipeline.stages
        assert len({stage.name.casefold() for stage in pipeline.stages}) == len(pipeline.stages)
