"""A interceptor that counts the calls to AWS and spoils one of them, for tests of what comes of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock

from chalicelib.aws.calls import Answer, Aws, AwsRequest, Clock, Refused, Send
from chalicelib.aws.http_pool import Unreached
from chalicelib.store.dynamo.tables import Tables

Spoil = Callable[[AwsRequest, Send], Answer]


class Died(BaseException):
    """The process died here: nothing after it runs."""


def dies_before(ask: AwsRequest, _send: Send) -> Answer:
    """The process dies before the call takes effect."""
    raise Died(ask.operation)


def dies_after(ask: AwsRequest, send: Send) -> Answer:
    """The process dies after the call took effect."""
    send(ask)
    raise Died(ask.operation)


def throttled(_ask: AwsRequest, _send: Send) -> Answer:
    """AWS asks to slow down."""
    raise Refused("ThrottlingException", "slow down", {})


def lost_asking(ask: AwsRequest, _send: Send) -> Answer:
    """The asking is lost on its way."""
    raise Unreached(ask.operation)


def lost_reply(ask: AwsRequest, send: Send) -> Answer:
    """The call takes effect and its reply is lost."""
    send(ask)
    raise Unreached(ask.operation)


def sent_twice(ask: AwsRequest, send: Send) -> Answer:
    """The network delivers the call twice; the second answer is the one that is seen."""
    send(ask)
    return send(ask)


@dataclass(kw_only=True)
class Faulted:
    """Counts calls from 1 and spoils the one of a number. spoilt: the call that was."""

    number: int = 0
    spoil: Spoil = throttled
    asked: list[AwsRequest] = field(default_factory=list)
    spoilt: AwsRequest | None = None
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, ask: AwsRequest, send: Send) -> Answer:
        """The answer, or what the spoiling makes of it."""
        with self._lock:
            self.asked.append(ask)
            is_chosen = len(self.asked) == self.number
        if not is_chosen:
            return send(ask)
        self.spoilt = ask
        return self.spoil(ask, send)

    @property
    def operations(self) -> list[str]:
        """What was asked, in order."""
        return [ask.operation for ask in self.asked]


def over(aws: Aws, interceptor: Faulted) -> Aws:
    """The same AWS, by connections of its own, seen through the interceptor; it never pauses."""
    clock = Clock(now=lambda: datetime.now(UTC), sleep=lambda _: None, dice=lambda: 0.0)
    return Aws(endpoint=aws.endpoint, clock=clock, interceptor=interceptor)


def tables_over(tables: Tables, interceptor: Faulted) -> Tables:
    """The same tables, seen through the interceptor."""
    return Tables(aws=over(tables.aws, interceptor), prefix=tables.prefix)
