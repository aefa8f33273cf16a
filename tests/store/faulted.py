"""A seam that counts the calls to AWS and spoils one of them, for tests of what comes of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock

from chalicelib.aws.calls import Answer, Ask, Aws, Chance, Refused, Send
from chalicelib.aws.wire import Unreached
from chalicelib.store.dynamo.tables import Tables

Spoil = Callable[[Ask, Send], Answer]


class Died(BaseException):
    """The process died here: nothing after it runs."""


def dies_before(ask: Ask, _send: Send) -> Answer:
    """The process dies before the call takes effect."""
    raise Died(ask.operation)


def dies_after(ask: Ask, send: Send) -> Answer:
    """The process dies after the call took effect."""
    send(ask)
    raise Died(ask.operation)


def throttled(_ask: Ask, _send: Send) -> Answer:
    """AWS asks to slow down."""
    raise Refused("ThrottlingException", "slow down", {})


def lost_asking(ask: Ask, _send: Send) -> Answer:
    """The asking is lost on its way."""
    raise Unreached(ask.operation)


def lost_reply(ask: Ask, send: Send) -> Answer:
    """The call takes effect and its reply is lost."""
    send(ask)
    raise Unreached(ask.operation)


def sent_twice(ask: Ask, send: Send) -> Answer:
    """The network delivers the call twice; the second answer is the one that is seen."""
    send(ask)
    return send(ask)


@dataclass(kw_only=True)
class Faulted:
    """Counts calls from 1 and spoils the one of a number. spoilt: the call that was."""

    number: int = 0
    spoil: Spoil = throttled
    asked: list[Ask] = field(default_factory=list)
    spoilt: Ask | None = None
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, ask: Ask, send: Send) -> Answer:
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


def over(aws: Aws, seam: Faulted) -> Aws:
    """The same AWS, by connections of its own, seen through the seam; it never pauses."""
    chance = Chance(now=lambda: datetime.now(UTC), sleep=lambda _: None, dice=lambda: 0.0)
    return Aws(reach=aws.reach, chance=chance, seam=seam)


def tables_over(tables: Tables, seam: Faulted) -> Tables:
    """The same tables, seen through the seam."""
    return Tables(aws=over(tables.aws, seam), prefix=tables.prefix)
