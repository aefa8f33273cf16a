"""Every call to AWS passes here, so that a test can observe, fail, delay or repeat any single one.

DynamoDB and SQS use our own pool (http_pool.py says why), other services botocore, which is imported on the first such
call. We retry ourselves, with jitter: on a throttle, a transaction conflict or no answer.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any
from zlib import crc32

from chalicelib.aws.endpoint import AwsEndpoint
from chalicelib.aws.http_pool import CONNECT_SECONDS, READ_SECONDS, HttpPool, Unreached
from chalicelib.aws.http_reply import Reply
from chalicelib.aws.retries import OF_RETRY, OF_TIMEOUT, SERVER_ERROR, THROTTLES, RetryBudget, is_outage, is_passing
from chalicelib.aws.signing import CONTENT_TYPE, signed
from chalicelib.kernel.faults import Throttled, Unavailable
from slipway_formats.frozen import frozen

ATTEMPTS = 5
FIRST_PAUSE_SECONDS = 0.02
SUCCESSES = range(200, 300)
TARGETS = {"dynamodb": "DynamoDB_20120810", "sqs": "AmazonSQS"}
CANCELLED = "TransactionCanceledException"

Answer = dict[str, Any]


@frozen
class AwsRequest:
    """One call. service and operation: as botocore names them, `dynamodb` and `PutItem`."""

    service: str
    operation: str
    arguments: Mapping[str, Any]


class Refused(Exception):  # noqa: N818 - says what happened, as the faults do
    """An error response of AWS. code: its error code. answer: all, with `Item` or `CancellationReasons`.

    status: of HTTP; zero if unknown.
    """

    def __init__(self, code: str, message: str, answer: Answer, status: int = 0) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.answer = answer
        self.status = status

    @property
    def reasons(self) -> tuple[str, ...]:
        """Return why each write of a transaction was refused, in order; `None` for one that was not."""
        return tuple(one.get("Code") or "None" for one in self.answer.get("CancellationReasons") or ())


Send = Callable[[AwsRequest], Answer]
Interceptor = Callable[[AwsRequest, Send], Answer]
"""Wraps every attempt: it may send, raise Refused or Unreached instead or after, or send twice."""


def passthrough(request: AwsRequest, send: Send) -> Answer:
    """Send unchanged."""
    return send(request)


@frozen
class Clock:
    """Time and randomness for calls. dice: from 0 to 1. now: real time, for signatures."""

    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    dice: Callable[[], float]


@dataclass(frozen=True, kw_only=True)
class Aws:
    """AWS, or a local stand-in. Thread-safe; created once per process."""

    endpoint: AwsEndpoint
    clock: Clock
    interceptor: Interceptor = passthrough
    _pools: dict[str, HttpPool] = field(default_factory=dict, repr=False)
    _clients: dict[str, Any] = field(default_factory=dict, repr=False)
    _budgets: dict[str, RetryBudget] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def call(self, service: str, operation: str, arguments: Mapping[str, Any]) -> Answer:
        """Call AWS and return the answer, retrying where that may help.

        Faults: Throttled, Unavailable; Refused for what the caller must handle.
        """
        request = AwsRequest(service=service, operation=operation, arguments=arguments)
        budget, cost = self._budget(service), 0
        for attempt in range(1, ATTEMPTS + 1):
            try:
                answer = self.interceptor(request, self._send)
            except (Refused, Unreached) as error:
                if not is_retryable(error):
                    raise
                cost = OF_TIMEOUT if isinstance(error, Unreached) else OF_RETRY
                if attempt == ATTEMPTS or not budget.take(cost):
                    raise _fault(service, error) from error
            else:
                budget.give_back(cost)
                return answer
            self.clock.sleep(FIRST_PAUSE_SECONDS * 2**attempt * self.clock.dice())
        raise AssertionError("the last attempt answers or raises")

    def client(self, service: str) -> Any:  # noqa: ANN401 - botocore's clients have no types
        """Return botocore's client of a service, for presigned URLs. Calls go through `call`."""
        with self._lock:
            if service not in self._clients:
                self._clients[service] = _botocore_client(self.endpoint, service)
            return self._clients[service]

    def close(self) -> None:
        """Close idle connections."""
        for pool in list(self._pools.values()):
            pool.close()
        for client in list(self._clients.values()):
            client.close()

    def _send(self, request: AwsRequest) -> Answer:
        target = TARGETS.get(request.service)
        if target is None:
            return _by_botocore(self.client(request.service), request)
        body = json.dumps(request.arguments, separators=(",", ":")).encode()
        pool = self._pools.get(request.service) or self._pool(request.service)
        headers = {"host": pool.host, "content-type": CONTENT_TYPE, "x-amz-target": f"{target}.{request.operation}"}
        scope = (self.endpoint.region, request.service)
        sent = signed(self.endpoint.keys(), scope, headers, body, at=self.clock.now())
        reply = pool.post(sent, body, read_seconds=READ_SECONDS + request.arguments.get("WaitTimeSeconds", 0))
        return parsed(request.service, reply)

    def _budget(self, service: str) -> RetryBudget:
        return self._budgets.get(service) or self._budgets.setdefault(service, RetryBudget())

    def _pool(self, service: str) -> HttpPool:
        with self._lock:
            return self._pools.setdefault(service, HttpPool(self.endpoint.endpoint(service), self.endpoint.ca_bundle))


