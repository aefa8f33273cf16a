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

from chalicelib.aws.endpoint import AwsEndpoint
from chalicelib.aws.http_pool import CONNECT_SECONDS, READ_SECONDS, HttpPool, Unreached
from chalicelib.aws.signing import CONTENT_TYPE, signed
from chalicelib.kernel.faults import Throttled, Unavailable
from slipway_formats.frozen import frozen

ATTEMPTS = 5
FIRST_PAUSE_SECONDS = 0.02
TARGETS = {"dynamodb": "DynamoDB_20120810", "sqs": "AmazonSQS"}
THROTTLES = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "ProvisionedThroughputExceeded",
        "ThrottlingException",
        "ThrottlingError",
        "Throttling",
        "RequestLimitExceeded",
        "LimitExceededException",
        "RequestThrottled",
        "SlowDown",
        "TransactionConflictException",
        "TransactionConflict",
        "TransactionInProgressException",
    }
)
"""The same call may succeed in a moment."""

OUTAGES = frozenset({"InternalServerError", "InternalError", "InternalFailure", "ServiceUnavailable"})
CANCELLED = "TransactionCanceledException"

Answer = dict[str, Any]


@frozen
class AwsRequest:
    """One call. service and operation: as botocore names them, `dynamodb` and `PutItem`."""

    service: str
    operation: str
    arguments: Mapping[str, Any]


class Refused(Exception):  # noqa: N818 - says what happened, as the faults do
    """An error response of AWS. code: its error code. answer: all, with `Item` or `CancellationReasons`."""

    def __init__(self, code: str, message: str, answer: Answer) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.answer = answer

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
    _lock: Lock = field(default_factory=Lock, repr=False)

    def call(self, service: str, operation: str, arguments: Mapping[str, Any]) -> Answer:
        """Call AWS and return the answer, retrying where that may help.

        Faults: Throttled, Unavailable; Refused for what the caller must handle.
        """
        request = AwsRequest(service=service, operation=operation, arguments=arguments)
        for attempt in range(1, ATTEMPTS):
            try:
                return self.interceptor(request, self._send)
            except (Refused, Unreached) as error:
                if not is_retryable(error):
                    raise
            self.clock.sleep(FIRST_PAUSE_SECONDS * 2**attempt * self.clock.dice())
        return self._last(request)

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

    def _last(self, request: AwsRequest) -> Answer:
        try:
            return self.interceptor(request, self._send)
        except Unreached as error:
            raise Unavailable(f"{request.service} does not answer") from error
        except Refused as error:
            if not is_retryable(error):
                raise
            if error.code in OUTAGES:
                raise Unavailable(f"{request.service} is not available") from error
            raise Throttled(f"{request.service} asks to slow down") from error

    def _send(self, request: AwsRequest) -> Answer:
        target = TARGETS.get(request.service)
        if target is None:
            return _by_botocore(self.client(request.service), request)
        body = json.dumps(request.arguments, separators=(",", ":")).encode()
        pool = self._pools.get(request.service) or self._pool(request.service)
        headers = {"host": pool.host, "content-type": CONTENT_TYPE, "x-amz-target": f"{target}.{request.operation}"}
        scope = (self.endpoint.region, request.service)
        sent = signed(self.endpoint.keys(), scope, headers, body, at=self.clock.now())
        status, text = pool.post(sent, body, read_seconds=READ_SECONDS + request.arguments.get("WaitTimeSeconds", 0))
        return _parsed(status, text)

    def _pool(self, service: str) -> HttpPool:
        with self._lock:
            return self._pools.setdefault(service, HttpPool(self.endpoint.endpoint(service)))


def is_retryable(error: Refused | Unreached) -> bool:
    """Return True if the same call may succeed in a moment."""
    if isinstance(error, Unreached) or error.code in THROTTLES or error.code in OUTAGES:
        return True
    # If a condition in the same transaction failed too, a retry would fail as well.
    return error.code == CANCELLED and set(error.reasons) - {"None"} <= THROTTLES and bool(error.reasons)


def _parsed(status: int, text: bytes) -> Answer:
    try:
        answer: Answer = json.loads(text) if text else {}
    except ValueError:
        answer = {}
    if status < 300:
        return answer
    name = str(answer.get("__type", "")).rpartition("#")[2] or ("InternalError" if status >= 500 else "Unknown")
    raise Refused(name, str(answer.get("message") or answer.get("Message") or f"HTTP {status}"), answer)


def _by_botocore(client: Any, request: AwsRequest) -> Answer:  # noqa: ANN401 - botocore's clients have no types
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        # The method that botocore's own client methods call; PynamoDB uses it as well.
        answer: Answer = client._make_api_call(request.operation, dict(request.arguments))
    except ClientError as error:
        detail = error.response.get("Error", {})
        raise Refused(str(detail.get("Code", "Unknown")), str(detail.get("Message", "")), error.response) from error
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
