"""localstack-client finds what we find: the same address for the same variables, and our tables through its session."""

import pytest
from localstack_client import config, session

from chalicelib.aws.calls import Aws
from chalicelib.aws.endpoint import endpoint_from
from infra import resources
from tests.cloud import KEYS


@pytest.mark.parametrize("host", ["127.0.0.1:4566", "localhost:4599"])
def test_both_find_the_same_stand_in(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("LOCALSTACK_HOST", host)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    theirs = config.get_service_endpoint("dynamodb", localstack_host=host)
    assert endpoint_from({"LOCALSTACK_HOST": host}).endpoint("dynamodb") == theirs


def test_our_tables_are_seen_through_its_session(monkeypatch: pytest.MonkeyPatch, aws: Aws, prefix: str) -> None:
    resources.create_tables(aws, prefix)
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.endpoint.endpoint("dynamodb"))
    keys = session.Session(KEYS.access, KEYS.secret, region_name=aws.endpoint.region)
    client = keys.client("dynamodb")
    pages = client.get_paginator("list_tables").paginate()
    names = [name for page in pages for name in page["TableNames"]]
    client.close()
    assert f"{prefix}runs" in names
