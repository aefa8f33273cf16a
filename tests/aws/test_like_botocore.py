"""Our own client of DynamoDB and SQS does as botocore's standard mode does: one table of cases, asked of both."""

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Lock, Thread
from typing import Any
from zlib import crc32

import botocore
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.retries.quota import RetryQuota
from botocore.session import get_session

from chalicelib.aws.calls import Aws, Refused
from chalicelib.aws.endpoint import endpoint_from
from chalicelib.aws.http_pool import HttpPool, tls
from chalicelib.aws.retries import CAPACITY, THROTTLES, RetryBudget
from chalicelib.kernel.faults import Throttled, Unavailable
from tests.aws.test_calls import an_aws
from tests.http_server import HttpServer

Answers = Iterator[tuple[int, bytes, dict[str, str]]]
Heard = tuple[int, bool]
"""How often a server was asked, and whether the last answer was taken."""

SESSION, MAKING = get_session(), Lock()
"""Of all clients, so that their models are read once; one client is made at a time."""

GOOD = b'{"Item": {"pk": {"S": "there"}}}'
GET = {"TableName": "t", "Key": {"pk": {"S": "x"}}}


def error(status: int, code: str = "") -> tuple[int, bytes, dict[str, str]]:
    body = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "m"} if code else {}
    return status, json.dumps(body).encode(), {}


OURS_ONLY = {"ProvisionedThroughputExceeded", "ThrottlingError", "TransactionConflict", "TransactionConflictException"}
"""Reasons of cancelled transactions, and a conflict of one, which botocore leaves to its callers."""

CASES = {
    **{f"status {status}": error(status) for status in (400, 403, 404, 413, 500, 502, 503, 504)},
    **{f"{status} InternalServerError": error(status, "InternalServerError") for status in (400, 500)},
    **{f"400 {code}": error(400, code) for code in sorted(THROTTLES - OURS_ONLY)},
    **{f"400 {code}": error(400, code) for code in ("RequestTimeout", "RequestTimeoutException")},
    "400 ConditionalCheckFailedException": error(400, "ConditionalCheckFailedException"),
    "400 ResourceNotFoundException": error(400, "ResourceNotFoundException"),
    "400 ValidationException": error(400, "ValidationException"),
    "a wrong CRC32": (200, GOOD, {"x-amz-crc32": "1"}),
    "a right CRC32": (200, GOOD, {"x-amz-crc32": str(crc32(GOOD))}),
}
AGAIN_HERE = {"400 InternalServerError"}
"""Asked again by us alone: DynamoDB sends it with 500."""


