"""Deploying: what is uploaded, and how operators' calls go by boto3."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from chalicelib.aws.calls import AwsRequest, Refused
from chalicelib.aws.http_pool import Unreached
from infra.deploy.artifacts import with_code, zips_of
from infra.deploy.operator import by_boto3
from infra.rehearsal.adapted import adapted

PUT = AwsRequest(service="dynamodb", operation="PutItem", arguments={"Item": {"pk": {"S": "B"}, "of": {"B": "AAE="}}})


class Session:
    """A session of boto3 whose one client answers as it is told."""

    def __init__(self, answer: Callable[[str, Any], Any]) -> None:
        self.answer = answer

    def client(self, service: str) -> Any:  # noqa: ANN401 - stands for a client of boto3
        assert service == "dynamodb"
        return self

    def _make_api_call(self, operation: str, arguments: Any) -> Any:  # noqa: ANN401 - as boto3 has it
        return self.answer(operation, arguments)


def never(_request: AwsRequest) -> dict[str, Any]:
    raise AssertionError("it went by our own pool")


def test_operators_calls_go_by_boto3_with_binary_values_as_bytes() -> None:
    def answer(operation: str, arguments: Any) -> Any:  # noqa: ANN401 - as boto3 has it
        assert operation == "PutItem"
        assert arguments == {"Item": {"pk": {"S": "B"}, "of": {"B": b"\x00\x01"}}}
        return {"Attributes": arguments["Item"]}

    assert by_boto3(Session(answer))(PUT, never) == {"Attributes": PUT.arguments["Item"]}


def test_what_boto3_raises_is_told_in_our_words() -> None:
    def refuse(operation: str, _arguments: object) -> Any:  # noqa: ANN401 - as boto3 has it
        error = {"Code": "ConditionalCheckFailedException", "Message": "no"}
        raise ClientError({"Error": error, "Item": {"pk": {"B": b"\x00"}}}, operation)

    def vanish(_operation: str, _arguments: object) -> Any:  # noqa: ANN401 - as boto3 has it
        raise EndpointConnectionError(endpoint_url="https://nowhere")

    with pytest.raises(Refused) as refused:
        by_boto3(Session(refuse))(PUT, never)
    with pytest.raises(Unreached):
        by_boto3(Session(vanish))(PUT, never)

    assert refused.value.code == "ConditionalCheckFailedException"
    assert refused.value.answer["Item"] == {"pk": {"B": "AA=="}}


def test_every_function_runs_its_uploaded_code_and_nothing_else_changes() -> None:
    function = {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": "./a.zip", "Timeout": 3}}
    other = {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": "./b.zip"}}
    table = {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": "t"}}
    template = {"Resources": {"F": function, "G": other, "T": table}}

    made = with_code(template, {"./a.zip": "s3://b/k.zip", "./b.zip": "s3://b/l.zip"})["Resources"]

    assert zips_of(template) == {"./a.zip", "./b.zip"}
    assert made["F"]["Properties"] == {"CodeUri": "s3://b/k.zip", "Timeout": 3}
    assert made["G"]["Properties"] == {"CodeUri": "s3://b/l.zip"}
    assert made["T"] == table


def test_addresses_of_a_template_become_those_of_the_stand_in() -> None:
    live = "${LiveApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}/live"
    api = {"DefinitionBody": {"x-amazon-apigateway-binary-media-types": ["*/*"]}}
    template: dict[str, Any] = {
        "Parameters": {"PublicUrl": {"AllowedPattern": "^(https://.+)?$"}},
        "Resources": {"RestAPI": {"Properties": api}, "F": {"a": f"wss://{live}", "b": f"https://{live}"}},
    }

    made = adapted(template, "http://127.0.0.1:4566")

    at = "127.0.0.1:4566/_aws/execute-api/${LiveApi}/live"
    assert made["Resources"]["F"] == {"a": f"ws://{at}", "b": f"http://{at}"}
    assert made["Resources"]["RestAPI"]["Properties"]["BinaryMediaTypes"] == ["*/*"]
    assert template["Parameters"]["PublicUrl"]["AllowedPattern"] == "^(https://.+)?$"
