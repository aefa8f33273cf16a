"""Every call to AWS, by one way: so that a test can see, fail, delay or repeat any single one of them.

DynamoDB and SQS go over our own wire (wire.py says why), other services over botocore, which is imported with the first
such call. Retries are ours alone: a throttle, a conflict of transactions or no answer is tried again with jitter.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any

from chalicelib.aws.reach import Reach
from chalicelib.aws.signing import CONTENT_TYPE, signed
from chalicelib.aws.wire import CONNECT_SECONDS, READ_SECONDS, Unreached, Wire
from chalicelib.kernel.faults import Throttled, Unavailable
from chalicelib.kernel.frozen import frozen

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
"""After which the same call may succeed in a moment."""

OUTAGES = frozenset({"InternalServerError", "InternalError", "InternalFailure", "ServiceUnavailable"})
CANCELLED = "TransactionCanceledException"

Answer = dict[str, Any]


@frozen
class Ask:
    """One call. service and operation: as botocore names them, `dynamodb` and `PutItem`."""

    service: str
    operation: str
    arguments: Mapping[str, Any]


class Refused(Exception):  # noqa: N818 - says what happened, as the faults do
    """AWS said no. code: its word for it. answer: the whole of it, with `Item` or `CancellationReasons`."""

    def __init__(self, code: str, message: str, answer: Answer) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.answer = answer

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why each write of a transaction was refused, in order; `None` for one that was not."""
        return tuple(one.get("Code") or "None" for one in self.answer.get("CancellationReasons") or ())


Send = Callable[[Ask], Answer]
Seam = Callable[[Ask, Send], Answer]
"""Stands between every attempt and AWS: it may send, raise Refused or Unreached instead or after, or send twice."""


def through(ask: Ask, send: Send) -> Answer:
    """The seam that does nothing."""
    return send(ask)


@frozen
class Chance:
    """What calls need of the world. dice: from 0 to 1. now: true time, for signatures."""

    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    dice: Callable[[], float]


@dataclass(frozen=True, kw_only=True)
class Aws:
    """AWS, or what stands in for it. Safe for threads; made once a process."""

    reach: Reach
    chance: Chance
    seam: Seam = through
    _wires: dict[str, Wire] = field(default_factory=dict, repr=False)
    _clients: dict[str, Any] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def call(self, service: str, operation: str, arguments: Mapping[str, Any]) -> Answer:
        """The answer to one call, tried again where that may help.

        Faults: Throttled, Unavailable; Refused for all that the caller must understand.
        """
        ask = Ask(service=service, operation=operation, arguments=arguments)
        for attempt in range(1, ATTEMPTS):
            try:
                return self.seam(ask, self._send)
            except (Refused, Unreached) as error:
                if not may_help_again(error):
                    raise
            self.chance.sleep(FIRST_PAUSE_SECONDS * 2**attempt * self.chance.dice())
        return self._last(ask)

    def client(self, service: str) -> Any:  # noqa: ANN401 - botocore's clients have no types
        """Botocore's client of a service: for presigned URLs. Calls go through `call`."""
        with self._lock:
            if service not in self._clients:
                self._clients[service] = _botocore_client(self.reach, service)
            return self._clients[service]

    def close(self) -> None:
        """Close what is open and idle."""
        for wire in list(self._wires.values()):
            wire.close()
        for client in list(self._clients.values()):
            client.close()

    def _last(self, ask: Ask) -> Answer:
        try:
            return self.seam(ask, self._send)
        except Unreached as error:
            raise Unavailable(f"{ask.service} does not answer") from error
        except Refused as error:
            if not may_help_again(error):
                raise
            if error.code in OUTAGES:
                raise Unavailable(f"{ask.service} is not available") from error
            raise Throttled(f"{ask.service} asks to slow down") from error

    def _send(self, ask: Ask) -> Answer:
        target = TARGETS.get(ask.service)
        if target is None:
            return _by_botocore(self.client(ask.service), ask)
        body = json.dumps(ask.arguments, separators=(",", ":")).encode()
        wire = self._wires.get(ask.service) or self._wire(ask.service)
        headers = {"host": wire.host, "content-type": CONTENT_TYPE, "x-amz-target": f"{target}.{ask.operation}"}
        scope = (self.reach.region, ask.service)
        sent = signed(self.reach.keys(), scope, headers, body, at=self.chance.now())
        status, text = wire.post(sent, body, read_seconds=READ_SECONDS + ask.arguments.get("WaitTimeSeconds", 0))
        return _understood(status, text)

    def _wire(self, service: str) -> Wire:
        with self._lock:
            return self._wires.setdefault(service, Wire(self.reach.endpoint(service)))


def may_help_again(error: Refused | Unreached) -> bool:
    """Whether the very same call may succeed in a moment."""
    if isinstance(error, Unreached) or error.code in THROTTLES or error.code in OUTAGES:
        return True
    # A condition that failed in the same transaction decides: trying again would fail as well.
    return error.code == CANCELLED and set(error.reasons) - {"None"} <= THROTTLES and bool(error.reasons)


def _understood(status: int, text: bytes) -> Answer:
    try:
        answer: Answer = json.loads(text) if text else {}
    except ValueError:
        answer = {}
    if status < 300:
        return answer
    name = str(answer.get("__type", "")).rpartition("#")[2] or ("InternalError" if status >= 500 else "Unknown")
    raise Refused(name, str(answer.get("message") or answer.get("Message") or f"HTTP {status}"), answer)


def _by_botocore(client: Any, ask: Ask) -> Answer:  # noqa: ANN401 - botocore's clients have no types
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        # The one door by which an operation's name becomes a call; PynamoDB goes through it as well.
        answer: Answer = client._make_api_call(ask.operation, dict(ask.arguments))
    except ClientError as error:
        told = error.response.get("Error", {})
        raise Refused(str(told.get("Code", "Unknown")), str(told.get("Message", "")), error.response) from error
    except BotoCoreError as error:
        raise Unreached(str(error)) from error
    return answer


def _botocore_client(reach: Reach, service: str) -> Any:  # noqa: ANN401 - botocore's clients have no types
    from botocore.config import Config
    from botocore.session import get_session

    keys = None if reach.is_searched else reach.keys()
    own = reach.endpoints.get(service) or reach.endpoints.get("*")
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
        region_name=reach.region,
        endpoint_url=own,
        aws_access_key_id=keys.access if keys else None,
        aws_secret_access_key=keys.secret if keys else None,
        aws_session_token=(keys.token or None) if keys else None,
        config=config,
    )
