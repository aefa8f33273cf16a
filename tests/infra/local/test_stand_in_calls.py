"""Calls that are taken directly are answered as ministack's own way answers them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from chalicelib.aws.calls import Aws
from chalicelib.aws.signing import CONTENT_TYPE, signed
from infra import resources
from tests.cloud import KEYS
from tests.infra.local.test_stand_in_admission import Answer, ask

pytestmark = pytest.mark.cloud

OWN_WAY = {"content-encoding": "identity"}
"""A header with which the direct way takes no call."""

DYNAMODB, SQS = "DynamoDB_20120810", "AmazonSQS"
KEY = {"pk": {"S": "a"}, "sk": {"S": "ü"}}
GONE = "https://sqs.us-east-1.amazonaws.com/000000000000/gone"
CALLS = [
    (DYNAMODB, "PutItem", {"TableName": "{table}", "Item": {**KEY, "n": {"N": "1.0"}}}),
    (DYNAMODB, "GetItem", {"TableName": "{table}", "Key": KEY}),
    (DYNAMODB, "GetItem", {"TableName": "{table}", "Key": {}}),
    (DYNAMODB, "GetItem", {"TableName": "gone", "Key": KEY}),
    (DYNAMODB, "PutItem", {"TableName": "{table}", "Item": KEY, "ConditionExpression": "attribute_not_exists(pk)"}),
    (DYNAMODB, "Query", {"TableName": "{table}", "KeyConditionExpression": "pk = :a AND"}),
    (DYNAMODB, "Nonsense", {}),
    (DYNAMODB, "ListTables", []),
    (SQS, "SendMessageBatch", {"QueueUrl": "{queue}", "Entries": []}),
    (SQS, "GetQueueUrl", {"QueueName": "gone"}),
    (SQS, "SendMessage", {"QueueUrl": GONE, "MessageBody": "x"}),
    (SQS, "ReceiveMessage", {"QueueUrl": "{queue}", "WaitTimeSeconds": 0}),
    (SQS, "ReceiveMessage", {"QueueUrl": "{queue}", "WaitTimeSeconds": 1}),
    (SQS, "ReceiveMessage", {"QueueUrl": GONE}),
    (SQS, "Nonsense", {"QueueUrl": "{queue}"}),
]
OF_ONE_ANSWER = ("x-amzn-requestid", "x-amz-request-id", "x-amz-id-2", "date")


def answer_to(address: str, target: str, body: bytes, more: Mapping[str, str]) -> Answer:
    service = target.partition(".")[0].removeprefix("Amazon").partition("_")[0].lower()
    told = {"host": urlsplit(address).netloc, "x-amz-target": target, "content-type": CONTENT_TYPE}
    headers = signed(KEYS, ("us-east-1", service), told, body, at=datetime.now(UTC))
    status, heard, text = ask(address, "POST", "/", {**headers, **more}, body)
    return status, {name: value for name, value in heard.items() if name not in OF_ONE_ANSWER}, text


@pytest.fixture
def places(aws: Aws, prefix: str) -> Mapping[str, str]:
    resources.create_tables(aws, prefix)
    resources.create_queues(aws, prefix)
    timers = next(queue for queue in resources.QUEUES if queue.name == "timers")
    return {"{table}": f"{prefix}runs", "{queue}": resources.queue_url(aws, prefix, timers)}


@pytest.mark.parametrize(("service", "operation", "arguments"), CALLS)
def test_a_call_is_answered_alike_by_both_ways(
    cloud: str, places: Mapping[str, str], service: str, operation: str, arguments: object
) -> None:
    text = json.dumps(arguments)
    for name, value in places.items():
        text = text.replace(name, value)
    # First so that the item of a condition is there both times.
    answer_to(cloud, f"{DYNAMODB}.PutItem", json.dumps({"TableName": places["{table}"], "Item": KEY}).encode(), {})

    direct = answer_to(cloud, f"{service}.{operation}", text.encode(), {})

    assert direct == answer_to(cloud, f"{service}.{operation}", text.encode(), OWN_WAY)


def test_each_answer_has_a_number_of_its_own(cloud: str) -> None:
    headers = {"host": urlsplit(cloud).netloc, "x-amz-target": f"{DYNAMODB}.ListTables", "content-type": CONTENT_TYPE}
    sent = signed(KEYS, ("us-east-1", "dynamodb"), headers, b"{}", at=datetime.now(UTC))
    numbers = {ask(cloud, "POST", "/", sent, b"{}")[1]["x-amzn-requestid"] for _ in "12"}
    assert len(numbers) == 2
