"""Tables, queues and the bucket: made in a stand-in, and told to CloudFormation alike."""

import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.aws.calls import Aws
from chalicelib.functions import effects, worker
from chalicelib.kernel.releases import delivery as owed
from chalicelib.store.dynamo.schema import TABLES, schema, table_name
from chalicelib.use_cases.runs import outgoing_calls as perform_outward
from infra import resources
from infra.package import storage

Resources = dict[str, Any]


@pytest.fixture(scope="module")
def template() -> Resources:
    return storage.template()


def test_everything_is_made_and_making_it_again_changes_nothing(aws: Aws, prefix: str) -> None:
    aws.client("s3")
    for _ in range(2):
        resources.create_all(aws, prefix)
    for table in TABLES:
        found = aws.call("dynamodb", "DescribeTable", {"TableName": prefix + table_name(table)})["Table"]
        assert found["TableStatus"] == "ACTIVE"
    queues = aws.call("sqs", "ListQueues", {"QueueNamePrefix": prefix})["QueueUrls"]
    assert sorted(url.rpartition("/")[2].removeprefix(prefix) for url in queues) == [
        "checks",
        "checks-dead",
        "effects",
        "effects-dead",
        "events-dead.fifo",
        "events.fifo",
        "live-dead.fifo",
        "live.fifo",
        "timers",
        "timers-dead",
    ]
    rules = aws.call("s3", "GetBucketLifecycleConfiguration", {"Bucket": f"{prefix}packages"})["Rules"]
    assert {rule["ID"] for rule in rules} == {"logs", "unfinished-uploads"}


def test_tables_are_made_as_they_are_declared(aws: Aws, prefix: str) -> None:
    resources.create_tables(aws, prefix)
    for table in TABLES:
        name, declared = prefix + table_name(table), schema(table)
        found = aws.call("dynamodb", "DescribeTable", {"TableName": name})["Table"]
        assert found["KeySchema"] == declared["KeySchema"]
        indexes = {one["IndexName"]: one["KeySchema"] for one in found.get("GlobalSecondaryIndexes", ())}
        assert indexes == {one["IndexName"]: one["KeySchema"] for one in declared.get("GlobalSecondaryIndexes", ())}
        expiry = aws.call("dynamodb", "DescribeTimeToLive", {"TableName": name})["TimeToLiveDescription"]
        assert expiry["AttributeName"] == "expires_at"


def test_a_table_of_an_earlier_version_gets_the_indexes_that_it_lacks(aws: Aws, prefix: str) -> None:
    declared = next(schema(table) for table in TABLES if table_name(table) == "runs")
    indexes = declared["GlobalSecondaryIndexes"]
    older = {**declared, "GlobalSecondaryIndexes": [one for one in indexes if one["IndexName"] != "by_listing"]}
    known = {key["AttributeName"] for one in (older, *older["GlobalSecondaryIndexes"]) for key in one["KeySchema"]}
    older["AttributeDefinitions"] = [one for one in declared["AttributeDefinitions"] if one["AttributeName"] in known]
    name = f"{prefix}runs"
    aws.call("dynamodb", "CreateTable", {"TableName": name, "BillingMode": "PAY_PER_REQUEST", **older})
    resources.create_tables(aws, prefix)

    found = aws.call("dynamodb", "DescribeTable", {"TableName": name})["Table"]
    assert {one["IndexName"] for one in found["GlobalSecondaryIndexes"]} == {one["IndexName"] for one in indexes}


def test_every_schema_names_its_hash_key_first() -> None:
    for table in TABLES:
        plain = schema(table)
        for keys in (plain["KeySchema"], *(one["KeySchema"] for one in plain.get("GlobalSecondaryIndexes", ()))):
            assert [key["KeyType"] for key in keys] == ["HASH", "RANGE"]


def test_a_dead_message_ends_in_the_queue_for_it(aws: Aws, prefix: str) -> None:
    resources.create_queues(aws, prefix)
    for queue in resources.QUEUES:
        asked = {"QueueUrl": resources.queue_url(aws, prefix, queue), "AttributeNames": ["All"]}
        attributes = aws.call("sqs", "GetQueueAttributes", asked)["Attributes"]
        assert queue.dead_name in attributes["RedrivePolicy"]
        assert attributes["VisibilityTimeout"] == str(queue.seconds)
        assert json.loads(attributes["RedrivePolicy"])["maxReceiveCount"] in (queue.tries, str(queue.tries))


