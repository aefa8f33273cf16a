"""Nobody but who has its key reaches the stand-in: no page of a browser, and no other user of the machine."""

import http.client
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import botocore.session
import pytest
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import ClientError

from chalicelib.aws.endpoint import Keys
from chalicelib.aws.signing import CONTENT_TYPE, signed
from infra.local.emulator import keys as emulator_keys
from tests.cloud import KEYS

SCAN = json.dumps({"TableName": "slipway-access"}).encode()
TARGET = {"x-amz-target": "DynamoDB_20120810.ListTables", "content-type": CONTENT_TYPE}
EVIL = {"Origin": "https://evil.example"}
Answer = tuple[int, Mapping[str, str], bytes]


def ask(address: str, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    try:
        connection.request(method, path, body, dict(headers))
        response = connection.getresponse()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
    finally:
        connection.close()


def listing(address: str, keys: Keys = KEYS, at: datetime | None = None) -> dict[str, str]:
    """The headers of a list of tables, signed."""
    told = {"host": urlsplit(address).netloc, **TARGET}
    return signed(keys, ("us-east-1", "dynamodb"), told, b"{}", at=at or datetime.now(UTC))


def client(address: str, service: str, *, version: str | None = None, keys: Keys = KEYS) -> BaseClient:
    return botocore.session.get_session().create_client(
        service,
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id=keys.access,
        aws_secret_access_key=keys.secret,
        config=Config(signature_version=version) if version else None,
    )


@pytest.fixture
def s3(cloud: str) -> Iterator[BaseClient]:
    made = client(cloud, "s3", version="s3v4")
    if "admission" not in [one["Name"] for one in made.list_buckets()["Buckets"]]:
        made.create_bucket(Bucket="admission")
    made.put_object(Bucket="admission", Key="a b+ü/c", Body=b"hello")
    yield made
    made.close()


def presigned(s3: BaseClient, operation: str = "get_object") -> str:
    address = s3.generate_presigned_url(operation, Params={"Bucket": "admission", "Key": "a b+ü/c"}, ExpiresIn=60)
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def has_cors(answer: Answer) -> bool:
    return any(name.startswith("access-control-") for name in answer[1])


@pytest.mark.parametrize(
    "headers",
    [
        EVIL,
        {},
        {"Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request"},
        {"Authorization": "AWS test:signature"},
        {"Authorization": "Bearer test"},
    ],
)
def test_what_is_not_signed_is_refused(cloud: str, headers: dict[str, str]) -> None:
    told = {"X-Amz-Target": "DynamoDB_20120810.Scan", "Content-Type": "application/x-amz-json-1.0", **headers}

    answer = ask(cloud, "POST", "/", told, SCAN)

    assert answer[0] == 403
    assert not has_cors(answer)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/admission/a%20b%2B%C3%BC/c"),
        ("PUT", "/admission/mine"),
        ("POST", "/admission"),
        ("POST", "/_ministack/reset"),
        ("POST", "/_ministack/config"),
        ("GET", "/_ministack/health/../../admission"),
        ("GET", "/2015-03-31/functions/"),
        ("POST", "/?Action=CreateUser&UserName=x"),
    ],
)
def test_nothing_but_its_health_is_open(cloud: str, s3: BaseClient, method: str, path: str) -> None:
    assert s3
    assert ask(cloud, method, path, {})[0] == 403
    assert ask(cloud, "GET", "/_ministack/health", {})[0] == 200


@pytest.mark.parametrize("headers", [EVIL, {"Sec-Fetch-Site": "cross-site"}, {"Host": "evil.example:4566"}])
def test_a_foreign_page_does_not_even_learn_that_it_is_there(cloud: str, headers: dict[str, str]) -> None:
    answer = ask(cloud, "GET", "/_ministack/health", headers)

    assert answer[0] == 403
    assert not has_cors(answer)


def test_a_preflight_allows_nothing(cloud: str) -> None:
    asked = {**EVIL, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-amz-target"}

    assert not has_cors(ask(cloud, "OPTIONS", "/", asked))
    assert not has_cors(ask(cloud, "OPTIONS", "/", {**asked, "Origin": cloud}))


def test_who_signs_with_the_key_is_served_and_told_nothing_of_cors(cloud: str) -> None:
    answer = ask(cloud, "POST", "/", listing(cloud), b"{}")

    assert answer[0] == 200
    assert "TableNames" in json.loads(answer[2])
    assert not has_cors(answer)


@pytest.mark.parametrize(
    "more",
    [
        EVIL,
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "whatever"},
        {"x-amz-security-token": "not signed"},
    ],
)
def test_a_signed_call_of_a_foreign_page_is_refused(cloud: str, more: dict[str, str]) -> None:
    answer = ask(cloud, "POST", "/", {**listing(cloud), **more}, b"{}")

    assert answer[0] == 403
    assert not has_cors(answer)


