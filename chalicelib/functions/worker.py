"""Processing of SQS batches: only the failed messages are redelivered, and soon.

By default SQS redelivers a message only when its visibility timeout has expired, after minutes.
"""

import json
import logging
import traceback
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from chalicelib.gateways.queues import is_newer
from chalicelib.kernel.faults import Fault
from chalicelib.use_cases.ports.runs import Queue
from slipway_formats.frozen import frozen

MOST_DOUBLINGS = 16
LOG = logging.getLogger("slipway")


@frozen
class Record:
    """One message of a batch. group: of a FIFO queue, else empty. tries: how often it was received, including now.

    queue: its full name. receipt: SQS receipt handle of this delivery; empty if unknown.
    """

    id: str
    body: str
    group: str
    queue: str = ""
    receipt: str = ""
    tries: int = 1


@frozen
class Pauses:
    """Redelivery delays: the first two are the same, then each is twice the one before.

    first, longest: seconds.
    """

    first: int
    longest: int

    def after(self, tries: int) -> int:
        """Return the seconds until a message that failed so often is redelivered."""
        doublings = min(max(0, tries - 2), MOST_DOUBLINGS)
        return min(self.first << doublings, self.longest)


SOON = Pauses(first=1, longest=60)
"""Conflicts and throttles are short; what fails for a minute goes to the dead-letter queue, for somebody to look at."""


NEWER = Pauses(first=60, longest=900)
"""Of messages that a newer release wrote: they are left to it for most of an hour before they count as dead."""


def records_of(event: dict[str, Any]) -> list[Record]:
    """Return the messages of a Lambda event from SQS, in order."""
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
    """Set the redelivery delay of these messages and return the batch response that names them as failed."""
    records = list(failed)
    for one in records:
        if one.receipt:
            # If this fails, it is redelivered after its visibility timeout.
            pause = (NEWER if is_newer(one.body) else pauses).after(one.tries)
            delay = partial(queue.delay_message, one.queue, one.receipt, pause)
            attempt(delay, of=one.id, part="put off")
    return {"batchItemFailures": [{"itemIdentifier": one.id} for one in records]}


def attempt(work: Callable[[], object], /, **about: str) -> bool:
    """Run the work and return True; if it fails, log it once with its context and return False."""
    try:
        work()
    except Fault as fault:
        LOG.warning(json.dumps({"level": "warning", "kind": type(fault).__name__, "message": str(fault), **about}))
        return False
    except Exception as error:  # noqa: BLE001 - the queue worker's entry point: whatever it is, the message is redelivered
        entry = {"level": "error", "kind": type(error).__name__, "message": str(error), **about}
        LOG.error(json.dumps({**entry, "trace": traceback.format_exc(limit=8)}))
        return False
    return True