def test_queues_that_were_made_otherwise_stay_as_they_are(aws: Aws, prefix: str) -> None:
    asked = {"QueueName": f"{prefix}timers", "Attributes": {"VisibilityTimeout": "7"}}
    aws.call("sqs", "CreateQueue", asked)
    resources.create_queues(aws, prefix)
    (timers,) = (queue for queue in resources.QUEUES if queue.name == "timers")
    seen = {"QueueUrl": resources.queue_url(aws, prefix, timers), "AttributeNames": ["VisibilityTimeout"]}
    assert aws.call("sqs", "GetQueueAttributes", seen)["Attributes"] == {"VisibilityTimeout": "7"}


def test_an_effect_gives_up_before_its_message_is_dead() -> None:
    (queue,) = (queue for queue in resources.QUEUES if queue.name == "effects")
    away = sum(effects.PAUSES.after(tries) for tries in range(1, queue.tries))
    assert timedelta(seconds=away) > max(perform_outward.LONGEST_TRYING, owed.OF_HOOKS.trying)


def test_a_message_of_a_run_that_always_fails_is_dead_after_a_minute_and_not_at_once() -> None:
    for queue in resources.QUEUES:
        if queue.name != "effects":
            away = sum(worker.SOON.after(tries) for tries in range(1, queue.tries))
            assert 60 <= away <= 120


def test_the_template_holds_every_table_on_demand_encrypted_and_recoverable(template: Resources) -> None:
    tables = [one["Properties"] for one in template.values() if one["Type"] == "AWS::DynamoDB::Table"]
    assert {one["TableName"]["Fn::Sub"] for one in tables} == {f"${{Prefix}}{table_name(table)}" for table in TABLES}
    for one in tables:
        assert one["BillingMode"] == "PAY_PER_REQUEST"
        assert one["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert one["SSESpecification"] == {"SSEEnabled": True}


def test_the_template_keeps_data_when_the_stack_goes(template: Resources) -> None:
    for one in template.values():
        is_data = one["Type"] in ("AWS::DynamoDB::Table", "AWS::S3::Bucket")
        assert one["DeletionPolicy"] == ("RetainExceptOnCreate" if is_data else "Delete")
        assert one["UpdateReplacePolicy"] == ("Retain" if is_data else "Delete")


def test_every_queue_of_the_template_has_one_for_its_dead(template: Resources) -> None:
    for queue in resources.QUEUES:
        living = template[f"{queue.name.capitalize()}Queue"]["Properties"]
        dead = template[f"{queue.name.capitalize()}QueueDead"]["Properties"]
        assert living["RedrivePolicy"]["deadLetterTargetArn"] == {
            "Fn::GetAtt": [f"{queue.name.capitalize()}QueueDead", "Arn"]
        }
        assert living.get("FifoQueue") == dead.get("FifoQueue") == (True if queue.is_fifo else None)


def test_the_bucket_is_closed_to_the_public(template: Resources) -> None:
    closed = template["PackagesBucket"]["Properties"]["PublicAccessBlockConfiguration"]
    assert set(closed.values()) == {True}


def test_what_was_overwritten_in_the_bucket_can_be_had_for_as_long_as_a_second_of_the_tables(
    template: Resources,
) -> None:
    bucket = template["PackagesBucket"]["Properties"]
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    days = {one["Id"]: one.get("NoncurrentVersionExpiration") for one in bucket["LifecycleConfiguration"]["Rules"]}
    assert days["old-versions"] == {"NoncurrentDays": 35}


def test_nobody_speaks_to_the_bucket_without_tls(template: Resources) -> None:
    (statement,) = template["PackagesBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_tables_can_be_protected_from_deletion(template: Resources) -> None:
    tables = [one["Properties"] for one in template.values() if one["Type"] == "AWS::DynamoDB::Table"]
    assert {one["DeletionProtectionEnabled"]["Ref"] for one in tables} == {"DeletionProtection"}
