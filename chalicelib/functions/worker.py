"""How a queue's batch is worked off: the failed messages are named, so that only they come again, and soon.

Left alone, SQS shows a message again when its visibility has run out, which is minutes.
"""

import json
import logging
import traceback
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from chalicelib.kernel.faults import Fault
from chalicelib.kernel.frozen import frozen
from chalicelib.use_cases.ports.runs import Queue

MOST_DOUBLINGS = 16
LOG = logging.getLogger("slipway")


@frozen
class Record:
    """One message of a batch. group: of a FIFO queue, else empty. tries: how often it was received, this time too.

    queue: its full name. receipt: by which this delivery is known there; empty when nothing can be said of it.
    """

    id: str
    body: str
    group: str
    queue: str = ""
    receipt: str = ""
    tries: int = 1


@frozen
class Pauses:
    """How long a failed message stays away: the second time as long as the first, then twice as long each time.

    first, longest: seconds.
    """

    first: int
    longest: int

    def after(self, tries: int) -> int:
        """Seconds until a message that failed so often comes again."""
        doublings = min(max(0, tries - 2), MOST_DOUBLINGS)
        return min(self.first << doublings, self.longest)


SOON = Pauses(first=1, longest=60)
"""Rivals and throttles are soon gone; what fails for a minute is put among the dead, where somebody looks."""


def records_of(event: dict[str, Any]) -> list[Record]:
    """The messages of a Lambda event from SQS, in order."""
    return [_record(one, one.get("attributes", {})) for one in event["Records"]]


def _record(one: dict[str, Any], attributes: dict[str, str]) -> Record:
    return Record(
        id=one["messageId"],
        body=one["body"],
        group=attributes.get("MessageGroupId", ""),
        queue=one.get("eventSourceARN", "").rpartition(":")[2],
        receipt=one.get("receiptHandle", ""),
        tries=int(attributes.get("ApproximateReceiveCount", 1)),
    )


def come_again(queue: Queue, failed: Iterable[Record], pauses: Pauses) -> dict[str, Any]:
    """The answer that has these messages come again, each after its pause."""
    records = list(failed)
    for one in records:
        if one.receipt:
            # Should this fail, it comes when its visibility has run out.
            put_off = partial(queue.delay_message, one.queue, one.receipt, pauses.after(one.tries))
            attempt(put_off, of=one.id, part="put off")
    return {"batchItemFailures": [{"itemIdentifier": one.id} for one in records]}


def attempt(work: Callable[[], object], /, **about: str) -> bool:
    """Whether the work went well; if not, it is logged once, with what it was about, and comes again."""
    try:
        work()
    except Fault as fault:
        LOG.warning(json.dumps({"level": "warning", "kind": type(fault).__name__, "message": str(fault), **about}))
        return False
    except Exception as error:  # noqa: BLE001 - the queue worker's door: whatever it is, the message comes again
        words = {"level": "error", "kind": type(error).__name__, "message": str(error), **about}
        LOG.error(json.dumps({**words, "trace": traceback.format_exc(limit=8)}))
        return False
    return True
