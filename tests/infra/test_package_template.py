"""The template that is deployed: whole, strict, and without a way to lose a message unseen."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chalice.cli.factory import CLIFactory
from chalice.deploy.validate import validate_configuration

from chalicelib.dialects.mounted import PAGES, ROUTES
from infra.deploy.shift import beside, functions_of, released
from infra.package import build, stage
from infra.resources import QUEUES

Template = dict[str, Any]
RELEASE = "a" * 64
FUNCTIONS = {
    "APIHandler",
    "AdvanceFunction",
    "ChecksFunction",
    "EffectsFunction",
    "LiveFunction",
    "PagesFunction",
    "SweepFunction",
}


@pytest.fixture(scope="module")
def written(built: build.Built) -> Path:
    return built.template


@pytest.fixture(scope="module")
def whole(written: Path) -> Template:
    found: Template = json.loads(written.read_text())
    return found


@pytest.fixture(scope="module")
def resources(whole: Template) -> Template:
    found: Template = whole["Resources"]
    return found


@pytest.fixture(scope="module")
def shared(whole: Template) -> Template:
    """The template as it is deployed beside a release before."""
    steady = dict.fromkeys(functions_of(whole), "7")
    assert steady.keys() == FUNCTIONS
    return beside(released(whole, RELEASE), steady)


def test_cloudformation_lint_has_nothing_to_say_of_the_template_beside_a_release_before(
    shared: Template, tmp_path: Path
) -> None:
    made = tmp_path / "template.json"
    made.write_text(json.dumps(shared))
    lint = str(Path(sys.executable).with_name("cfn-lint"))
    done = subprocess.run([lint, str(made)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_nor_of_the_template_alone_for_all_that_is_in_it_is_in_that_one_too(whole: Template, shared: Template) -> None:
    assert _is_within(released(whole, RELEASE), shared)
    assert not _is_within(shared, whole)
    more = {"Fn::If": ["IsShared", {"Type": "A", "Ref": "B"}, "7"]}
    assert _is_within({"x": {"Type": "A"}}, {"x": more})
    assert not _is_within({"x": "8"}, {"x": more})


def test_chalice_would_deploy_the_project() -> None:
    validate_configuration(CLIFactory(str(stage.ROOT), environ={}).create_config_obj("aws"))


def test_the_template_is_small_enough_for_cloudformation(written: Path) -> None:
    assert written.stat().st_size < 1_000_000
    assert len(json.loads(written.read_text())["Resources"]) < 500


def test_parameters_cap_what_each_table_may_use(resources: Template) -> None:
    tables = dict(_of(resources, "AWS::DynamoDB::Table"))
    assert tables
    for table in tables.values():
        condition, most, _ = table["Properties"]["OnDemandThroughput"]["Fn::If"]
        assert condition == "CapsUnits"
        assert most["MaxWriteRequestUnits"]["Fn::If"][1] == {"Ref": "MaxWriteUnits"}
        assert most["MaxReadRequestUnits"]["Fn::If"][1] == {"Ref": "MaxReadUnits"}


def test_lambda_writes_no_lines_of_its_own_for_calls_that_go_well(resources: Template) -> None:
    for _, function in _of(resources, "AWS::Serverless::Function"):
        assert function["Properties"]["LoggingConfig"]["SystemLogLevel"] == "WARN"


def test_each_function_stands_alone(resources: Template) -> None:
    found = {name: one["Properties"] for name, one in _of(resources, "AWS::Serverless::Function")}
    assert found.keys() == FUNCTIONS
    handlers = {name: one["Handler"] for name, one in found.items()}
    assert handlers.pop("APIHandler") == "app.app"
    beside = ("advance", "checks", "effects", "live", "pages", "sweep")
    assert set(handlers.values()) == {f"chalicelib.functions.{name}.handle" for name in beside}
    assert len({json.dumps(one["Role"]) for one in found.values()}) == len(found)
    codes = {name: one["CodeUri"] for name, one in found.items()}
    assert codes.pop("PagesFunction") == "./slipway-pages.zip"
    assert set(codes.values()) == {"./slipway.zip"}
    for one in found.values():
        assert (one["Runtime"], one["Architectures"]) == ("python3.11", ["x86_64"])


def test_paths_of_pages_invoke_the_function_of_the_pages_and_all_others_the_api(resources: Template) -> None:
    paths = resources["RestAPI"]["Properties"]["DefinitionBody"]["paths"]
    invoked = {path: {_invoked(method) for method in methods.values()} for path, methods in paths.items()}
    assert {path for path, functions in invoked.items() if functions == {"PagesFunction"}} == set(PAGES)
    assert {path for path, functions in invoked.items() if functions == {"APIHandler"}} == set(ROUTES)
    assert resources["PagesPermission"]["Properties"]["FunctionName"] == {"Ref": "PagesFunctionLive"}


def test_no_failed_message_is_lost(resources: Template) -> None:
    for source in _sources(resources):
        assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_every_queue_wakes_a_function_at_once(resources: Template) -> None:
    sources = {source["EventSourceArn"]["Fn::GetAtt"][0]: source for source in _sources(resources)}
    assert sources.keys() == {f"{queue.name.capitalize()}Queue" for queue in QUEUES}
    for source in sources.values():
        assert 1 <= source["BatchSize"] <= 10
        assert source.get("MaximumBatchingWindowInSeconds", 0) == 0


def test_no_message_comes_again_while_it_is_worked_on(resources: Template) -> None:
    for source in _sources(resources):
        queue = resources[source["EventSourceArn"]["Fn::GetAtt"][0]]["Properties"]
        function = resources[source["FunctionName"]["Ref"].removesuffix("Live")]["Properties"]
        assert queue["VisibilityTimeout"] >= 6 * function["Timeout"]


def test_the_sweep_comes_every_minute_and_never_twice_at_once(resources: Template) -> None:
    assert resources["SweepFunctionMinute"]["Properties"]["ScheduleExpression"] == "cron(* * * * ? *)"
    sweep = resources["SweepFunction"]["Properties"]
    assert sweep["ReservedConcurrentExecutions"]["Fn::If"][1] == 1
    assert sweep["Timeout"] < 60


def test_each_function_reserves_what_its_queues_may_take_so_that_the_api_takes_none_of_it(resources: Template) -> None:
    functions = {name: one["Properties"] for name, one in _of(resources, "AWS::Serverless::Function")}
    most = dict.fromkeys(functions, 0)
    for source in _sources(resources):
        most[source["FunctionName"]["Ref"].removesuffix("Live")] += source["ScalingConfig"]["MaximumConcurrency"]
    asked = [functions.pop(name) for name in ("APIHandler", "PagesFunction")]
    shares = {name: one["ReservedConcurrentExecutions"]["Fn::If"][1] for name, one in functions.items()}

    assert [one for one in asked if "ReservedConcurrentExecutions" in one] == []
    assert all(shares[name] >= most[name] for name in shares)
    assert sum(shares.values()) == 201


def test_nothing_is_reserved_unless_it_is_asked_for(written: Path, resources: Template) -> None:
    """A new account has a concurrency of 10, none of which can be reserved."""
    template = json.loads(written.read_text())
    assert template["Parameters"]["ReserveConcurrency"]["Default"] == "false"
    assert template["Conditions"]["ReservesConcurrency"] == {"Fn::Equals": [{"Ref": "ReserveConcurrency"}, "true"]}
    for _, one in _of(resources, "AWS::Serverless::Function"):
        reserved = one["Properties"].get("ReservedConcurrentExecutions", {"Fn::If": ["ReservesConcurrency"]})
        assert reserved["Fn::If"][0] == "ReservesConcurrency"


def test_whatever_invokes_a_function_invokes_its_alias(resources: Template) -> None:
    aliases = {one["Properties"]["FunctionName"]["Ref"]: name for name, one in _of(resources, "AWS::Lambda::Alias")}
    assert aliases == {name: f"{name}Live" for name in FUNCTIONS}
    for kind in ("AWS::Lambda::EventSourceMapping", "AWS::Lambda::Permission"):
        assert {one["Properties"]["FunctionName"]["Ref"] for _, one in _of(resources, kind)} <= set(aliases.values())
    for _, rule in _of(resources, "AWS::Events::Rule"):
        assert {target["Arn"]["Ref"] for target in rule["Properties"]["Targets"]} <= set(aliases.values())
    body = json.dumps(resources["RestAPI"]["Properties"]["DefinitionBody"])
    assert "${APIHandlerLive}/invocations" in body
    assert "APIHandler.Arn" not in body


def test_no_role_may_do_everything_of_a_kind_or_to_everything(resources: Template) -> None:
    roles = _of(resources, "AWS::IAM::Role")
    statements = [one for _, role in roles for one in _statements(role["Properties"])]
    assert len(statements) > len(FUNCTIONS)
    for one in statements:
        assert one["Effect"] == "Allow"
        assert "*" not in json.dumps(one["Action"])
        assert "*" not in one["Resource"]


def test_every_function_keeps_its_logs_for_a_while(resources: Template) -> None:
    for _, function in _of(resources, "AWS::Serverless::Function"):
        group = resources[function["Properties"]["LoggingConfig"]["LogGroup"]["Ref"]]
        assert group["Properties"]["RetentionInDays"] == 30


def test_functions_are_told_what_wiring_reads(resources: Template) -> None:
    read = set(re.findall(r"\"(SLIPWAY_\w+)\"", (stage.ROOT / "chalicelib/wiring.py").read_text()))
    for _, function in _of(resources, "AWS::Serverless::Function"):
        told = set(function["Properties"]["Environment"]["Variables"])
        assert "SLIPWAY_PREFIX" in told
        assert told - {"AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI"} <= read


def test_the_three_events_of_a_websocket_wake_the_function_live_and_it_may_answer(resources: Template) -> None:
    routes = {one["Properties"]["RouteKey"]: one["Properties"] for _, one in _of(resources, "AWS::ApiGatewayV2::Route")}
    assert set(routes) == {"$connect", "$default", "$disconnect"}
    assert {json.dumps(one["Target"]) for one in routes.values()} == {'{"Fn::Sub": "integrations/${LiveIntegration}"}'}
    assert "${LiveFunctionLive}" in resources["LiveIntegration"]["Properties"]["IntegrationUri"]["Fn::Sub"]
    told = resources["LiveFunction"]["Properties"]["Environment"]["Variables"]
    address = told["AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI"]["Fn::Sub"]
    domain, own = told["SLIPWAY_LIVE_URL"]["Fn::If"][1:]
    assert domain == {"Fn::Sub": "wss://${LiveDomainName}"}
    assert address.removeprefix("https") == own["Fn::Sub"].removeprefix("wss")
    assert address.endswith("/" + resources["LiveStage"]["Properties"]["StageName"])
    (managing,) = (one for one in _statements(resources["LiveRole"]["Properties"]) if "ManageConnections" in str(one))
    assert all("${LiveApi}/live/" in one["Fn::Sub"] for one in managing["Resource"])


def test_websockets_have_a_throttle_and_a_domain_of_their_own(resources: Template) -> None:
    throttle = resources["LiveStage"]["Properties"]["DefaultRouteSettings"]
    assert throttle == {"ThrottlingRateLimit": {"Ref": "LiveRate"}, "ThrottlingBurstLimit": {"Ref": "LiveBurst"}}
    assert resources["LiveDomain"]["Condition"] == resources["LiveDomainMapping"]["Condition"] == "HasLiveDomain"
    assert resources["LiveDomainMapping"]["Properties"]["ApiId"] == {"Ref": "LiveApi"}
    assert resources["RestAPI"]["Properties"]["MethodSettings"][0]["ThrottlingRateLimit"] == {"Ref": "ApiRate"}


def test_dead_and_ageing_messages_wake_somebody(resources: Template) -> None:
    watched = {
        (one["Properties"]["MetricName"], one["Properties"]["Dimensions"][0]["Value"]["Fn::GetAtt"][0])
        for _, one in _of(resources, "AWS::CloudWatch::Alarm")
        if one["Properties"]["Namespace"] == "AWS/SQS"
    }
    assert watched == {
        pair
        for queue in QUEUES
        for pair in (
            ("ApproximateNumberOfMessagesVisible", f"{queue.name.capitalize()}QueueDead"),
            ("ApproximateAgeOfOldestMessage", f"{queue.name.capitalize()}Queue"),
        )
    }


def test_a_sweep_that_does_not_come_wakes_somebody(resources: Template) -> None:
    alarm = resources["SweepMissing"]["Properties"]
    assert alarm["TreatMissingData"] == "breaching"


def test_an_unknown_path_is_not_found_and_answers_are_compressed(resources: Template) -> None:
    api = resources["RestAPI"]["Properties"]
    assert api["GatewayResponses"]["MISSING_AUTHENTICATION_TOKEN"]["StatusCode"] == "404"
    assert api["MinimumCompressionSize"] == 1024
    assert api["DefinitionBody"]["x-amazon-apigateway-binary-media-types"] == ["*/*"]


def test_who_sends_too_large_a_body_is_told_of_slipway_upload(resources: Template) -> None:
    said = resources["RestAPI"]["Properties"]["GatewayResponses"]["REQUEST_TOO_LARGE"]
    assert said["StatusCode"] == "413"
    assert "`slipway release upload`" in said["ResponseTemplates"]["application/json"]


def _invoked(method: Template) -> str:
    found = re.search(r"functions/\$\{(\w+)Live\}", method["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"])
    assert found
    return found[1]


def _of(resources: Template, kind: str) -> Iterator[tuple[str, Any]]:
    return ((name, one) for name, one in resources.items() if one["Type"] == kind)


def _sources(resources: Template) -> Iterator[Any]:
    return (one["Properties"] for _, one in _of(resources, "AWS::Lambda::EventSourceMapping"))


def _statements(role: Template) -> Iterator[Any]:
    for policy in role["Policies"]:
        yield from policy["PolicyDocument"]["Statement"]


def _is_within(part: Any, whole: Any) -> bool:  # noqa: ANN401 - parts of templates
    """Whether all that a part says is said by the whole, be it in one of two cases."""
    if isinstance(whole, dict) and "Fn::If" in whole and part != whole:
        return any(_is_within(part, case) for case in whole["Fn::If"][1:])
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(name in whole and _is_within(value, whole[name]) for name, value in part.items())
    return bool(part == whole)
