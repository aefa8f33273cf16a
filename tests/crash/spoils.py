"""The ways in which a call to AWS goes wrong, and the seam at which one call of an act does."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from chalicelib.aws.calls import Answer, Ask, Refused, Send
from chalicelib.aws.wire import Unreached
from tests.store.faulted import Died, dies_after, dies_before, lost_reply, sent_twice

Spoil = Callable[[Ask, Send], Answer]


def throttled(_ask: Ask, _send: Send) -> Answer:
    """AWS asks to slow down, longer than we insist."""
    raise Refused("ThrottlingException", "slow down", {})


def unheard(ask: Ask, send: Send) -> Answer:
    """The call takes effect each time that we try, and no reply ever reaches us."""
    send(ask)
    raise Unreached(ask.operation)


ONCE: tuple[Spoil, ...] = (dies_before, dies_after, lost_reply, sent_twice)
FOR_GOOD: tuple[Spoil, ...] = (throttled, unheard)
SPOILS = (*ONCE, *FOR_GOOD)

__all__ = ["SPOILS", "Died", "Spoil", "Struck"]


@dataclass(kw_only=True)
class Struck:
    """Counts the calls of an act from 1 and spoils the one of a number, again and again where the spoil is for good."""

    number: int = 0
    spoil: Spoil = throttled
    asked: list[Ask] = field(default_factory=list)
    struck: Ask | None = None
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, ask: Ask, send: Send) -> Answer:
        """The answer, or what the spoiling makes of it."""
        with self._lock:
            is_again = ask is self.struck
            if not is_again:
                self.asked.append(ask)
                if len(self.asked) == self.number:
                    self.struck = ask
            is_spoilt = ask is self.struck and (not is_again or self.spoil in FOR_GOOD)
        return self.spoil(ask, send) if is_spoilt else send(ask)
