"""CloudWatch alarms. What each means and what to do then: docs/operations.md, which a test holds to this list."""

from collections.abc import Mapping
from typing import Any

from chalicelib.store.dynamo.schema import TABLES, table_name
from infra.package.functions import FUNCTIONS, logical, logs_id
from infra.policies.rights import queue_id, table_id
from infra.resources import QUEUES, QueueDefinition

OLDEST_SECONDS = {"events": 300, "timers": 900 + 300, "effects": 900, "checks": 2 * 960, "live": 300}
"""Maximum age of a message by queue. Timers may be delayed for 15 minutes first; effects are retried that long."""

API_SECONDS = 29
TIMEOUTS = {"api": API_SECONDS, **{one.name: one.seconds for one in FUNCTIONS}}
"""Seconds that a function may take, by its name."""

NEARLY = 0.8
MINUTE = 60
NAMESPACE = "Slipway"
UNFORESEEN = '{ ($.level = "ERROR") && ($.logger = "slipway*") }'
"""Lines in which functions tell of an exception that nobody foresaw: written by functions/worker.py, http/serve.py."""

Resource = dict[str, Any]
Resources = dict[str, Resource]


def resources() -> Resources:
    """Return all alarms. They notify the topic in the parameter AlarmTopic, if set."""
    found: Resources = {}
    for queue in QUEUES:
        found |= _of_queue(queue)
    for name in TIMEOUTS:
        found |= _of_function(name)
    for table in TABLES:
        found |= _of_table(table_name(table))
    return {**found, **_of_apis(), "SweepMissing": _of_sweep()}


def function_id(name: str) -> str:
    """Return the logical id of a function, the API's too, which Chalice names."""
    return "APIHandler" if name == "api" else logical(name)


def _of_queue(queue: QueueDefinition) -> Resources:
    living = queue_id(queue.name)
    dead = _alarm(
        f"messages of queue {queue.name} were given up",
        _of("SQS", "ApproximateNumberOfMessagesVisible", "Maximum", QueueName=_name_of(f"{living}Dead")),
    )
    old = _alarm(
        f"queue {queue.name} is not worked off",
        _of("SQS", "ApproximateAgeOfOldestMessage", "Maximum", QueueName=_name_of(living)),
        Threshold=OLDEST_SECONDS[queue.name],
    )
    return {f"{living}HasDead": dead, f"{living}IsOld": old}


def _of_function(name: str) -> Resources:
    function = {"FunctionName": {"Ref": function_id(name)}}
    limit = round(TIMEOUTS[name] * 1000 * NEARLY)
    begin = name.capitalize()
    return {
        f"{begin}Fails": _alarm(f"function {name} failed", _of("Lambda", "Errors", "Sum", **function)),
        f"{begin}IsThrottled": _alarm(
            f"function {name} has no concurrency left",
            _of("Lambda", "Throttles", "Sum", **function),
            EvaluationPeriods=5,
        ),
        f"{begin}IsSlow": _alarm(
            f"function {name} takes nearly as long as it may",
            _of("Lambda", "Duration", "Maximum", **function),
            Threshold=limit,
        ),
        f"{begin}Unforeseen": _alarm(
            f"function {name} met what nobody foresaw", _of_namespace(NAMESPACE, _unforeseen(name), "Sum")
        ),
        f"{begin}UnforeseenFilter": _filter(name),
    }


def _filter(name: str) -> Resource:
    """Count the lines of a function's log that tell of an unforeseen exception."""
    counted = {"MetricNamespace": NAMESPACE, "MetricName": _unforeseen(name), "MetricValue": "1", "DefaultValue": 0}
    properties = {
        "LogGroupName": {"Ref": logs_id(name)},
        "FilterPattern": UNFORESEEN,
        "MetricTransformations": [counted],
    }
    return {"Type": "AWS::Logs::MetricFilter", "Properties": properties}


def _unforeseen(name: str) -> Resource:
    return {"Fn::Sub": f"${{Prefix}}{name}-unforeseen"}


def _of_table(table: str) -> Resources:
    dimension = {"TableName": {"Ref": table_id(table)}}
    return {
        f"{table_id(table)}{kind}Throttled": _alarm(
            f"{kind.lower()}s of table {table} are throttled",
            _of("DynamoDB", f"{kind}ThrottleEvents", "Sum", **dimension),
            EvaluationPeriods=5,
        )
        for kind in ("Read", "Write")
    }


def _of_apis() -> Resources:
    api = {"ApiName": {"Fn::Sub": "${Prefix}api"}}
    return {
        "ApiAnswers5xx": _alarm("the API fails", _of("ApiGateway", "5XXError", "Sum", **api)),
        "ApiAnswersLate": _alarm(
            "one request in a hundred takes long",
            {**_of("ApiGateway", "Latency", "", **api), "ExtendedStatistic": "p99"},
            Threshold=5000,
            EvaluationPeriods=5,
        ),
        "LiveAnswers5xx": _alarm(
            "WebSockets fail", _of("ApiGateway", "ExecutionError", "Sum", ApiId={"Ref": "LiveApi"})
        ),
    }


def _of_sweep() -> Resource:
    seldom = {"ComparisonOperator": "LessThanThreshold", "Threshold": 1, "TreatMissingData": "breaching"}
    metric = _of("Lambda", "Invocations", "Sum", FunctionName={"Ref": logical("sweep")})
    return _alarm("nothing looks for what is due", metric, **seldom, EvaluationPeriods=5)


def _name_of(queue: str) -> Resource:
    return {"Fn::GetAtt": [queue, "QueueName"]}


def _of(service: str, name: str, statistic: str, **dimensions: object) -> Resource:
    return _of_namespace(f"AWS/{service}", name, statistic, **dimensions)


def _of_namespace(namespace: str, name: object, statistic: str, **dimensions: object) -> Resource:
    told = [{"Name": key, "Value": value} for key, value in dimensions.items()]
    metric: Resource = {"Namespace": namespace, "MetricName": name}
    return {**metric, **({"Dimensions": told} if told else {}), **({"Statistic": statistic} if statistic else {})}


def _alarm(what: str, metric: Mapping[str, Any], **other: object) -> Resource:
    topic = {"Fn::If": ["HasAlarmTopic", [{"Ref": "AlarmTopic"}], {"Ref": "AWS::NoValue"}]}
    common = {
        "AlarmDescription": {"Fn::Sub": f"${{Prefix}}: {what}"},
        "Period": MINUTE,
        "EvaluationPeriods": 1,
        "Threshold": 0,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
        "AlarmActions": topic,
        "OKActions": topic,
    }
    return {"Type": "AWS::CloudWatch::Alarm", "Properties": {**common, **metric, **other}}
