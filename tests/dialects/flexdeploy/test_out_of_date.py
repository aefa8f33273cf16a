"""FlexDeploy's story of two executions that wait at one gate, whoever made them: which is out of date, and when."""

from collections.abc import Sequence

import pytest

from tests.laws.two_views import BUILDS, TwoViews

MAKERS = [("snapshot", "build"), ("build", "snapshot")]


def at_one_gate(makers: Sequence[str]) -> tuple[TwoViews, Sequence[int]]:
    """Two snapshots, the older first. makers: how each is made."""
    views = TwoViews()
    for maker in makers:
        made = views.build() if maker == "build" else views.snapshot()
        assert made.status in (200, 201)
    return views, sorted(views.ids()[0])


def passes(views: TwoViews, snapshot: int, maker: str) -> None:
    """The gate is approved; a build that BuildMaster's clients made then waits for their deploy, as they expect."""
    assert views.decide(snapshot, 0, "gate/go", "approve").status == 200
    if maker == "build":
        assert views.call("POST", f"{BUILDS}/deploy", {"buildId": snapshot}).status == 200


def statuses(views: TwoViews) -> Sequence[tuple[str, str, str]]:
    """Of each snapshot, the older first: its execution, the stage where it is, and its gate."""
    shown = [(one.status, one.execution[-1]) for one in views.seen()]
    return [
        (status, stage["stageExecutionStatus"], stage["gateExecutions"][0]["gateStatus"]) for status, stage in shown
    ]


@pytest.mark.parametrize("makers", MAKERS)
def test_the_older_one_proceeds_and_the_younger_is_unchanged(makers: Sequence[str]) -> None:
    views, (older, _) = at_one_gate(makers)
    before = statuses(views)[1]

    passes(views, older, makers[0])

    assert before == ("RUNNING", "RUNNING_GATES", "PENDING_APPROVAL")
    assert statuses(views) == [("RUNNING", "RUNNING_STEPS", "SUCCESSFUL"), before]


@pytest.mark.parametrize("makers", MAKERS)
def test_the_younger_one_proceeds_and_the_older_is_out_of_date_at_once(makers: Sequence[str]) -> None:
    views, (older, younger) = at_one_gate(makers)

    passes(views, younger, makers[1])

    assert statuses(views) == [("OUT_OF_DATE",) * 3, ("RUNNING", "RUNNING_STEPS", "SUCCESSFUL")]
    assert views.decide(older, 0, "gate/go", "approve").status == 409
    assert views.decide(older, 0, "", "replay").status == 409
    reason = views.seen()[0].runs[0]["reason"]
    assert str(younger) in reason, reason


@pytest.mark.parametrize("makers", MAKERS)
def test_a_copy_of_what_is_out_of_date_travels(makers: Sequence[str]) -> None:
    views, (older, younger) = at_one_gate(makers)
    passes(views, younger, makers[1])

    copy = {"action": "copySnapshot", "fromSnapshotId": older}
    made = views.call("POST", f"{views.path}/snapshot", copy)

    assert made.status == 201, made.text
    assert statuses(views)[2] == ("RUNNING", "RUNNING_GATES", "PENDING_APPROVAL")


@pytest.mark.parametrize("makers", MAKERS)
def test_one_whose_steps_run_keeps_the_younger_from_the_stage(makers: Sequence[str]) -> None:
    views, (older, younger) = at_one_gate(makers)
    passes(views, older, makers[0])
    passes(views, younger, makers[1])

    assert [one[1] for one in statuses(views)] == ["RUNNING_STEPS", "GATES_COMPLETED"]
