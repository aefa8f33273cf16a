"""The ways in which a call to AWS goes wrong, and the interceptor at which one call of an act does."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Lock

from chalicelib.aws.calls import Answer, AwsRequest, Refused, Send
from chalicelib.aws.http_pool import Unreached
from tests.store.faulted import Died, dies_after, dies_before, sent_twice

Spoil = Callable[[AwsRequest, Send], Answer]
Earlier = Callable[[int, AwsRequest, Send], Answer]
"""What answers a call by its number."""


def throttled(_ask: AwsRequest, _send: Send) -> Answer:
    """AWS asks to slow down, longer than we insist."""
    raise Refused("ThrottlingException", "slow down", {})


def unheard(ask: AwsRequest, send: Send) -> Answer:
    """The call takes effect each time that we try, and no reply ever reaches us."""
    send(ask)
    raise Unreached(ask.operation)


def unknown(_number: int, ask: AwsRequest, send: Send) -> Answer:
    """Nothing is known: it is asked."""
    return send(ask)


ONCE: tuple[Spoil, ...] = (dies_before, dies_after, sent_twice)
"""A reply that is lost once is no other: the call is asked again at once, so it arrives twice."""
FOR_GOOD: tuple[Spoil, ...] = (throttled, unheard)
SPOILS = (*ONCE, *FOR_GOOD)
READS = frozenset(
    {"BatchGetItem", "GetItem", "GetObject", "GetQueueUrl", "GetSecretValue", "HeadObject", "ListParts", "Query"}
)
SHARD = re.compile(r'"(run|job)#\d\d"')

__all__ = ["SPOILS", "Died", "Spoil", "Struck", "spoils_of", "worth_spoiling"]


def worth_spoiling(asked: Sequence[AwsRequest]) -> Iterator[tuple[int, AwsRequest]]:
    """The calls by number; of those that ask alike of each shard the first, the last, one between and what finds."""
    shards: defaultdict[str, list[int]] = defaultdict(list)
    for number, ask in enumerate(asked, start=1):
        shards[_whose_shard(ask)].append(number)
    kept = {*shards.pop("", ())}
    # After one that finds something, another call follows.
    kept |= {number for numbers in shards.values() for number in numbers if number + 1 in kept}
    kept |= {number for numbers in shards.values() for number in (numbers[0], numbers[len(numbers) // 2], numbers[-1])}
    return ((number, asked[number - 1]) for number in sorted(kept))


def spoils_of(number: int, ask: AwsRequest, *, tells_others: bool) -> tuple[Spoil, ...]:
    """Its ways to go wrong that leave anything of their own. tells_others: whether the story calls others too.

    Who dies before a call leaves what the call before it has left, but for what was told to others between. A read
    leaves nothing: dying after it is dying before it, one that arrives or is asked again at once was never spoilt, and
    one that is never answered has failed for good like one that is throttled.
    """
    if tells_others:
        return SPOILS
    wrong = (throttled,) if ask.operation in READS else (dies_after, sent_twice, *FOR_GOOD)
    return (dies_before, *wrong) if number == 1 else wrong


def _whose_shard(ask: AwsRequest) -> str:
    """Of runs or of jobs, when it asks what is due in one of their shards."""
    if ask.arguments.get("IndexName") != "by_due":
        return ""
    shards = SHARD.findall(json.dumps(ask.arguments["ExpressionAttributeValues"]))
    return shards[0] if shards else ""


@dataclass(kw_only=True)
class Struck:
    """Counts the calls of an act from 1 and spoils the one of a number, again and again where the spoil is for good.

    earlier: answers those before it.
    """

    number: int = 0
    spoil: Spoil = throttled
    earlier: Earlier = unknown
    asked: list[AwsRequest] = field(default_factory=list)
    struck: AwsRequest | None = None
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, ask: AwsRequest, send: Send) -> Answer:
        """The answer, or what the spoiling makes of it."""
        with self._lock:
            is_again = ask is self.struck
            if not is_again:
                self.asked.append(ask)
                if len(self.asked) == self.number:
                    self.struck = ask
            is_spoilt = ask is self.struck and (not is_again or self.spoil in FOR_GOOD)
            if len(self.asked) < self.number:
                # One after the other: each answer says what the stand-in holds when the next is asked.
                return self.earlier(len(self.asked), ask, send)
        return self.spoil(ask, send) if is_spoilt else send(ask)
