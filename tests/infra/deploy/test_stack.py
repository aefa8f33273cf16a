"""A stack that cannot be updated: what is left of a failed creation goes, of the rest it is said what to do."""

from typing import Any, cast

import pytest

from infra.deploy.stack import Failed, Stack


class Formation:
    """CloudFormation with one stack, in some status. deleted: how often somebody deleted it."""

    def __init__(self, status: str) -> None:
        self.status, self.deleted = status, 0

    def describe_stacks(self, **_: object) -> dict[str, Any]:
        return {"Stacks": [{"StackId": "arn", "StackStatus": self.status}]}

    def delete_stack(self, StackName: str) -> None:  # noqa: N803 - as boto3 has it
        assert StackName == "acme"
        self.deleted += 1

    def get_waiter(self, kind: str) -> "Formation":
        assert kind == "stack_delete_complete"
        return self

    def wait(self, StackName: str, **_: object) -> None:  # noqa: N803 - as boto3 has it
        assert StackName == "arn"


def cleared(status: str) -> int:
    """How often a stack in this status was deleted before it is deployed."""
    formation = Formation(status)
    Stack(cloudformation=cast(Any, formation), name="acme").clear()
    return formation.deleted


@pytest.mark.parametrize("status", ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"])
def test_a_stack_that_can_be_updated_stays(status: str) -> None:
    assert cleared(status) == 0


def test_what_is_left_of_a_creation_that_failed_is_deleted() -> None:
    assert cleared("ROLLBACK_COMPLETE") == 1


@pytest.mark.parametrize(
    ("status", "command"),
    [
        ("CREATE_FAILED", "aws cloudformation delete-stack --stack-name acme"),
        ("DELETE_FAILED", "aws cloudformation delete-stack --stack-name acme"),
        ("ROLLBACK_FAILED", "aws cloudformation delete-stack --stack-name acme"),
        ("UPDATE_ROLLBACK_FAILED", "aws cloudformation continue-update-rollback --stack-name acme"),
        ("UPDATE_IN_PROGRESS", "wait until that has ended"),
        ("ROLLBACK_IN_PROGRESS", "wait until that has ended"),
    ],
)
def test_where_a_person_has_to_act_it_is_said_how(status: str, command: str) -> None:
    with pytest.raises(Failed) as failed:
        cleared(status)
    assert command in str(failed.value)
    assert status in str(failed.value)
