"""CloudWatch alarms: dead-lettered messages, messages that nobody processes, a missing sweep."""

from typing import Any

from infra.package.functions import logical
from infra.policies.rights import queue_id
from infra.resources import QUEUES, QueueDefinition

OLDEST_SECONDS = {"events": 300, "timers": 900 + 300, "effects": 900, "checks": 2 * 960, "live": 300}
"""Maximum age of a message by queue. Timers may be delayed for 15 minutes first; effects are retried that long."""

MINUTE = 60
Resources = dict[str, dict[str, Any]]


def resources() -> Resources:
    """Return all alarms. They notify the topic in the parameter AlarmTopic, if set."""
    found: Resources = {}
    for queue in QUEUES:
        found |= _queue_alarms(queue)
    return {**found, "SweepMissing": _sweep_alarm()}


def _queue_alarms(queue: QueueDefinition) -> Resources:
    living = queue_id(queue.name)
    dead = _alarm(
        f"messages of queue {queue.name} were given up",
        _queue_metric("ApproximateNumberOfMessagesVisible", f"{living}Dead"),
        Threshold=0,
    )
    old = _alarm(
        f"queue {queue.name} is not worked off",
        _queue_metric("ApproximateAgeOfOldestMessage", living),
        Threshold=OLDEST_SECONDS[queue.name],
    )
    return {f"{living}HasDead": dead, f"{living}IsOld": old}


def _sweep_alarm() -> dict[str, Any]:
    metric = {
        "Namespace": "AWS/Lambda",
        "MetricName": "Invocations",
        "Dimensions": [{"Name": "FunctionName", "Value": {"Ref": logical("sweep")}}],
        "Statistic": "Sum",
    }
    seldom = {"ComparisonOperator": "LessThanThreshold", "Threshold": 1, "TreatMissingData": "breaching"}
    return _alarm("nothing looks for what is due", metric, **seldom, EvaluationPeriods=5)


def _queue_metric(name: str, queue: str) -> dict[str, Any]:
    dimension = {"Name": "QueueName", "Value": {"Fn::GetAtt": [queue, "QueueName"]}}
    return {"Namespace": "AWS/SQS", "MetricName": name, "Dimensions": [dimension], "Statistic": "Maximum"}


def _alarm(what: str, metric: dict[str, Any], **other: object) -> dict[str, Any]:
    topic = {"Fn::If": ["HasAlarmTopic", [{"Ref": "AlarmTopic"}], {"Ref": "AWS::NoValue"}]}
    common = {
        "AlarmDescription": {"Fn::Sub": f"${{Prefix}}: {what}"},
        "Period": MINUTE,
        "EvaluationPeriods": 1,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
        "AlarmActions": topic,
        "OKActions": topic,
    }
    return {"Type": "AWS::CloudWatch::Alarm", "Properties": {**common, **metric, **other}}