def is_retryable(error: Refused | Unreached) -> bool:
    """Return True if the same call may succeed in a moment."""
    if isinstance(error, Unreached) or is_passing(error.code, error.status):
        return True
    # If a condition in the same transaction failed too, a retry would fail as well.
    return error.code == CANCELLED and set(error.reasons) - {"None"} <= THROTTLES and bool(error.reasons)


def _fault(service: str, error: Refused | Unreached) -> Unavailable | Throttled:
    """Return the fault for what did not pass in time."""
    if isinstance(error, Unreached):
        return Unavailable(f"{service} does not answer")
    if is_outage(error.code, error.status):
        return Unavailable(f"{service} is not available")
    return Throttled(f"{service} asks to slow down")


def parsed(service: str, reply: Reply) -> Answer:
    """Return the answer in a response. Raises Refused for an error, Unreached for what was damaged on its way.

    A damaged answer is no answer: taken for an empty one, it would say that an item is not there.
    """
    if reply.status not in SUCCESSES:
        raise _refusal(reply)
    if reply.checksum and reply.checksum != str(crc32(reply.body)):
        raise Unreached(f"{service}: the answer is not the one that was sent")
    answer = _object_in(reply.body)
    # SQS answers some operations with nothing, DynamoDB none.
    if answer is None and (reply.body or service == "dynamodb"):
        raise Unreached(f"{service}: the answer cannot be read")
    return answer or {}


def _refusal(reply: Reply) -> Refused:
    answer = _object_in(reply.body) or {}
    unnamed = "InternalError" if reply.status >= SERVER_ERROR else "Unknown"
    name = str(answer.get("__type", "")).rpartition("#")[2] or unnamed
    message = str(answer.get("message") or answer.get("Message") or f"HTTP {reply.status}")
    return Refused(name, message, answer, reply.status)


def _object_in(body: bytes) -> Answer | None:
    """Return the JSON object in a body; None if there is none."""
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _by_botocore(client: Any, request: AwsRequest) -> Answer:  # noqa: ANN401 - botocore's clients have no types
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        # The method that botocore's own client methods call; PynamoDB uses it as well.
        answer: Answer = client._make_api_call(request.operation, dict(request.arguments))
    except ClientError as error:
        detail = error.response.get("Error", {})
        status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        code, message = str(detail.get("Code", "Unknown")), str(detail.get("Message", ""))
        raise Refused(code, message, error.response, status) from error
    except BotoCoreError as error:
        raise Unreached(str(error)) from error
    return answer


def _botocore_client(endpoint: AwsEndpoint, service: str) -> Any:  # noqa: ANN401 - botocore's clients have no types
    from botocore.config import Config
    from botocore.session import get_session

    keys = None if endpoint.is_searched else endpoint.keys()
    own = endpoint.endpoints.get(service) or endpoint.endpoints.get("*")
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS * 4,
        retries={"total_max_attempts": 1, "mode": "standard"},
        signature_version="s3v4" if service == "s3" else None,
        s3={"addressing_style": "path" if own else "virtual"},
        max_pool_connections=32,
    )
    return get_session().create_client(
        service,
        region_name=endpoint.region,
        endpoint_url=own,
        aws_access_key_id=keys.access if keys else None,
        aws_secret_access_key=keys.secret if keys else None,
        aws_session_token=(keys.token or None) if keys else None,
        config=config,
    )
