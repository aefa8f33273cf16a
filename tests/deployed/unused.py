"""Rights that no story here uses, and why: `function action resource`, `*` for all of a kind."""

from collections.abc import Mapping
from fnmatch import fnmatchcase

from tests.deployed.rights import Right

BY_POLLER = "Lambda's poller receives with the role of the function; the stand-in's asks nobody"
NOT_PUT_OFF = "nothing failed here that was to come again"
NOT_LARGE = "no package here is large enough to be checked apart"
NOT_TAKEN = "no story goes there: tests/infra/test_package_policies.py finds in the code that the function does it"

UNUSED: Mapping[str, tuple[str, ...]] = {
    BY_POLLER: ("* sqs:ReceiveMessage *", "* sqs:DeleteMessage *", "* sqs:GetQueueAttributes *"),
    NOT_PUT_OFF: ("* sqs:ChangeMessageVisibility *",),
    NOT_LARGE: ("checks *", "* sqs:* checks"),
    NOT_TAKEN: (
        "advance dynamodb:BatchGetItem audit",
        "advance dynamodb:BatchGetItem inventory",
        "advance dynamodb:BatchGetItem projects",
        "advance dynamodb:BatchGetItem runs",
        "advance dynamodb:BatchGetItem trains",
        "advance dynamodb:BatchWriteItem projects",
        "advance dynamodb:BatchWriteItem trains",
        "advance dynamodb:ConditionCheckItem projects",
        "advance dynamodb:ConditionCheckItem workloads",
        "advance dynamodb:DeleteItem access",
        "advance dynamodb:DeleteItem projects",
        "advance dynamodb:GetItem access",
        "advance dynamodb:GetItem audit",
        "advance dynamodb:PutItem access",
        "advance dynamodb:PutItem logs",
        "advance dynamodb:PutItem trains",
        "advance dynamodb:Query access/index/by_first",
        "advance dynamodb:Query inventory",
        "advance dynamodb:Query projects/index/by_first",
        "advance dynamodb:Query runs/index/by_nonce",
        "advance dynamodb:Query runs/index/by_pool",
        "advance dynamodb:Query trains",
        "advance dynamodb:Query trains/index/by_first",
        "advance dynamodb:Query trains/index/by_second",
        "advance dynamodb:UpdateItem workloads",
        "advance s3:GetObject packages/logs/.*",
        "advance secretsmanager:GetSecretValue .*",
        "advance sqs:GetQueueUrl effects",
        "advance sqs:GetQueueUrl live.fifo",
        "advance sqs:SendMessage effects",
        "advance sqs:SendMessage live.fifo",
        "api dynamodb:BatchWriteItem trains",
        "api dynamodb:ConditionCheckItem workloads",
        "api dynamodb:Query runs/index/by_train",
        "api dynamodb:Query workloads/index/by_second",
        "api dynamodb:UpdateItem access",
        "api s3:DeleteObject packages/packages/.*",
        "api s3:GetObject packages/logs/.*",
        "api s3:PutObject packages/logs/.*",
        "effects dynamodb:BatchGetItem inventory",
        "effects dynamodb:BatchGetItem projects",
        "effects dynamodb:BatchGetItem runs",
        "effects dynamodb:BatchWriteItem runs",
        "effects dynamodb:BatchWriteItem workloads",
        "effects dynamodb:ConditionCheckItem inventory",
        "effects dynamodb:ConditionCheckItem workloads",
        "effects dynamodb:DeleteItem access",
        "effects dynamodb:DeleteItem workloads",
        "effects dynamodb:GetItem access",
        "effects dynamodb:GetItem projects",
        "effects dynamodb:GetItem trains",
        "effects dynamodb:GetItem workloads",
        "effects dynamodb:PutItem access",
        "effects dynamodb:PutItem audit",
        "effects dynamodb:PutItem inventory",
        "effects dynamodb:PutItem trains",
        "effects dynamodb:PutItem workloads",
        "effects dynamodb:Query access",
        "effects dynamodb:Query access/index/by_first",
        "effects dynamodb:Query projects",
        "effects dynamodb:Query runs/index/by_train",
        "effects dynamodb:Query trains",
        "effects dynamodb:Query trains/index/by_first",
        "effects dynamodb:Query trains/index/by_second",
        "effects dynamodb:Query workloads",
        "effects dynamodb:UpdateItem runs",
        "effects dynamodb:UpdateItem workloads",
        "effects secretsmanager:GetSecretValue .*",
        "effects sqs:GetQueueUrl effects",
        "effects sqs:GetQueueUrl events.fifo",
        "effects sqs:GetQueueUrl live.fifo",
        "effects sqs:GetQueueUrl timers",
        "effects sqs:SendMessage effects",
        "effects sqs:SendMessage events.fifo",
        "effects sqs:SendMessage live.fifo",
        "effects sqs:SendMessage timers",
        "live s3:GetObject packages/logs/.*",
        "sweep sqs:GetQueueUrl effects",
        "sweep sqs:SendMessage effects",
    ),
}


def is_told(right: Right) -> bool:
    """Whether it is said of a right why no story uses it."""
    named = f"{right.function} {right.action} {right.of}"
    return any(fnmatchcase(named, pattern) for patterns in UNUSED.values() for pattern in patterns)
