"""The alias `live` of each function, by which everything invokes it, and the versions behind the alias.

Each deployment publishes a version of each function. Here the alias is whole at it; `infra/deploy/shift.py` leaves a
share with the version before.
"""

from typing import Any

LIVE = "live"
NEWEST = "newest"
"""The alias that SAM makes for the version of the last deployment; nothing invokes a function by it but a person."""

UNRELEASED = "0" * 64
"""Stands in the template until it is deployed: SAM publishes a version where this SHA-256 is a new one."""

Resource = dict[str, Any]


def alias_id(function: str) -> str:
    """Return the logical id of a function's alias. function: its logical id."""
    return f"{function}Live"


def resources(function: str) -> dict[str, Resource]:
    """Return the alias of a function. function: its logical id."""
    properties = {"FunctionName": {"Ref": function}, "Name": LIVE, "FunctionVersion": newest_version(function)}
    return {alias_id(function): {"Type": "AWS::Lambda::Alias", "Properties": properties}}


def newest_version(function: str) -> Resource:
    """Return the number of the version that this deployment publishes. function: its logical id."""
    return {"Fn::GetAtt": [f"{function}.Version", "Version"]}


def publishing() -> Resource:
    """Return the properties by which a function's version is published at each deployment."""
    return {"AutoPublishAlias": NEWEST, "AutoPublishCodeSha256": UNRELEASED}


def integration(function: str) -> Resource:
    """Return the address by which API Gateway invokes the alias. function: its logical id."""
    place = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions"
    return {"Fn::Sub": f"{place}/${{{alias_id(function)}}}/invocations"}