@contextmanager
def serving(first: tuple[int, bytes, dict[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """A server that gives an answer once, and then a good one; and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            status, body, headers = first if not asked else (200, GOOD, {})
            asked.append(self.headers["X-Amz-Target"])
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = HttpServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()


def by_botocore(address: str) -> object:
    with MAKING:
        client = SESSION.create_client(
            "dynamodb",
            region_name="us-east-1",
            endpoint_url=address,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"mode": "standard", "total_max_attempts": 3}),
        )
    try:
        return client.get_item(**GET)["Item"]
    except (ClientError, BotoCoreError) as failed:
        return failed.response["Error"]["Code"] if isinstance(failed, ClientError) else type(failed).__name__
    finally:
        client.close()


def by_us(address: str) -> object:
    made = Aws(endpoint=endpoint_from({"AWS_ENDPOINT_URL": address}), clock=an_aws(lambda ask, send: send(ask)).clock)
    try:
        return made.call("dynamodb", "GetItem", GET)["Item"]
    except Refused as refused:
        return refused.code
    finally:
        made.close()


def heard(call: Callable[[str], object], case: str) -> Heard:
    with serving(CASES[case]) as (address, asked):
        answered = call(address)
        return len(asked), answered == json.loads(GOOD)["Item"]


@pytest.fixture(scope="module")
def botocores() -> Mapping[str, Heard]:
    """Each case, asked by botocore; all at once, for it sleeps up to a second before it asks again."""
    with ThreadPoolExecutor(len(CASES)) as at_once:
        return dict(zip(CASES, at_once.map(partial(heard, by_botocore), CASES), strict=True))


@pytest.mark.parametrize("case", CASES)
def test_what_botocore_asks_again_is_asked_again_and_nothing_else(case: str, botocores: Mapping[str, Heard]) -> None:
    assert heard(by_us, case) == ((2, True) if case in AGAIN_HERE else botocores[case]), case


def test_a_checksum_that_is_none_is_not_that_of_the_answer() -> None:
    with serving((200, GOOD, {"x-amz-crc32": "none"})) as (address, asked):
        assert by_us(address) == json.loads(GOOD)["Item"]
    assert len(asked) == 2


@pytest.mark.parametrize("body", [b"", b"<html>ok</html>", b"[]", b'{"Item": {"pk"'])
def test_an_answer_that_cannot_be_read_does_not_say_that_an_item_is_not_there(body: bytes) -> None:
    with serving((200, body, {})) as (address, asked):
        assert by_us(address) == json.loads(GOOD)["Item"]
    assert len(asked) == 2


def test_a_service_that_answers_nonsense_is_unavailable() -> None:
    aws = an_aws(lambda ask, send: send(ask))
    with serving((200, b"", {})) as (address, _):
        aws = Aws(endpoint=endpoint_from({"AWS_ENDPOINT_URL": address}), clock=aws.clock)
        assert aws.call("sqs", "DeleteMessage", {}) == {}
        aws.close()


def test_the_budget_of_retries_is_botocores() -> None:
    theirs, ours = RetryQuota(), RetryBudget()
    for cost in (5, 10, 5, 10) * 20:
        assert ours.take(cost) == theirs.acquire(cost)
        assert ours.left == theirs.available_capacity
    for cost in (5, 0, 10, 1) * 50:
        theirs.release(cost or 1)
        ours.give_back(cost)
        assert ours.left == theirs.available_capacity


def test_a_service_that_is_down_is_soon_asked_once_only() -> None:
    asked: list[object] = []

    def down(ask: object, _send: object) -> Any:  # noqa: ANN401 - answers nothing
        asked.append(ask)
        raise Refused("InternalServerError", "down", {}, 500)

    aws = an_aws(down)
    for _ in range(CAPACITY):
        with pytest.raises((Throttled, Unavailable)):
            aws.call("dynamodb", "GetItem", GET)

    assert CAPACITY < len(asked) <= CAPACITY + CAPACITY // 5


def regions() -> Iterator[str]:
    partitions = json.loads((Path(botocore.__path__[0]) / "data" / "partitions.json").read_text())["partitions"]
    return (region for one in partitions for region in one["regions"] if not region.endswith("-global"))


@pytest.mark.parametrize("service", ["dynamodb", "sqs"])
def test_every_region_is_reached_where_botocore_reaches_it(service: str) -> None:
    session = get_session()
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    for region in regions():
        client = session.create_client(service, region_name=region, **keys)
        assert endpoint_from({"AWS_REGION": region}).endpoint(service) == client.meta.endpoint_url
        client.close()


@pytest.mark.parametrize(
    "name",
    ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT", "HTTPS_PROXY", "https_proxy"],
)
def test_what_our_client_would_ignore_is_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name}: .* not supported"):
        endpoint_from({"AWS_REGION": "eu-central-1", name: "true"})
    endpoint_from({"AWS_ENDPOINT_URL": "http://127.0.0.1:4566", name: "true"})
    endpoint_from({"AWS_REGION": "eu-central-1", name: ""})


def test_all_connections_share_what_they_know_of_tls() -> None:
    one, other = HttpPool("https://one.example.com"), HttpPool("https://other.example.com")
    contexts = [pool._new()._context for pool in (one, other, one)]  # type: ignore[attr-defined]  # as http.client keeps it
    assert {id(context) for context in contexts} == {id(tls(""))}
