"""How a queue's batch is worked off: the failed messages are named, so that only they come again."""

import json
import logging
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from chalicelib.kernel.faults import Fault

LOG = logging.getLogger("slipway")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One message of a batch. group: of a FIFO queue, else empty."""

    id: str
    body: str
    group: str


def records_of(event: dict[str, Any]) -> list[Record]:
    """The messages of a Lambda event from SQS, in order."""
    return [
        Record(id=one["messageId"], body=one["body"], group=one.get("attributes", {}).get("MessageGroupId", ""))
        for one in event["Records"]
    ]


def failures(ids: Iterable[str]) -> dict[str, Any]:
    """The answer that has these messages come again."""
    return {"batchItemFailures": [{"itemIdentifier": id_} for id_ in ids]}


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
