"""An act as it went without a fault, call by call, and all that was there between its calls.

An attempt with a fault is told from memory up to where it strikes: it asks the same, so it gets the same answers, and
the stand-in holds what it held then. Once it asks anything else it is on its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock

from chalicelib.aws.calls import Answer, AwsRequest, Send
from tests.crash.house import Act, CrashHouse
from tests.crash.moment import Moment
from tests.crash.outcome import Outcome, outcome
from tests.crash.spoils import READS


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A call without a fault. before, after: all that was there."""

    ask: AwsRequest
    outcome: Outcome
    before: Moment
    after: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Tape:
    """The calls of an act from the first, and all that was there when it had ended."""

    heard: Sequence[Heard]
    end: Moment

    @property
    def asked(self) -> Sequence[AwsRequest]:
        """What was asked."""
        return [one.ask for one in self.heard]


def taped(house: CrashHouse, act: Act) -> Tape:
    """The act, done by a process without a fault."""
    hearing = _Hearing(house=house)
    act(house.ports(hearing))
    return Tape(heard=hearing.heard, end=house.moment(hearing.last))


@dataclass(kw_only=True)
class _Hearing:
    """Hears each call, one after the other. last: all that was there when it had been answered."""

    house: CrashHouse
    heard: list[Heard] = field(default_factory=list)
    last: Moment | None = None
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, ask: AwsRequest, send: Send) -> Answer:
        with self._lock:
            # Nothing but the calls of the act changes what the stand-in holds.
            before = self.house.moment(self.last)
            kept = outcome(ask, send)
            is_kept = ask.service == "sqs" or ask.operation in READS
            self.last = self.house.moment(before if is_kept else None)
            self.heard.append(Heard(ask=ask, outcome=kept, before=before, after=self.last))
        return kept.told()


@dataclass(kw_only=True)
class Recalled:
    """Answers from memory for as long as the same is asked, call by call."""

    house: CrashHouse
    heard: Sequence[Heard]
    is_lost: bool = False

    def answer(self, number: int, ask: AwsRequest, send: Send) -> Answer:
        """The answer to the call of a number."""
        self.is_lost = self.is_lost or number > len(self.heard) or self.heard[number - 1].ask != ask
        # Queues are in memory, and an act takes from them by itself.
        if self.is_lost or ask.service == "sqs":
            return send(ask)
        known = self.heard[number - 1]
        self.house.near.hold(known.after.held)
        return known.outcome.told()
