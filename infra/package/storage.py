"""Tables, queues and the bucket as CloudFormation makes them. What they are: infra/resources.py."""

from collections.abc import Mapping
from typing import Any

from pynamodb.models import Model

from chalicelib.store.dynamo.schema import EXPIRY, TABLES, schema, table_name
from infra.policies.rights import queue_id, table_id
from infra.resources import BUCKET, DAY_SECONDS, LIFECYCLE, QUEUES, QueueDefinition, queue_attributes

BUCKET_ID = "PackagesBucket"
KEPT_VERSION_DAYS = 35
"""Days in which an object that was overwritten or deleted can be had again: as long as a second of a table."""

CLOSED = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
KEPT = {"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}
"""Of data: what a first deployment made that failed is removed, so that it can be tried again."""

Resource = dict[str, Any]
Resources = dict[str, Resource]


def template() -> Resources:
    """Return the resources; they use the template parameters `Prefix` and `DeletionProtection`."""
    resources: Resources = {table_id(table_name(table)): _table(table) for table in TABLES}
    for queue in QUEUES:
        resources |= _queues(queue)
    return {**resources, BUCKET_ID: _bucket(), f"{BUCKET_ID}Policy": _bucket_policy()}


def _table(table: type[Model]) -> Resource:
    return {
        "Type": "AWS::DynamoDB::Table",
        **KEPT,
        "Properties": {
            "TableName": _prefixed(table_name(table)),
            "BillingMode": "PAY_PER_REQUEST",
            **schema(table),
            **_capped(),
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
            "TimeToLiveSpecification": {"AttributeName": EXPIRY, "Enabled": True},
            "SSESpecification": {"SSEEnabled": True},
            "DeletionProtectionEnabled": {"Ref": "DeletionProtection"},
        },
    }


def _capped() -> Resource:
    """Return the property that bounds the units a second of a table, where a parameter does.

    Indexes are not bounded apart: they are written with the table, and an index cannot change in its place.
    """
    none = {"Ref": "AWS::NoValue"}
    most = {
        "MaxWriteRequestUnits": {"Fn::If": ["CapsWrites", {"Ref": "MaxWriteUnits"}, none]},
        "MaxReadRequestUnits": {"Fn::If": ["CapsReads", {"Ref": "MaxReadUnits"}, none]},
    }
    return {"OnDemandThroughput": {"Fn::If": ["CapsUnits", most, none]}}


def _queues(queue: QueueDefinition) -> Resources:
    logical = queue_id(queue.name)
    fifo: dict[str, Any] = {"FifoQueue": True} if queue.is_fifo else {}
    attributes: dict[str, Any] = {
        name: int(value) if value.isdigit() else value for name, value in queue_attributes(queue).items()
    }
    dead = {"QueueName": _prefixed(queue.dead_name), **fifo, "SqsManagedSseEnabled": True}
    redrive = {"deadLetterTargetArn": {"Fn::GetAtt": [f"{logical}Dead", "Arn"]}, "maxReceiveCount": queue.tries}
    living = {"QueueName": _prefixed(queue.full_name), **fifo, **attributes, "SqsManagedSseEnabled": True}
    return {
        f"{logical}Dead": _queue({**dead, "MessageRetentionPeriod": 14 * DAY_SECONDS}),
        logical: _queue({**living, "RedrivePolicy": redrive}),
    }


def _queue(properties: Mapping[str, Any]) -> Resource:
    return {
        "Type": "AWS::SQS::Queue",
        "DeletionPolicy": "Delete",
        "UpdateReplacePolicy": "Delete",
        "Properties": dict(properties),
    }


def _bucket() -> Resource:
    encryption = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    return {
        "Type": "AWS::S3::Bucket",
        **KEPT,
        "Properties": {
            "BucketName": _prefixed(BUCKET),
            "BucketEncryption": {"ServerSideEncryptionConfiguration": [encryption]},
            "PublicAccessBlockConfiguration": dict.fromkeys(CLOSED, True),
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
            "VersioningConfiguration": {"Status": "Enabled"},
            "LifecycleConfiguration": {"Rules": [*map(_lifecycle_rule, LIFECYCLE), _old_versions_rule()]},
        },
    }


def _lifecycle_rule(rule: Mapping[str, Any]) -> Resource:
    plain: Resource = {"Id": rule["id"], "Status": "Enabled", "Prefix": rule["prefix"]}
    if "days" in rule:
        plain["ExpirationInDays"] = rule["days"]
    if "upload_days" in rule:
        plain["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": rule["upload_days"]}
    return plain


def _old_versions_rule() -> Resource:
    expiration = {"NoncurrentDays": KEPT_VERSION_DAYS}
    return {"Id": "old-versions", "Status": "Enabled", "Prefix": "", "NoncurrentVersionExpiration": expiration}


def _bucket_policy() -> Resource:
    """Refuse whoever speaks to the bucket without TLS, presigned URLs too."""
    bucket = {"Fn::GetAtt": [BUCKET_ID, "Arn"]}
    statement = {
        "Sid": "OnlyByTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [bucket, {"Fn::Sub": f"${{{BUCKET_ID}.Arn}}/*"}],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return {
        "Type": "AWS::S3::BucketPolicy",
        "DeletionPolicy": "Delete",
        "UpdateReplacePolicy": "Delete",
        "Properties": {"Bucket": {"Ref": BUCKET_ID}, "PolicyDocument": document},
    }


def _prefixed(name: str) -> dict[str, str]:
    return {"Fn::Sub": f"${{Prefix}}{name}"}
