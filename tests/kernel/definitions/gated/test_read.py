"""Bad pipelines of gates: every defect at once, each with its place; good ones as they were written."""

from datetime import UTC, datetime

import pytest

from chalicelib.kernel.definitions.gated.read import read_gated_pipeline
from chalicelib.kernel.definitions.gated.write import written_pipeline
from chalicelib.kernel.faults import Invalid
from tests.builders import NOON
from tests.kernel.definitions.gated.given import PROD, Json, a_document, a_gate, a_stage, a_step


def defects_of(document: object) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        read_gated_pipeline(document, NOON)
    return {defect.path: defect.message for defect in refused.value.defects}


def of_step(kind: str, fields: Json) -> dict[str, str]:
    return defects_of(a_document(a_stage({**a_step(kind), **fields})))


def of_gate(kind: str, fields: Json) -> dict[str, str]:
    return defects_of(a_document(a_stage(gates=({**a_gate(kind), **fields},))))


@pytest.mark.parametrize(
    ("kind", "fields", "place"),
    [
        ("SCHEDULED", {}, "cronExpression"),
        ("SCHEDULED", {"cronExpression": "0 0 12 1 1 ? 1999"}, "cronExpression"),
        ("SCHEDULED", {"cronExpression": "0 0 12 * * *"}, "cronExpression"),
        ("SCHEDULED", {"cronExpression": "0 0 12 * * ?", "timezone": "Mars"}, "timezone"),
        ("MANUAL", {"precondition": "SnapshotId =="}, "precondition"),
        ("MANUAL", {"precondition": "open('x')"}, "precondition"),
        ("MANUAL", {"roleName": "nobody"}, "roleName"),
        ("MANUAL", {"stepOrder": 0}, "stepOrder"),
        ("MANUAL", {"stepOrder": "1"}, "stepOrder"),
        ("MANUAL", {"steps": [a_step("MANUAL")]}, "steps"),
        ("WAIT", {}, "waitDuration"),
        ("WAIT", {"waitDuration": 5, "waitUntilDate": 1_800_000_000_000}, "waitDuration"),
        ("WAIT", {"waitDuration": 0}, "waitDuration"),
        ("DEPLOY", {}, "projectId"),
        ("DEPLOY", {"projectId": 2**31}, "projectId"),
        ("GROUP", {}, "steps"),
        ("GROUP", {"stepOrder": 1.5, "steps": [a_step("MANUAL")]}, "stepOrder"),
        ("GROUP", {"steps": [a_step("GROUP", steps=[a_step("MANUAL")])]}, "steps[0].stepType"),
        ("NOTIFICATION", {"roleName": "testers"}, "subject"),
        ("NOTIFICATION", {"subject": "done"}, "roleName"),
        ("NOTIFICATION", {"subject": "done", "roles": ["testers", "nobody"]}, "roles[1]"),
        ("UNKNOWN", {}, "stepType"),
    ],
)
def test_a_step_with_a_defect_is_refused_with_its_place(kind: str, fields: Json, place: str) -> None:
    assert list(of_step(kind, fields)) == [f"stages[0].steps[0].{place}"]


@pytest.mark.parametrize(
    ("kind", "fields", "place"),
    [
        ("SCHEDULED", {}, "cronExpression"),
        ("TEST", {}, "environmentId"),
        ("TEST", {"environmentId": PROD}, "environmentId"),
        ("APPROVAL", {"quorum": 0}, "quorum"),
        ("APPROVAL", {"roleName": "nobody"}, "roleName"),
        ("APPROVAL", {"precondition": "SnapshotId in"}, "precondition"),
        ("WHATEVER", {}, "gateType"),
    ],
)
def test_a_gate_with_a_defect_is_refused_with_its_place(kind: str, fields: Json, place: str) -> None:
    assert list(of_gate(kind, fields)) == [f"stages[0].gates[0].{place}"]


def test_all_defects_are_found_at_once() -> None:
    stages = (
        a_stage(a_step("WAIT"), gates=(a_gate("SCHEDULED", name=""),)),
        a_stage(a_step("SCHEDULED")),
        {"environmentId": 2**31, "steps": "none"},
    )
    assert sorted(defects_of(a_document(*stages, properties=[{"value": "1"}]))) == [
        "properties[0].name",
        "stages[0].gates[0].cronExpression",
        "stages[0].gates[0].gateName",
        "stages[0].steps[0].waitDuration",
        "stages[1].environmentId",
        "stages[1].steps[0].cronExpression",
        "stages[2].environmentId",
        "stages[2].steps",
    ]


@pytest.mark.parametrize("document", [None, [], "stages", 7, {}, {"stages": []}, {"stages": [1]}])
def test_what_is_no_pipeline_is_refused(document: object) -> None:
    assert defects_of(document)


def test_a_role_is_there_once_and_its_mail_addresses_are_such() -> None:
    roles = [{"roleName": "a", "emails": ["a@b.c", "x", "a@b\nBcc: d@e.f"]}, {"roleName": "a"}]
    found = defects_of({**a_document(a_stage()), "roles": roles})
    assert list(found) == ["roles[0].emails[1]", "roles[0].emails[2]", "roles[1].roleName"]


def test_steps_without_an_order_follow_one_another() -> None:
    steps = (a_step("MANUAL"), a_step("MANUAL", stepOrder=2.5), a_step("MANUAL"), a_step("MANUAL", stepOrder=1))
    pipeline = read_gated_pipeline(a_document(a_stage(*steps)), NOON)
    assert [step.order for step in pipeline.stages[0].steps] == [1, 2.5, 3, 1]


def test_a_wait_may_be_over_already() -> None:
    pipeline = read_gated_pipeline(a_document(a_stage(a_step("WAIT", waitUntilDate=1550699280000))), NOON)
    assert pipeline.stages[0].steps[0].until == datetime(2019, 2, 20, 21, 48, tzinfo=UTC)


def test_what_is_written_is_read_again() -> None:
    stages = (
        a_stage(
            a_step("GROUP", steps=[a_step("TEST_ALL", include=["web"]), a_step("WAIT", waitDuration=5)]),
            a_step("WAIT", waitUntilDate=1550699280000, stepOrder=1, onErrorContinue=True, notifyPipelineRoles=True),
            a_step("NOTIFICATION", subject="done", message="well", roles=["testers"], precondition="SnapshotId > 1"),
            gates=(a_gate("APPROVAL", roleName="testers", quorum=2, noSelfApproval=True, allTasksRequired=True),),
        ),
        a_stage(
            environment=PROD,
            gates=(
                a_gate("TEST", environmentId=10101, qualifier="passed-at-least-percent", value=90),
                a_gate("SCHEDULED", cronExpression="0 0 12 * * ?", timezone="Asia/Tokyo", gateDescription="noon"),
                a_gate("EXT_APPROVAL", externalSystemType="JIRA", externalId="OPS-1"),
            ),
        ),
    )
    document = a_document(*stages, properties=[{"name": "Speed", "value": "9"}], groups=["x"])
    pipeline = read_gated_pipeline(document, NOON)
    assert read_gated_pipeline(written_pipeline(pipeline), NOON) == pipeline
