"""IAM on the stack: nothing that a function does is refused, and nothing is allowed that no function does."""

import json
import subprocess
from collections.abc import Mapping

import pytest

from tests.deployed.rights import rights
from tests.deployed.stack import Stack, checks_in
from tests.deployed.unused import is_told
from tests.http.house import Answered
from tests.walks.api import Ask, Json


@pytest.fixture(scope="module")
def everything_done(demo: subprocess.CompletedProcess[str], every_row: Mapping[str, Answered]) -> bool:
    """Whether the stories that use most rights went as far as their end."""
    return demo.returncode == 0 and bool(every_row)


def test_nothing_was_refused(stack: Stack, everything_done: bool) -> None:
    assert everything_done
    assert [check for check in checks_in(stack.stand_in) if check.decision != "Allow"] == []


def test_every_right_was_used_or_it_is_said_why_not(stack: Stack, everything_done: bool) -> None:
    assert everything_done
    checks = list(checks_in(stack.stand_in))

    unused = [right for right in rights() if not any(right.is_seen_in(check) for check in checks)]

    assert [right for right in unused if not is_told(right)] == []


def test_a_right_that_is_taken_away_is_missed_in_the_answer_the_record_and_the_log(
    stack: Stack, everything_done: bool
) -> None:
    assert everything_done
    iam = stack.session.client("iam")
    role = next(one["RoleName"] for one in iam.list_roles()["Roles"] if one["RoleName"].startswith("shared-ApiHandler"))
    (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    whole = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(without_queries(whole)))

    answered = stack.asks(Ask(method="GET", path="/api/v1/state/flow/"))

    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(whole))
    assert answered.status == 500
    refused = {(check.function, check.action) for check in checks_in(stack.stand_in) if check.decision != "Allow"}
    assert refused == {("api", "dynamodb:Query")}
    lines = stack.log_of("api")
    assert any("unforeseen" in line and "not authorized to perform: dynamodb:Query" in line for line in lines)
    assert stack.asks(Ask(method="GET", path="/api/v1/state/flow/")).status == 200


def without_queries(policy: Json) -> Json:
    """The policy without any right to query."""
    statements = [
        {**one, "Action": [action for action in one["Action"] if action != "dynamodb:Query"] or ["dynamodb:ListTables"]}
        for one in policy["Statement"]
    ]
    return {**policy, "Statement": statements}
