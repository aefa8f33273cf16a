"""Where AWS is, by the environment."""

import pytest

from chalicelib.aws.endpoint import Keys, endpoint_from


def test_without_a_stand_in_services_are_at_their_own_addresses() -> None:
    found = endpoint_from({"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"})
    assert found.endpoint("dynamodb") == "https://dynamodb.eu-west-1.amazonaws.com"
    assert found.keys() == Keys(access="a", secret="b")
    assert not found.is_local


def test_chinese_regions_have_a_domain_of_their_own() -> None:
    assert endpoint_from({"AWS_REGION": "cn-north-1"}).endpoint("sqs") == "https://sqs.cn-north-1.amazonaws.com.cn"


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:4566/"}, "http://127.0.0.1:4566"),
        ({"LOCALSTACK_HOST": "localstack"}, "http://localstack:4566"),
        ({"LOCALSTACK_HOST": "localstack:5000", "USE_SSL": "1"}, "https://localstack:5000"),
        ({"LOCALSTACK_HOST": "a:1", "AWS_ENDPOINT_URL": "http://b:2"}, "http://b:2"),
    ],
)
def test_a_stand_in_answers_for_all_with_the_keys_test_and_test(environment: dict[str, str], address: str) -> None:
    found = endpoint_from(environment)
    assert found.is_local
    assert {found.endpoint(service) for service in ("dynamodb", "sqs", "s3")} == {address}
    assert found.keys() == Keys(access="test", secret="test")


def test_one_service_may_be_elsewhere() -> None:
    found = endpoint_from({"AWS_ENDPOINT_URL_DYNAMODB": "http://d:1", "AWS_ENDPOINT_URL": "http://all:2"})
    assert found.endpoint("dynamodb") == "http://d:1"
    assert found.endpoint("sqs") == "http://all:2"
