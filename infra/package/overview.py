"""What a person looks at: one dashboard, a budget, the access log of the API, and the outputs of the stack."""

import json
from collections.abc import Mapping
from typing import Any

from infra.package import alarms
from infra.package.functions import LOG_DAYS
from infra.package.live_api import variables
from infra.policies.rights import queue_id
from infra.resources import QUEUES

WIDTH, HEIGHT = 12, 6
Resource = dict[str, Any]
Chart = tuple[str, list[tuple[str, str, str]], str, str]
"""Title, of which resources (namespace, dimension, value), metric, statistic."""

ACCESS = {
    "at": "$context.requestTimeEpoch",
    "request": "$context.requestId",
    "from": "$context.identity.sourceIp",
    "method": "$context.httpMethod",
    # The resource, not the path: paths of webhooks and confirmations contain secrets.
    "resource": "$context.resourcePath",
    "status": "$context.status",
    "bytes": "$context.responseLength",
    "milliseconds": "$context.responseLatency",
}


def resources() -> dict[str, Resource]:
    """Return dashboard, budget and the log group of requests."""
    body = {"Fn::Sub": json.dumps({"widgets": _widgets()}, separators=(",", ":"))}
    dashboard = {"DashboardName": {"Fn::Sub": "${Prefix}overview"}, "DashboardBody": body}
    group = {"LogGroupName": {"Fn::Sub": "/aws/apigateway/${Prefix}access"}, "RetentionInDays": LOG_DAYS}
    gone = {"DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete"}
    return {
        "Overview": {"Type": "AWS::CloudWatch::Dashboard", "Properties": dashboard},
        "Budget": {"Type": "AWS::Budgets::Budget", "Condition": "HasBudget", "Properties": _budget()},
        "AccessLog": {"Type": "AWS::Logs::LogGroup", "Condition": "LogsAccess", **gone, "Properties": group},
    }


def access_log() -> Resource:
    """Return how the API logs requests: one line of JSON each, where the parameter says so."""
    setting = {"DestinationArn": {"Fn::GetAtt": ["AccessLog", "Arn"]}, "Format": json.dumps(ACCESS)}
    return {"Fn::If": ["LogsAccess", setting, {"Ref": "AWS::NoValue"}]}


def outputs(chalices: Mapping[str, Any]) -> dict[str, Any]:
    """Return the outputs: where everything is that a person needs."""
    region = "https://${AWS::Region}.console.aws.amazon.com/cloudwatch/home?region=${AWS::Region}"
    return {
        **chalices,
        "LiveURL": {"Value": variables()["SLIPWAY_LIVE_URL"]},
        "PackagesBucketName": {"Value": {"Ref": "PackagesBucket"}},
        "OverviewURL": {"Value": {"Fn::Sub": f"{region}#dashboards:name=${{Overview}}"}},
        "LogGroups": {"Value": {"Fn::Sub": "/aws/lambda/${Prefix}*"}},
    }


def _widgets() -> list[Resource]:
    functions = [("AWS/Lambda", "FunctionName", f"${{{alarms.function_id(name)}}}") for name in alarms.TIMEOUTS]
    queues = [("AWS/SQS", "QueueName", f"${{{queue_id(queue.name)}.QueueName}}") for queue in QUEUES]
    dead = [("AWS/SQS", "QueueName", f"${{{queue_id(queue.name)}Dead.QueueName}}") for queue in QUEUES]
    api = [("AWS/ApiGateway", "ApiName", "${Prefix}api")]
    charts: tuple[Chart, ...] = (
        ("Requests", api, "Count", "Sum"),
        ("Answers 5xx", api, "5XXError", "Sum"),
        ("Milliseconds of an answer, p99", api, "Latency", "p99"),
        ("Oldest message, in seconds", queues, "ApproximateAgeOfOldestMessage", "Maximum"),
        ("Messages given up", dead, "ApproximateNumberOfMessagesVisible", "Maximum"),
        ("Errors of functions", functions, "Errors", "Sum"),
        ("Throttles of functions", functions, "Throttles", "Sum"),
        ("Milliseconds of functions, p99", functions, "Duration", "p99"),
    )
    return [_drawn(place, chart) for place, chart in enumerate(charts)]


def _drawn(place: int, chart: Chart) -> Resource:
    title, of, metric, statistic = chart
    metrics = [[namespace, metric, dimension, value] for namespace, dimension, value in of]
    told = {"title": title, "metrics": metrics, "stat": statistic, "period": 60, "region": "${AWS::Region}"}
    x, y = place % 2 * WIDTH, place // 2 * HEIGHT
    return {"type": "metric", "x": x, "y": y, "width": WIDTH, "height": HEIGHT, "properties": told}


def _budget() -> Resource:
    limit = {"Amount": {"Ref": "MonthlyBudget"}, "Unit": "USD"}
    told = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 80}
    reader = {"SubscriptionType": "EMAIL", "Address": {"Ref": "BudgetMail"}}
    return {
        "Budget": {
            "BudgetName": {"Fn::Sub": "${Prefix}month"},
            "BudgetType": "COST",
            "TimeUnit": "MONTHLY",
            "BudgetLimit": limit,
        },
        "NotificationsWithSubscribers": [{"Notification": told, "Subscribers": [reader]}],
    }