def test_a_name_that_leads_to_loopback_is_not_loopback(cloud: str) -> None:
    rebound = cloud.replace("127.0.0.1", "evil.example")
    headers = listing(rebound)

    assert ask(cloud, "POST", "/", headers, b"{}")[0] == 403
    assert ask(cloud, "POST", "/", listing(cloud.replace("127.0.0.1", "localhost")), b"{}")[0] == 200


@pytest.mark.parametrize("keys", [replace(KEYS, secret="guessed"), replace(KEYS, access="000000000000")])
def test_another_key_is_refused(cloud: str, keys: Keys) -> None:
    assert ask(cloud, "POST", "/", listing(cloud, keys), b"{}")[0] == 403


def test_another_body_than_the_signed_one_is_refused(cloud: str) -> None:
    assert ask(cloud, "POST", "/", listing(cloud), b'{"Limit": 1}')[0] == 403


@pytest.mark.parametrize("minutes", [-16, 16])
def test_an_old_signature_is_refused_and_one_of_the_future(cloud: str, minutes: int) -> None:
    at = datetime.now(UTC) + timedelta(minutes=minutes)

    assert ask(cloud, "POST", "/", listing(cloud, at=at), b"{}")[0] == 403


@pytest.mark.parametrize("version", [None, "s3v4"])
def test_presigned_addresses_work_with_every_client_and_for_what_they_say_alone(
    cloud: str, s3: BaseClient, version: str | None
) -> None:
    other = client(cloud, "s3", version=version)
    address = presigned(other)
    other.close()

    assert ask(cloud, "GET", address, {})[::2] == (200, b"hello")
    assert ask(cloud, "PUT", address, {}, b"mine")[0] == 403
    assert ask(cloud, "GET", address.replace("/c?", "/d?"), {})[0] == 403
    assert ask(cloud, "GET", f"{address}&versionId=1", {})[0] == 403
    assert ask(cloud, "GET", address, {"x-amz-copy-source": "/admission/other"})[0] == 403
    assert ask(cloud, "GET", presigned(s3).replace("X-Amz-Expires=60", "X-Amz-Expires=6000"), {})[0] == 403


def test_the_platform_s_own_pages_may_use_presigned_addresses_and_no_others_may(cloud: str, s3: BaseClient) -> None:
    address = presigned(s3, "put_object")
    asked = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}

    preflight = ask(cloud, "OPTIONS", address, {"Origin": cloud, **asked})
    uploaded = ask(cloud, "PUT", address, {"Origin": cloud, "Sec-Fetch-Site": "same-site"}, b"new")
    foreign = ask(cloud, "PUT", address, EVIL, b"worse")

    assert (preflight[0], preflight[1]["access-control-allow-origin"]) == (200, cloud)
    assert (uploaded[0], uploaded[1]["access-control-allow-origin"]) == (200, cloud)
    assert uploaded[1]["access-control-expose-headers"] == "etag"
    assert foreign[0] == 403
    assert not has_cors(foreign)
    assert not has_cors(ask(cloud, "OPTIONS", address, {**EVIL, **asked}))


def test_a_link_to_a_presigned_address_may_be_followed_from_anywhere(cloud: str, s3: BaseClient) -> None:
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}

    assert ask(cloud, "GET", presigned(s3), followed)[0] == 200
    assert ask(cloud, "GET", presigned(s3), {"Sec-Fetch-Site": "cross-site"})[0] == 403


def test_real_clients_are_served_and_told_in_aws_s_words_that_their_key_is_wrong(cloud: str) -> None:
    for service, operation in (("dynamodb", "list_tables"), ("sqs", "list_queues"), ("sts", "get_caller_identity"),
                               ("secretsmanager", "list_secrets"), ("lambda", "list_functions")):  # fmt: skip
        right, wrong = client(cloud, service), client(cloud, service, keys=replace(KEYS, secret="wrong"))
        assert getattr(right, operation)()["ResponseMetadata"]["HTTPStatusCode"] == 200
        with pytest.raises(ClientError) as refused:
            getattr(wrong, operation)()
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
        right.close()
        wrong.close()


def test_a_large_object_and_its_body_are_what_was_signed(cloud: str, s3: BaseClient) -> None:
    assert cloud
    s3.put_object(Bucket="admission", Key="large", Body=b"\x00\xff" * 12_000_000)

    assert s3.get_object(Bucket="admission", Key="large")["Body"].read() == b"\x00\xff" * 12_000_000


def test_every_data_folder_has_a_key_of_its_own() -> None:
    one, other = emulator_keys._made(), emulator_keys._made()

    assert one.access != other.access
    assert one.secret != other.secret
