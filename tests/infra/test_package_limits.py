"""How near the template and the zip are to the limits of AWS: at 70 % a test fails, while there is still time."""

import json
from collections.abc import Mapping
from typing import Any
from zipfile import ZipFile

import pytest

from infra.package import build

ENOUGH = 0.7
LIMITS = {
    "bytes of the template": 1_000_000,
    "resources of the stack": 500,
    "parameters of the template": 200,
    "outputs of the template": 200,
    "resources of the API": 300,
    "bytes of the largest policy of a role": 10_240,
    "bytes of the largest environment": 4096,
    "alarms whose action is one topic": 5000,
    "bytes of the dashboard": 1_000_000,
    "bytes of the zip": 50_000_000,
    "bytes of the zip, unpacked": 250_000_000,
}
"""Quotas of CloudFormation, API Gateway, IAM, CloudWatch and Lambda, as AWS documents them."""

BY_SAM = 2.0
"""Resources after the SAM transform by those before: roles, permissions, event sources, deployments, stages."""


@pytest.fixture(scope="module")
def used(built: build.Built) -> Mapping[str, float]:
    template = json.loads(built.template.read_text())
    resources = template["Resources"]
    properties = [one["Properties"] for one in resources.values()]
    policies = [policy["PolicyDocument"] for one in properties for policy in one.get("Policies", ())]
    environments = [one["Environment"]["Variables"] for one in properties if "Environment" in one]
    zips = (built.archive, built.pages)
    return {
        "bytes of the template": _size(template),
        "resources of the stack": len(resources) * BY_SAM,
        "parameters of the template": len(template["Parameters"]),
        "outputs of the template": len(template["Outputs"]),
        "resources of the API": len(_places(resources["RestAPI"]["Properties"]["DefinitionBody"]["paths"])),
        "bytes of the largest policy of a role": max(map(_size, policies)),
        "bytes of the largest environment": max(map(_size, environments)),
        "alarms whose action is one topic": sum(one["Type"] == "AWS::CloudWatch::Alarm" for one in resources.values()),
        "bytes of the dashboard": len(resources["Overview"]["Properties"]["DashboardBody"]["Fn::Sub"]),
        "bytes of the zip": max(one.stat().st_size for one in zips),
        "bytes of the zip, unpacked": max(sum(file.file_size for file in ZipFile(one).infolist()) for one in zips),
    }


@pytest.mark.parametrize("what", LIMITS)
def test_there_is_room(used: Mapping[str, float], what: str) -> None:
    assert used[what] <= ENOUGH * LIMITS[what]


def _size(value: Any) -> int:  # noqa: ANN401 - parts of a template
    return len(json.dumps(value, separators=(",", ":")))


def _places(paths: Mapping[str, Any]) -> set[str]:
    """Every resource of an API: its paths, and what is on the way to them."""
    parts = [path.strip("/").split("/") for path in paths]
    return {"/".join(one[:count]) for one in parts for count in range(1, len(one) + 1)}
