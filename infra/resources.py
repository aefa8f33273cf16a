"""Define tables, queues and the bucket once: created here for tests and the local cloud; infra/package/storage.py makes
CloudFormation create them.

Purpose of each queue: docs/architecture.md. Tables and indexes: chalicelib/store/dynamo/schema.py.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from pynamodb.models import Model

from chalicelib.aws.calls import Aws, Refused
from chalicelib.store.dynamo.schema import EXPIRY, TABLES, schema, table_name
from infra.lifetimes import LOG_DAYS, UNFINISHED_UPLOAD_DAYS

DAY_SECONDS = 86_400
TRIES = 8
"""Deliveries of a message before it is dead-lettered: the first retry after a second, then slower, a minute in all."""

MADE_BEFORE = frozenset(
    {
        "ResourceInUseException",
        "BucketAlreadyOwnedByYou",
        "BucketAlreadyExists",
        "QueueAlreadyExists",
        "QueueNameExists",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueDefinition:
    """A queue and its dead-letter queue, which has the same name with `-dead`.

    seconds: visibility timeout. tries: deliveries before a message is dead-lettered.
    """

    name: str
    is_fifo: bool
    seconds: int
    tries: int = TRIES

    @property
    def full_name(self) -> str:
        """Return the name for SQS, without the prefix."""
        return f"{self.name}.fifo" if self.is_fifo else self.name

    @property
    def dead_name(self) -> str:
        """Return the name of the dead-letter queue, without the prefix."""
        return f"{self.name}-dead.fifo" if self.is_fifo else f"{self.name}-dead"


QUEUES = (
    QueueDefinition(name="events", is_fifo=True, seconds=180),
    QueueDefinition(name="timers", is_fifo=False, seconds=180),
    # An effect gives up after 15 minutes: until then its message must not be dead-lettered.
    QueueDefinition(name="effects", is_fifo=False, seconds=240, tries=40),
    # Six times the 15 minutes that a Lambda function may take to read a package.
    QueueDefinition(name="checks", is_fifo=False, seconds=5400),
    QueueDefinition(name="live", is_fifo=True, seconds=60),
)
BUCKET = "packages"
LIFECYCLE: tuple[Mapping[str, Any], ...] = (
    {"id": "logs", "prefix": "logs/", "days": LOG_DAYS},
    {"id": "unfinished-uploads", "prefix": "", "upload_days": UNFINISHED_UPLOAD_DAYS},
)


def create_all(aws: Aws, prefix: str) -> None:
    """Create everything under the prefix; existing resources stay as they are."""
    _at_once([*_table_makers(aws, prefix), *_queue_makers(aws, prefix), partial(create_bucket, aws, prefix)])


def create_tables(aws: Aws, prefix: str) -> None:
    """Create the tables under the prefix."""
    _at_once(_table_makers(aws, prefix))


def create_queues(aws: Aws, prefix: str) -> None:
    """Create the queues under the prefix."""
    _at_once(_queue_makers(aws, prefix))


def _table_makers(aws: Aws, prefix: str) -> list[Callable[[], None]]:
    return [partial(_create_table, aws, prefix, table) for table in TABLES]


def _queue_makers(aws: Aws, prefix: str) -> list[Callable[[], None]]:
    return [partial(_create_queue, aws, prefix, queue) for queue in QUEUES]


def _at_once(makers: Sequence[Callable[[], None]]) -> None:
    with ThreadPoolExecutor(len(makers)) as threads:
        for made in [threads.submit(maker) for maker in makers]:
            made.result()


def queue_url(aws: Aws, prefix: str, queue: QueueDefinition) -> str:
    """Return the URL of an existing queue."""
    return str(aws.call("sqs", "GetQueueUrl", {"QueueName": prefix + queue.full_name})["QueueUrl"])


def _create_table(aws: Aws, prefix: str, table: type[Model]) -> None:
    name = prefix + table_name(table)
    if not _create(
        aws, "dynamodb", "CreateTable", {"TableName": name, "BillingMode": "PAY_PER_REQUEST", **schema(table)}
    ):
        _add_indexes(aws, name, table)
        return
    if not aws.endpoint.is_local:
        _await_table(aws, name)
        recovery = {"PointInTimeRecoveryEnabled": True}
        aws.call(
            "dynamodb", "UpdateContinuousBackups", {"TableName": name, "PointInTimeRecoverySpecification": recovery}
        )
    expiry = {"AttributeName": EXPIRY, "Enabled": True}
    aws.call("dynamodb", "UpdateTimeToLive", {"TableName": name, "TimeToLiveSpecification": expiry})


def _add_indexes(aws: Aws, name: str, table: type[Model]) -> None:
    """Add the indexes that a table of an earlier version lacks, one after the other, as AWS wants it."""
    found = aws.call("dynamodb", "DescribeTable", {"TableName": name})["Table"]
    there = {one["IndexName"] for one in found.get("GlobalSecondaryIndexes", ())}
    declared = schema(table)
    for index in declared.get("GlobalSecondaryIndexes", ()):
        if index["IndexName"] not in there:
            changes = {"GlobalSecondaryIndexUpdates": [{"Create": index}]}
            attributes = {"AttributeDefinitions": declared["AttributeDefinitions"]}
            aws.call("dynamodb", "UpdateTable", {"TableName": name, **attributes, **changes})
            _await_table(aws, name)


def _await_table(aws: Aws, name: str) -> None:
    while aws.call("dynamodb", "DescribeTable", {"TableName": name})["Table"]["TableStatus"] != "ACTIVE":
        aws.clock.sleep(1)


def _create_queue(aws: Aws, prefix: str, queue: QueueDefinition) -> None:
    fifo = {"FifoQueue": "true"} if queue.is_fifo else {}
    dead = {**fifo, "MessageRetentionPeriod": str(14 * DAY_SECONDS)}
    _create(aws, "sqs", "CreateQueue", {"QueueName": prefix + queue.dead_name, "Attributes": dead})
    url = aws.call("sqs", "GetQueueUrl", {"QueueName": prefix + queue.dead_name})["QueueUrl"]
    arguments = {"QueueUrl": url, "AttributeNames": ["QueueArn"]}
    arn = aws.call("sqs", "GetQueueAttributes", arguments)["Attributes"]["QueueArn"]
    attributes = {**queue_attributes(queue), **fifo, "RedrivePolicy": _redrive(arn, queue.tries)}
    _create(aws, "sqs", "CreateQueue", {"QueueName": prefix + queue.full_name, "Attributes": attributes})


def queue_attributes(queue: QueueDefinition) -> dict[str, str]:
    """Return the attributes of a queue, as SQS names them."""
    attributes = {"VisibilityTimeout": str(queue.seconds), "MessageRetentionPeriod": str(4 * DAY_SECONDS)}
    if queue.is_fifo:
        # High throughput: only the events of one run must be in order.
        attributes |= {"DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}
    return attributes


def _redrive(arn: str, tries: int) -> str:
    return json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": tries})


def create_bucket(aws: Aws, prefix: str) -> None:
    """Create the bucket under the prefix."""
    name = prefix + BUCKET
    arguments: dict[str, Any] = {"Bucket": name}
    if aws.endpoint.region != "us-east-1":
        arguments["CreateBucketConfiguration"] = {"LocationConstraint": aws.endpoint.region}
    if _create(aws, "s3", "CreateBucket", arguments):
        rules = [_lifecycle_rule(rule) for rule in LIFECYCLE]
        aws.call("s3", "PutBucketLifecycleConfiguration", {"Bucket": name, "LifecycleConfiguration": {"Rules": rules}})


def _lifecycle_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = {"ID": rule["id"], "Status": "Enabled", "Filter": {"Prefix": rule["prefix"]}}
    if "days" in rule:
        plain["Expiration"] = {"Days": rule["days"]}
    if "upload_days" in rule:
        plain["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": rule["upload_days"]}
    return plain


def _create(aws: Aws, service: str, operation: str, arguments: Mapping[str, Any]) -> bool:
    """Create a resource. Return False when it already exists."""
    try:
        aws.call(service, operation, arguments)
    except Refused as error:
        if error.code.rpartition(".")[2] in MADE_BEFORE:
            return False
        raise
    return True
