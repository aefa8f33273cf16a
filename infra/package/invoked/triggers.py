"""What wakes the functions beside the API: queues, and the clock. All of it invokes the alias `live`.

The logical ids are those that SAM gave to events of a function, so that an older stack keeps its triggers.
"""

from typing import Any

from infra.package.invoked.alias import alias_id
from infra.policies.rights import queue_id
from infra.resources import QueueDefinition

Resource = dict[str, Any]
Resources = dict[str, Resource]


def of_queue(function: str, queue: QueueDefinition, *, batch: int, most: int) -> Resources:
    """Return the event source of a function. function: its logical id. most: maximum concurrent batches."""
    window = {} if queue.is_fifo else {"MaximumBatchingWindowInSeconds": 0}
    properties = {
        "FunctionName": {"Ref": alias_id(function)},
        "EventSourceArn": {"Fn::GetAtt": [queue_id(queue.name), "Arn"]},
        "BatchSize": batch,
        **window,
        "ScalingConfig": {"MaximumConcurrency": most},
        # Without this, Lambda ignores the handler's list of failed messages, and they are lost silently.
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
    }
    source = {"Type": "AWS::Lambda::EventSourceMapping", "Properties": properties}
    return {f"{function}{queue_id(queue.name)}": source}


def of_schedule(function: str, schedule: str) -> Resources:
    """Return the rule that invokes a function by the clock, and its permission. function: its logical id."""
    rule = f"{function}Minute"
    target = {"Arn": {"Ref": alias_id(function)}, "Id": f"{rule}LambdaTarget"}
    permission = permitted(function, "events.amazonaws.com", {"Fn::GetAtt": [rule, "Arn"]})
    return {
        rule: {"Type": "AWS::Events::Rule", "Properties": {"ScheduleExpression": schedule, "Targets": [target]}},
        f"{rule}Permission": permission,
    }


def permitted(function: str, service: str, source: Resource) -> Resource:
    """Return the permission for a service of AWS to invoke the alias. function: its logical id."""
    properties = {
        "Action": "lambda:InvokeFunction",
        "FunctionName": {"Ref": alias_id(function)},
        "Principal": service,
        "SourceArn": source,
    }
    return {"Type": "AWS::Lambda::Permission", "Properties": properties}
