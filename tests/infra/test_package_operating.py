"""What the template gives whoever operates it: logs of JSON, throttles, a budget, a domain, and where everything is."""

import json
import re
from typing import Any

import pytest

from infra.package import build, stage

Template = dict[str, Any]
DOCS = (stage.ROOT / "docs" / "operations.md").read_text()


@pytest.fixture(scope="module")
def template(built: build.Built) -> Template:
    found: Template = json.loads(built.template.read_text())
    return found


def of_kind(template: Template, kind: str) -> list[Template]:
    return [one["Properties"] for one in template["Resources"].values() if one["Type"] == kind]


def test_every_function_logs_json(template: Template) -> None:
    functions = of_kind(template, "AWS::Serverless::Function")
    assert functions
    assert {one["LoggingConfig"]["LogFormat"] for one in functions} == {"JSON"}


def test_requests_are_throttled_and_logged_as_parameters_say(template: Template) -> None:
    (api,) = of_kind(template, "AWS::Serverless::Api")
    (every,) = api["MethodSettings"]
    assert (every["ResourcePath"], every["HttpMethod"]) == ("/*", "*")
    assert every["ThrottlingRateLimit"] == {"Ref": "ApiRate"}
    assert every["ThrottlingBurstLimit"] == {"Ref": "ApiBurst"}
    condition, setting, nothing = api["AccessLogSetting"]["Fn::If"]
    assert (condition, nothing) == ("LogsAccess", {"Ref": "AWS::NoValue"})
    assert json.loads(setting["Format"])["status"] == "$context.status"
    assert template["Parameters"]["AccessLogs"]["Default"] == "false"


def test_a_budget_that_is_given_tells_of_80_percent_by_mail(template: Template) -> None:
    budget = template["Resources"]["Budget"]
    assert budget["Condition"] == "HasBudget"
    assert budget["Properties"]["Budget"]["BudgetLimit"]["Amount"] == {"Ref": "MonthlyBudget"}
    (told,) = budget["Properties"]["NotificationsWithSubscribers"]
    assert told["Notification"]["Threshold"] == 80
    assert told["Subscribers"] == [{"SubscriptionType": "EMAIL", "Address": {"Ref": "BudgetMail"}}]
    assert template["Parameters"]["MonthlyBudget"]["Default"] == 0


def test_a_domain_that_is_given_is_how_clients_reach_the_api(template: Template) -> None:
    assert template["Resources"]["Domain"]["Condition"] == "HasDomain"
    (domain,) = of_kind(template, "AWS::ApiGateway::DomainName")
    assert domain["RegionalCertificateArn"] == {"Ref": "CertificateArn"}
    urls = {
        json.dumps(one["Environment"]["Variables"]["SLIPWAY_PUBLIC_URL"])
        for one in of_kind(template, "AWS::Serverless::Function")
    }
    url = {"Fn::If": ["HasDomain", {"Fn::Sub": "https://${DomainName}"}, {"Ref": "PublicUrl"}]}
    assert urls == {json.dumps(url)}


def test_every_parameter_is_documented_and_every_output_that_the_page_names_is_there(template: Template) -> None:
    documented = set(re.findall(r"`([A-Z][A-Za-z]+)`", DOCS))
    assert template["Parameters"].keys() - documented == set()
    outputs = {"DomainTarget", "LiveDomainTarget", "OverviewURL"}
    assert outputs <= documented
    wanted = outputs | {"EndpointURL", "LiveURL", "LogGroups", "PackagesBucketName", "RestAPIId"}
    assert wanted - template["Outputs"].keys() == set()
