"""The alarms of the stack fire: each is given what it waits for, and goes off."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.package import alarms
from tests.deployed.stack import Stack
from tests.walks.api import eventually


def alarms_of(stack: Stack) -> dict[str, Any]:
    """The alarms of the stack, by name."""
    pages = stack.session.client("cloudwatch").get_paginator("describe_alarms").paginate()
    return {one["AlarmName"]: one for page in pages for one in page["MetricAlarms"] if stack.is_own(one["AlarmName"])}


def data_for(alarm: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - as CloudWatch describes it
    """A value beyond the threshold for each of the minutes that the alarm looks at."""
    now = datetime.now(UTC)
    for minute in range(alarm["EvaluationPeriods"]):
        yield {
            "MetricName": alarm["MetricName"],
            "Dimensions": alarm["Dimensions"],
            "Timestamp": now - timedelta(minutes=minute),
            "Value": alarm["Threshold"] + 1,
        }


def test_every_alarm_goes_off_when_what_it_waits_for_is_there(stack: Stack) -> None:
    cloudwatch = stack.session.client("cloudwatch")
    known = alarms_of(stack)
    declared = [one for one in alarms.resources().values() if one["Type"] == "AWS::CloudWatch::Alarm"]
    assert len(known) == len(declared)

    for alarm in known.values():
        if alarm["TreatMissingData"] != "breaching":
            cloudwatch.put_metric_data(Namespace=alarm["Namespace"], MetricData=list(data_for(alarm)))

    waiting = {name for name, one in known.items() if one["TreatMissingData"] != "breaching"}
    eventually(lambda: {name for name in waiting if alarms_of(stack)[name]["StateValue"] != "ALARM"} == set())
